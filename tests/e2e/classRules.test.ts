/** What instructors decide for their class, typed as people do, and what students then see. */
import type { APIMessage } from 'discord-api-types/v10'
import { expect, onTestFinished, test } from 'vitest'
import { mediaOf, textOf, type PersonClient } from '../../src/classroom/client.ts'
import { isError } from '../../src/discord/render/errors.ts'
import { startDarkroom, type Darkroom, type DarkroomOptions } from '../support/darkroom.ts'
import { createMemoryBackend, paidModel, plainModel } from '../support/memoryBackend.ts'

async function open(options: DarkroomOptions = {}) {
  const darkroom = await startDarkroom(options)
  onTestFinished(() => darkroom.close())
  const [ida, ben, mei] = await Promise.all(['Ida', 'Ben', 'Mei'].map((name) => darkroom.person(name)))
  return { darkroom, ida: ida!, ben: ben!, mei: mei! }
}

const newest = async (person: PersonClient) => (await person.messages('studio')).at(-1) as APIMessage
const isPrivate = (message: APIMessage) => ((message.flags ?? 0) & 64) !== 0

/** The private answer to a command that starts no job. */
async function note(person: PersonClient, command: string): Promise<string> {
  const before = new Set((await person.messages('studio')).map(({ id }) => id))
  await (await person.slash(command)).answer()
  const answer = async () => (await person.messages('studio')).find(({ id }) => !before.has(id))
  await expect.poll(async () => (await answer())?.components?.length).toBeGreaterThan(0)
  const message = (await answer()) as APIMessage
  expect(isPrivate(message)).toBe(true)
  return textOf(message)
}

/** The newest message after a command and all that follows from it. */
async function say(darkroom: Darkroom, person: PersonClient, command: string): Promise<APIMessage> {
  await (await person.slash(command)).answer()
  await darkroom.bot.idle()
  return newest(person)
}

/** A classroom with the embedded model (in memory) and one that costs ten cents a picture. */
async function openWithPaid() {
  const emoji = createMemoryBackend({ id: 'embedded', isAuto: true, model: { ...plainModel, id: 'emoji' } })
  const costly = createMemoryBackend({ id: 'replicate', model: paidModel })
  return { costly, ...(await open({ backends: [emoji, costly] })) }
}

test('a paused class accepts nothing new, draws what it had accepted, and goes on after /class resume', async () => {
  const backend = createMemoryBackend()
  const { darkroom, ida, ben, mei } = await open({ backends: [backend] })
  await (await ben.slash('/imagine prompt:one')).answer()
  const call = await backend.called(1)
  expect(await note(ida, '/class pause')).toContain('one job is waiting or being drawn')
  expect(await note(mei, '/imagine prompt:two')).toContain('Your instructor has paused the class')
  expect(await note(mei, '/status')).toContain('**The class is paused.**')
  expect(await note(ida, '/doctor')).toContain('❌ To mend: The class is paused.')
  call.finish()
  await darkroom.bot.idle()
  expect(mediaOf(await newest(ben)).length).toBe(1)
  await darkroom.restart()
  expect(await note(mei, '/imagine prompt:two')).toContain('paused')
  expect(backend.calls).toHaveLength(1)
  expect(await note(ida, '/class resume')).toContain('The class is open')
  await (await mei.slash('/imagine prompt:three')).answer()
  ;(await backend.called(2)).finish()
  await darkroom.bot.idle()
  expect(mediaOf(await newest(mei)).length).toBe(1)
})

test('nobody is billed by surprise: with nothing but a paid model one has to choose', async () => {
  const { costly, darkroom, ida, ben } = await openWithPaid()
  const sentence = await note(ben, '/imagine prompt:"a portrait"')
  expect(sentence).toBe(
    'Please choose a model: emoji (free), paid (about $0.10 a picture); an instructor can set one for the whole class with /class model.',
  )
  expect(textOf(await say(darkroom, ben, '/imagine prompt:cat model:emoji'))).toContain('Drawn by **emoji**')
  expect(await note(ida, '/class model model:paid')).toBe(
    'From now on **paid** draws when nobody names a model. It costs about $0.10 a picture. ' +
      'A day may cost $5.00 for the class together and $0.50 for each person.',
  )
  await (await ben.slash('/imagine prompt:"a portrait"')).answer()
  expect((await costly.called(1)).request.model).toBe('paid')
  costly.calls[0]?.finish(0.1)
  await darkroom.bot.idle()
  const again = await newest(ben)
  expect(await note(ida, '/class model model:automatic')).toContain('Please choose a model')
  // The button keeps the model of the picture, whatever the class draws with now.
  await (await ben.press(again, 'Again')).answer()
  expect((await costly.called(2)).request.model).toBe('paid')
  costly.calls[1]?.finish(0.1)
  await darkroom.bot.idle()
})

