/** The line as people see it: places, times, /queue, limits of a day, instructors first. */
import type { APIMessage } from 'discord-api-types/v10'
import { expect, onTestFinished, test } from 'vitest'
import { mediaOf, textOf, type PersonClient } from '../../src/classroom/client.ts'
import { BackendError } from '../../src/errors.ts'
import { startDarkroom, type DarkroomOptions } from '../support/darkroom.ts'
import { createMemoryBackend } from '../support/memoryBackend.ts'

async function open(options: DarkroomOptions = {}) {
  const backend = createMemoryBackend()
  const darkroom = await startDarkroom({ backends: [backend], ...options })
  onTestFinished(() => darkroom.close())
  const [ida, ben, mei] = await Promise.all(['Ida', 'Ben', 'Mei'].map((name) => darkroom.person(name)))
  return { backend, darkroom, ida: ida!, ben: ben!, mei: mei! }
}

const newest = async (person: PersonClient) => (await person.messages('studio')).at(-1) as APIMessage
const again = async (person: PersonClient, { id }: APIMessage) =>
  (await person.messages('studio')).find((message) => message.id === id) as APIMessage

/** The private answer to a command that starts no job. */
async function note(person: PersonClient, command: string): Promise<APIMessage> {
  const before = new Set((await person.messages('studio')).map(({ id }) => id))
  await (await person.slash(command)).answer()
  const answer = async () => (await person.messages('studio')).find(({ id }) => !before.has(id))
  await expect.poll(async () => (await answer())?.components?.length).toBeGreaterThan(0)
  const message = (await answer()) as APIMessage
  expect((message.flags ?? 0) & 64).toBe(64)
  return message
}

const ask = async (person: PersonClient, command: string) => {
  await (await person.slash(command)).answer()
  return newest(person)
}

const labels = ({ components }: APIMessage): string[] =>
  [...JSON.stringify(components).matchAll(/"label":"([^"]+)"/g)].map(([, label]) => label ?? '')

test('the message says which place it is and how long it will take, as soon as that is known', async () => {
  const { backend, darkroom, ben, mei } = await open()
  await ask(ben, '/imagine prompt:one')
  await backend.called(1)
  const unknown = await ask(mei, '/imagine prompt:two')
  await expect
    .poll(async () => textOf(await again(mei, unknown)))
    .toContain('You are next in line. How long it takes is not known yet.')
  backend.calls[0]!.finish()
  ;(await backend.called(2)).finish()
  await darkroom.bot.idle()
  await ask(ben, '/imagine prompt:three')
  await backend.called(3)
  await ask(ben, '/imagine prompt:four')
  const known = await ask(ben, '/imagine prompt:five')
  await expect
    .poll(async () => textOf(await again(ben, known)))
    .toMatch(/Place 2 in line: one request comes first\. It will be ready in (a few|about \d+) seconds\./)
  expect(textOf(await note(ben, '/status'))).toMatch(
    /Your next one: You are next in line\. It will be ready in (a few|about \d+) seconds\./,
  )
  for (let i = 3; i <= 5; i += 1) (await backend.called(i)).finish()
  await darkroom.bot.idle()
})

test('/queue says who waits for what, never with which words of others, and cancels what is yours', async () => {
  const { backend, darkroom, ida, ben, mei } = await open()
  expect(textOf(await note(ben, '/queue'))).toContain('**Nobody waits, and nothing is being drawn.**')
  await ask(ben, '/imagine prompt:"a secret garden"')
  await backend.called(1)
  await ask(mei, '/imagine prompt:"a quiet lake" count:2')
  await ask(ben, '/imagine prompt:"a loud street"')

  const ofMei = await note(mei, '/queue')
  expect(textOf(ofMei)).toContain('**One request is being drawn, two wait.**')
  expect(textOf(ofMei)).toMatch(
    /Being drawn, \*\*Ben\*\*: a picture; asked <t:\d+:R>, how long is not known yet/,
  )
  expect(textOf(ofMei)).toContain('Place 1, **you**: two pictures, “a quiet lake”')
  expect(textOf(ofMei)).toContain('Place 2, **Ben**: a picture;')
  expect(JSON.stringify(ofMei)).not.toMatch(/secret|loud/)
  expect(labels(ofMei)).toEqual(['Cancel mine (place 1: two pictures)', 'Look again'])

  await (await mei.press(ofMei, 'Cancel mine (place 1: two pictures)')).answer()
  await expect.poll(async () => textOf(await again(mei, ofMei))).toContain('one waits')
  expect(labels(await again(mei, ofMei))).toEqual(['Look again'])

  const ofIda = await note(ida, '/queue')
  expect(JSON.stringify(ofIda)).not.toMatch(/secret|loud/)
  expect(labels(ofIda)).toEqual([
    'Cancel that of Ben (being drawn: a picture)',
    'Cancel that of Ben (place 1: a picture)',
    'Look again',
    'Pause: accept nothing new',
  ])
  await (await ida.press(ofIda, 'Cancel that of Ben (being drawn: a picture)')).answer()
  ;(await backend.called(2)).finish()
  await darkroom.bot.idle()
  const texts = (await ben.messages('studio')).map(textOf)
  expect(texts.filter((text) => text.startsWith('Cancelled:'))).toHaveLength(2)
  expect(texts.some((text) => text.includes('loud street') && !text.startsWith('Cancelled'))).toBe(true)
  await (await mei.press(await again(mei, ofMei), 'Look again')).answer()
  await expect.poll(async () => textOf(await again(mei, ofMei))).toContain('Nobody waits')
})

