/** A student draws on the class's own machine, from the front door. */
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { mediaOf, textOf } from '../../src/classroom/client.ts'
import { isError } from '../../src/discord/render/errors.ts'
import { startDarkroom } from '../support/darkroom.ts'
import { useFake } from '../support/useAuto1111.ts'

test('/imagine draws with the model of the machine, whose password is in no log', async () => {
  const fake = await useFake({ msPerStep: 5, auth: 'bot:sesame' })
  const darkroom = await startDarkroom({ config: { auto1111Urls: [fake.address] } })
  onTestFinished(() => darkroom.close())
  const ben = await darkroom.person('Ben')
  const models = (await ben.autocomplete('/imagine prompt:x model:water')).map(({ value }) => value)
  expect(models).toEqual(['class_watercolour'])
  const samplers = await ben.autocomplete('/imagine prompt:x model:class_watercolour sampler:heu')
  expect(samplers.map(({ value }) => value)).toEqual(['Heun'])

  const sent = await ben.slash('/imagine prompt:"a lighthouse" model:class_watercolour seed:7 sampler:Heun')
  await sent.answer()
  await darkroom.bot.idle()
  const message = (await ben.messages('studio')).at(-1)
  if (message === undefined) throw new Error('no message')
  for (const words of ['a lighthouse', 'watercolour', 'Heun', '**7**'])
    expect(textOf(message)).toContain(words)
  const [{ url } = { url: '' }] = mediaOf(message)
  const picture = sharp(await (await fetch(url)).arrayBuffer())
  expect(await picture.metadata()).toMatchObject({ format: 'png', width: 512, height: 512 })
  expect(fake.jobs()[0]).toMatchObject({ prompt: 'a lighthouse', seed: 7, sampler_name: 'Heun' })
  expect(darkroom.logs.join('')).not.toMatch(/sesame/)
})

test('a student reads one sentence when the memory of the machine is too small', async () => {
  const fake = await useFake({ msPerStep: 1 })
  const darkroom = await startDarkroom({ config: { auto1111Urls: [fake.address] } })
  onTestFinished(() => darkroom.close())
  const ben = await darkroom.person('Ben')
  fake.fail({ kind: 'raise', error: 'OutOfMemoryError', message: 'CUDA out of memory.', step: 1 })
  await (await ben.slash('/imagine prompt:"a lighthouse"')).answer()
  await darkroom.bot.idle()
  const errors = (await ben.messages('studio')).filter(({ components }) => isError(components ?? []))
  expect(errors.map(textOf).join()).toContain('please choose a smaller size')
})