test('the price stands there before, the cost after, and the budget ends it', async () => {
  const { costly, darkroom, ida, ben, mei } = await openWithPaid()
  expect(await note(ida, '/class budget')).toContain(
    'A day may cost $5.00 for the class together and $0.50 for each person.',
  )
  expect(await note(ida, '/class budget day:0.3 person:0.2')).toContain('**paid** (about $0.10 a picture)')
  expect(await note(ben, '/imagine prompt:one model:paid')).toContain('Nothing has been spent yet.')
  await (await ben.press(await newest(ben), 'Draw it for about $0.10')).answer()
  await costly.called(1)
  await expect.poll(async () => textOf(await newest(ben))).toContain('About $0.10.')
  costly.calls[0]?.finish(0.03)
  await darkroom.bot.idle()
  expect(textOf(await newest(ben))).toContain('It cost $0.03.')
  expect(await note(ben, '/status')).toContain('Left for today: $0.17 for you, $0.27 for the class.')
  expect(await note(mei, '/status')).toContain('Left for today: $0.20 for you, $0.27 for the class.')
  const before = (await mei.messages('studio')).length
  expect(await note(ben, '/imagine prompt:two model:paid count:2')).toContain(
    'This would cost about $0.20, but only $0.17 of your $0.20 for today is left',
  )
  expect((await mei.messages('studio')).length).toBe(before)
  const gallery = (await mei.state()).threads[0]?.id ?? ''
  expect(textOf((await mei.messages(gallery)).at(-1) as APIMessage)).not.toContain('$')
})

test('/status and /doctor measure the real bot, and the doctor is for instructors', async () => {
  const { darkroom, ida, ben } = await open()
  expect(await note(ben, '/status')).toMatch(/\*\*emoji\*\*: ready, nobody waits, not measured yet, free/)
  await say(darkroom, ben, '/imagine prompt:cat seed:1 steps:4')
  const status = await note(ben, '/status')
  expect(status).toMatch(/\*\*emoji\*\*: ready, nobody waits, usually \d+\.\d s, free/)
  expect(status).toContain('When you name no model, **emoji** draws.')
  expect(status).not.toContain('$')
  const report = await note(ida, '/doctor')
  expect(report).toContain('**Nothing to mend.**')
  expect(report).toContain('embedded: ✅ up')
  expect(report).toMatch(/\*\*emoji\*\*: usually \d+\.\d s \(one job\)/)
  expect(report).toContain(`Node ${process.version}`)
  expect(await note(ben, '/doctor')).toBe('Only instructors can call the doctor.')
})

test('the doctor names a machine that is down, what to do, and its last failure', async () => {
  const backend = createMemoryBackend({
    id: 'auto1111-1',
    diagnose: () =>
      Promise.resolve([{ ok: false, sentence: 'The API is off.', mend: 'Start it with --api.' }]),
  })
  const { darkroom, ida, ben } = await open({ backends: [backend] })
  await (await ben.slash('/imagine prompt:"a secret cat"')).answer()
  ;(await backend.called(1)).fail(new TypeError('could not draw a secret cat'))
  await darkroom.bot.idle()
  const report = await note(ida, '/doctor')
  expect(report).toContain('❌ To mend: The API is off. **How:** Start it with --api.')
  expect(report).toMatch(/Last failure <t:\d+:R>: broke in a way that is not known/)
  expect(report).not.toContain('secret')
})

test('the rules are for instructors, and a model that is not there is not taken', async () => {
  const { ida, ben } = await open()
  for (const command of ['model model:emoji', 'budget day:100', 'pause', 'resume']) {
    await (await ben.slash(`/class ${command}`)).answer()
    const answer = await newest(ben)
    expect(isError(answer.components ?? [])).toBe(true)
    expect(textOf(answer)).toBe('Only instructors can see and change the rules of the class.')
  }
  expect(await note(ida, '/class model model:flux')).toBe('There is no model "flux"; choose one of: emoji.')
  expect(await note(ida, '/class model')).toContain('**emoji** draws (free)')
  const choices = await ida.autocomplete('/class model model:')
  expect(choices.map(({ value }) => value)).toEqual(['automatic', 'emoji'])
  expect(choices[1]?.name).toMatch(/\(free, ready\)/)
  // The embedded model has no LoRA, so nobody is asked for one.
  const imagine = (await ben.state()).commands.find(({ name }) => name === 'imagine')
  expect(imagine?.options?.map(({ name }) => name)).not.toContain('lora')
})

test('what single models can do besides is offered, drawn and said', async () => {
  const named = (...ids: string[]) => ids.map((id) => ({ id, help: '' }))
  const extras = {
    loras: named('paper'),
    vaes: named('mse'),
    styles: named('Poster'),
    upscalers: named('Latent'),
    refiners: [],
    embeddings: [],
  }
  const backend = createMemoryBackend({ isAuto: true, model: { ...plainModel, extras } })
  const { darkroom, ben } = await open({ backends: [backend] })
  expect((await ben.autocomplete('/imagine prompt:x lora:pa')).map(({ value }) => value)).toEqual(['paper'])
  const message = await say(darkroom, ben, '/imagine prompt:cat lora:paper:0.5 style:poster hires:2x')
  expect(textOf(message)).toContain('With LoRA **paper** (weight 0.5). Style **Poster**. Hires fix')
  expect(backend.calls[0]?.request).toMatchObject({
    loras: [{ name: 'paper', weight: 0.5 }],
    styles: ['Poster'],
    hires: { scale: 2, upscaler: 'Latent' },
  })
})