test('students are offered nothing that is another’s; instructors pause and resume from /queue', async () => {
  const { backend, darkroom, ida, ben, mei } = await open()
  await ask(ben, '/imagine prompt:one')
  await backend.called(1)
  const ofMei = await note(mei, '/queue')
  expect(labels(ofMei)).toEqual(['Look again'])

  const ofIda = await note(ida, '/queue')
  await (await ida.press(ofIda, 'Pause: accept nothing new')).answer()
  await expect.poll(async () => textOf(await again(ida, ofIda))).toContain('The class is paused')
  expect(textOf(await note(mei, '/imagine prompt:two'))).toContain('Your instructor has paused the class')
  await (await ida.press(await again(ida, ofIda), 'Resume: accept new requests')).answer()
  await expect.poll(async () => textOf(await again(ida, ofIda))).not.toContain('paused')
  await ask(mei, '/imagine prompt:three')
  backend.calls[0]!.finish()
  ;(await backend.called(2)).finish()
  await darkroom.bot.idle()
})

test('an instructor limits pictures a day; people see what is left, and an experiment counts its cells', async () => {
  const { backend, darkroom, ida, ben, mei } = await open()
  expect(textOf(await note(ida, '/class limits'))).toContain(
    'Each person: as many pictures as they like. The class together: as many pictures as they like.',
  )
  expect(textOf(await note(ida, '/class limits person:5 day:9'))).toContain(
    'Each person: five pictures a day. The class together: nine pictures a day.',
  )
  await ask(ben, '/imagine prompt:one count:3')
  ;(await backend.called(1)).finish()
  await darkroom.bot.idle()
  expect(textOf(await note(ben, '/status'))).toContain(
    'Left for today: two pictures for you, six pictures for the class.',
  )
  const form = await (await ben.slash('/experiment variable:steps values:"1, 2, 3" prompt:x')).answer()
  expect(JSON.stringify(form)).toContain('Left for today: two pictures for you')
  await ben.fill(form, { 'What do you expect?': 'more detail' })
  await expect
    .poll(async () => textOf(await newest(ben)))
    .toContain('Your limit is 5 pictures a day and only 2 are left, but this makes 3')
  expect(backend.calls).toHaveLength(1)
  expect(textOf(await note(mei, '/status'))).toContain('five pictures for you, six pictures for the class')
  expect(textOf(await note(ben, '/class limits person:50'))).toContain('Only instructors')
  await note(ida, '/class limits person:0 day:0')
  expect(textOf(await note(ben, '/status'))).not.toContain('Left for today')
})

test('instructors go first when the class says so, and not before', async () => {
  const { backend, darkroom, ida, ben } = await open()
  await ask(ben, '/imagine prompt:one')
  await backend.called(1)
  await ask(ben, '/imagine prompt:two')
  await ask(ida, '/imagine prompt:waits')
  expect(textOf(await note(ben, '/class priority on'))).toContain('Only instructors')
  expect(textOf(await note(ida, '/class priority on'))).toContain('is drawn before everything that waits')
  await ask(ben, '/imagine prompt:three')
  await ask(ida, '/imagine prompt:first')
  await ask(ida, '/imagine prompt:second')
  expect(textOf(await note(ida, '/class priority off'))).toContain('like everyone else')
  for (let i = 1; i <= 6; i += 1) (await backend.called(i)).finish()
  await darkroom.bot.idle()
  const prompts = backend.calls.map(({ request }) => request.prompt)
  expect(prompts.slice(0, 3)).toEqual(['one', 'first', 'second'])
})

test('a machine that is out of memory gives the picture to another one, and nobody notices', async () => {
  const [small, large] = [createMemoryBackend({ id: 'small' }), createMemoryBackend({ id: 'large' })]
  const { darkroom, ben, ida } = await open({ backends: [small, large] })
  const message = await ask(ben, '/imagine prompt:"a large picture"')
  ;(await small.called(1)).fail(new BackendError('small', 'out-of-memory', 'no'))
  ;(await large.called(1)).finish()
  await darkroom.bot.idle()
  expect(mediaOf(await again(ben, message))).toHaveLength(1)

  // A machine that breaks is told of, and set aside.
  await ask(ben, '/imagine prompt:two')
  ;(await small.called(2)).fail(new BackendError('small', 'unavailable', 'gone'))
  await large.called(2)
  expect(textOf(await note(ida, '/doctor'))).toContain('Set aside because it failed; one job tries it again')
  expect(textOf(await note(ben, '/status'))).toContain('**plain**: ready')
  large.calls[1]!.finish()
  await darkroom.bot.idle()
})
