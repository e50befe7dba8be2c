/** From a typed command to a picture of Replicate, with the whole bot and a stand-in on loopback. */
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mediaOf, textOf, type PersonClient } from '../../src/classroom/client.ts'
import { isError } from '../../src/discord/render/errors.ts'
import { startDarkroom, type Darkroom } from '../support/darkroom.ts'
import { startFakeReplicate, TOKEN, type FakeReplicate } from '../support/fakeReplicate/index.ts'

let fake: FakeReplicate
let darkroom: Darkroom
let ben: PersonClient

beforeAll(async () => {
  fake = await startFakeReplicate({ predictMs: 200 })
  darkroom = await startDarkroom({
    config: { replicateApiToken: TOKEN, replicateApiUrl: fake.apiUrl, replicateFileHosts: [fake.fileHost] },
  })
  ben = await darkroom.person('Ben')
})
afterAll(async () => {
  await darkroom.close()
  await fake.close()
})

async function draw(options: string) {
  const answer = await (await ben.slash(`/imagine ${options}`)).answer()
  expect(answer.state).not.toBe('failed')
  await darkroom.bot.idle()
  return (await ben.messages('studio')).at(-1)
}

test('/imagine draws with the model that was chosen, and shows what was bought', async () => {
  const message = await draw('prompt:"a lighthouse in fog" model:sdxl seed:7 steps:8 negative:people')
  expect(
    fake.predictions.map(({ input }) => [input['prompt'], input['negative_prompt'], input['seed']]),
  ).toEqual([['a lighthouse in fog', 'people', 7]])
  if (!message) throw new Error('no message')
  for (const words of ['a lighthouse in fog', '8 steps', '**7**']) expect(textOf(message)).toContain(words)
  const [media] = mediaOf(message)
  const bytes = await (await fetch(media?.url ?? '')).arrayBuffer()
  const { width, height, format } = await sharp(Buffer.from(bytes)).metadata()
  expect([width, height, format]).toEqual([1024, 1024, 'png'])
})

test('money is spent only for a model that was chosen', async () => {
  const before = fake.purchases().length
  await draw('prompt:"a red heart" steps:4')
  expect(fake.purchases()).toHaveLength(before)
})

test('How was this made? shows the states of the very run that one purchase drew', async () => {
  const before = fake.purchases().length
  const message = await draw('prompt:"a green hill" model:sdxl-filmstrip size:small steps:10')
  if (!message) throw new Error('no message')
  expect(fake.purchases()).toHaveLength(before + 1)
  await (await ben.press(message, 'How was this made?')).answer()
  await darkroom.bot.idle()
  const explanation = (await ben.messages('studio')).at(-1)
  if (!explanation) throw new Error('no explanation')
  expect(textOf(explanation)).toContain('7 of 10 steps were seen (shown: steps 1, 2, 4, 5, 6, 7 and 9)')
  expect(textOf(explanation)).toContain('Each frame is the noisy state after that step')
  expect(mediaOf(explanation).map(({ name }) => name.replace(/-.*\./, '.'))).toEqual([
    'seen.gif',
    'seen.png',
    'schedule.png',
  ])
})

test('a restart in the middle buys nothing again', async () => {
  const before = fake.predictions.length
  fake.settings.predictMs = 3000
  await (await ben.slash('/imagine prompt:"a slow boat" model:sdxl seed:9')).answer()
  while (fake.predictions.length === before) await new Promise((resolve) => setTimeout(resolve, 20))
  await darkroom.restart()
  await darkroom.bot.idle()
  fake.settings.predictMs = 200
  expect(fake.predictions.slice(before).map(({ canceledAt }) => canceledAt)).toEqual([undefined])
  const message = (await ben.messages('studio')).at(-1)
  expect(message && mediaOf(message)).toHaveLength(1)
})

test('a failure is told in words, without the key, which no log holds', async () => {
  fake.faults.status = ({ method }) => (method === 'POST' ? 402 : undefined)
  const message = await draw('prompt:"a green door" model:sdxl')
  fake.faults.status = () => undefined
  if (!message) throw new Error('no message')
  expect(isError(message.components ?? [])).toBe(true)
  expect(textOf(message)).toContain('credit at Replicate is used up')
  expect(darkroom.logs.join('')).not.toContain(TOKEN)
  expect(darkroom.logs.join('')).not.toContain(fake.fileHost)
})
