/** What a person reads before money is spent: while they choose a model, while they wait, and as a question where it is much. */
import type { APIMessage } from 'discord-api-types/v10'
import { expect, onTestFinished, test } from 'vitest'
import { buttonsOf } from '../../scripts/slash/playSteps.ts'
import { mediaOf, textOf, type PersonClient, type Sent } from '../../src/classroom/client.ts'
import { costlySchema } from '../../src/discord/costQuestion.ts'
import { isError } from '../../src/discord/render/errors.ts'
import { startDarkroom, type DarkroomOptions } from '../support/darkroom.ts'
import { drawn } from '../support/files.ts'
import { createMemoryBackend, paidModel, plainModel } from '../support/memoryBackend.ts'

type Rest = NonNullable<NonNullable<DarkroomOptions['classroom']>['rest']>

const YES = 'Draw it for about $0.10'

/** Ten cents a picture, and a person may spend twenty. */
async function open({
  rules = ['budget day:5 person:0.2'],
  rest,
  serverErrors = false,
}: { rules?: string[]; rest?: Rest; serverErrors?: boolean } = {}) {
  const emoji = createMemoryBackend({ isAuto: true, model: { ...plainModel, id: 'emoji' } })
  const supports = { ...paidModel.supports, img2img: true }
  const costly = createMemoryBackend({ id: 'shop', model: { ...paidModel, supports } })
  const darkroom = await startDarkroom({
    backends: [emoji, costly],
    serverErrors,
    ...(rest && { classroom: { rest } }),
  })
  onTestFinished(() => darkroom.close())
  const [ida, ben, mei] = await Promise.all(['Ida', 'Ben', 'Mei'].map((name) => darkroom.person(name)))
  for (const rule of rules) await (await ida!.slash(`/class ${rule}`)).answer()
  const spent = () => darkroom.services.budget.spent(darkroom.classroom.guildId, ben!.me.id)
  return { darkroom, costly, ida: ida!, ben: ben!, mei: mei!, spent }
}

const isPrivate = (message: APIMessage) => ((message.flags ?? 0) & 64) !== 0
const draftOf = (question: APIMessage) => buttonsOf(question)[0]?.custom_id?.split(':')[1] ?? ''
const find = async (person: PersonClient, { id }: APIMessage) =>
  (await person.messages('studio')).find((each) => each.id === id)

/** What is new in the channel, as the person sees it, once it says something. */
async function after(person: PersonClient, send: () => Promise<Sent>, count = 1): Promise<APIMessage[]> {
  const before = new Set((await person.messages('studio')).map(({ id }) => id))
  await (await send()).answer()
  const fresh = async () => (await person.messages('studio')).filter(({ id }) => !before.has(id))
  await expect
    .poll(async () => (await fresh()).filter(({ components }) => components?.length).length)
    .toBe(count)
  return fresh()
}

async function asked(person: PersonClient, command: string): Promise<APIMessage> {
  const [question] = await after(person, () => person.slash(command))
  expect(isPrivate(question!)).toBe(true)
  expect(buttonsOf(question!).map(({ label }) => label)).toEqual([YES, 'Cancel'])
  return question!
}

async function refusal(person: PersonClient, send: () => Promise<Sent>): Promise<string> {
  const [told] = await after(person, send)
  expect(isPrivate(told!)).toBe(true)
  expect(isError(told!.components ?? [])).toBe(true)
  return textOf(told!)
}

test('the price and what is left stand in the suggestions; what others read tells the price only', async () => {
  const { darkroom, costly, ben } = await open({ rules: ['budget day:5 person:0.5', 'limits person:7'] })
  const names = async (command: string) => (await ben.autocomplete(command)).map(({ name }) => name)
  const [emoji, paid] = await names('/imagine prompt:x model:')
  expect(emoji).toMatch(/\(free, ready\):/)
  expect(paid).toMatch(
    /^Paid colours \(about \$0\.10 a picture, ready; \$0\.50 and seven pictures left today\):/,
  )
  await (await ben.slash('/imagine prompt:cat model:paid')).answer()
  const newest = async () => textOf((await ben.messages('studio')).at(-1)!)
  await expect.poll(newest).toContain('About $0.10.')
  expect(await newest()).not.toContain('today')
  for (const command of ['/experiment variable:steps values:"1, 2" model:', '/remix prompt:x model:'])
    expect((await names(command)).join('\n')).toContain('$0.40 and six pictures left today')
  ;(await costly.called(1)).finish(0.1)
  await darkroom.bot.idle()
})

test('before much of what is left is spent it is asked in private, and one yes draws once', async () => {
  const { darkroom, costly, ben, mei, spent } = await open()
  const before = (await mei.messages('studio')).length
  const question = await asked(ben, '/imagine prompt:"a portrait" model:paid seed:5')
  expect(textOf(question)).toContain('“a portrait” would cost about **$0.10**. Shall it be drawn?')
  expect(textOf(question)).toContain('Left for today: $0.20 for you, $5.00 for the class.')
  expect([costly.calls.length, spent().classUsd]).toEqual([0, 0])
  expect((await mei.messages('studio')).length).toBe(before)

  // A restart forgets no question; two presses in the same instant are one yes.
  await darkroom.restart()
  const presses = await Promise.all([ben.press(question, YES), ben.press(question, YES)])
  await Promise.all(presses.map((press) => press.answer()))
  const call = await costly.called(1)
  expect(call.request).toMatchObject({ prompt: 'a portrait', seed: 5, model: 'paid' })
  expect(spent().personUsd).toBeCloseTo(0.1)
  call.finish(0.08)
  await darkroom.bot.idle()
  // What was answered says so, and asks no more.
  await expect.poll(async () => textOf((await find(ben, question))!)).toBe('You said yes; it is being drawn.')
  const answered = await find(ben, question)
  expect(isPrivate(answered!)).toBe(true)
  expect(buttonsOf(answered!)).toEqual([])
  const pictures = (await mei.messages('studio')).filter((message) => mediaOf(message).length > 0)
  expect(pictures.map((message) => textOf(message).includes('It cost $0.08.'))).toEqual([true])
  expect([costly.calls.length, spent().personUsd]).toEqual([1, 0.08])
})

test('a yes is drawn once also where the question cannot be edited', async () => {
  const { costly, darkroom, ben, spent } = await open({
    serverErrors: true,
    rest: ({ method, path }) =>
      method === 'PATCH' && /^\/webhooks\/.*\/messages\/\d+$/.test(path)
        ? { kind: 'answer', status: 404, body: { code: 10008, message: 'Unknown Message' } }
        : undefined,
  })
  const question = await asked(ben, '/imagine prompt:cat model:paid')
  await (await ben.press(question, YES)).answer()
  ;(await costly.called(1)).finish(0.1)
  await darkroom.bot.idle()
  expect(await refusal(ben, () => ben.press(question, YES))).toContain('This was used already')
  expect(await refusal(ben, () => ben.press(question, 'Cancel'))).toContain('This was used already')
  const pictures = (await ben.messages('studio')).filter((message) => mediaOf(message).length > 0)
  expect([pictures.length, costly.calls.length, spent().personUsd]).toEqual([1, 1, 0.1])
  const logged = darkroom.logs.map((line) => JSON.parse(line) as { level: string; msg?: string })
  expect(logged.find(({ msg }) => msg === 'a question that was answered stays as it was')?.level).toBe(
    'debug',
  )
})

test('Cancel draws and costs nothing, and what was cancelled cannot be drawn any more', async () => {
  const { costly, darkroom, ben, spent } = await open()
  const question = await asked(ben, '/imagine prompt:cat model:paid')
  await (await ben.press(question, 'Cancel')).answer()
  const answered = await find(ben, question)
  expect(textOf(answered!)).toBe('Not drawn, and nothing was spent.')
  expect(buttonsOf(answered!)).toEqual([])
  expect(() => darkroom.services.drafts.read(draftOf(question), ben.me.id, costlySchema)).toThrow(
    'used already',
  )
  expect([costly.calls.length, spent().classUsd]).toEqual([0, 0])
})

test('somebody else sees no question and cannot answer it', async () => {
  const { costly, darkroom, ben, mei } = await open()
  const question = await asked(ben, '/imagine prompt:cat model:paid')
  expect(await find(mei, question)).toBeUndefined()
  await expect(mei.press(question, YES)).rejects.toThrow('This message is gone')
  // The classroom stops that as Discord does; should it come through all the same, it finds no question of hers.
  expect(() => darkroom.services.drafts.take(draftOf(question), mei.me.id, costlySchema)).toThrow(
    'please begin again',
  )
  await (await ben.press(question, YES)).answer()
  ;(await costly.called(1)).finish(0.1)
  await darkroom.bot.idle()
})

test('what is refused anyway is not asked about, and a yes that comes too late is told why', async () => {
  const { costly, darkroom, ida, ben, spent } = await open()
  const imagine = (options: string) => refusal(ben, () => ben.slash(`/imagine model:paid ${options}`))
  expect(await imagine('prompt:cat count:4')).toContain('This would cost about $0.40, but only $0.20')
  expect(await imagine('prompt:"a nude"')).not.toContain('would cost')
  const question = await asked(ben, '/imagine prompt:cat model:paid')
  await after(ida, () => ida.slash('/class pause'))
  expect(await imagine('prompt:cat')).toContain('paused the class')
  expect(await refusal(ben, () => ben.press(question, YES))).toContain('paused the class')
  await after(ida, () => ida.slash('/class resume'))
  await after(ida, () => ida.slash('/class budget person:0.05'))
  expect(await refusal(ben, () => ben.press(question, YES))).toContain('only $0.05 of your $0.05')
  expect([costly.calls.length, spent().classUsd]).toEqual([0, 0])
  await after(ida, () => ida.slash('/class budget person:0.2'))
  await (await ben.press(question, YES)).answer()
  ;(await costly.called(1)).finish(0.1)
  await darkroom.bot.idle()
  expect(spent().personUsd).toBe(0.1)
})

test('a remix of a file asks, too: everyone sees that somebody is asked, and not for longer than that', async () => {
  const { costly, darkroom, ben, mei } = await open()
  const image = { name: 'a.png', data: await drawn(64, 64) }
  const begin = () => after(ben, () => ben.slash('/remix prompt:cat model:paid', undefined, { image }), 2)
  const [note, question] = await begin()
  expect(isPrivate(note!)).toBe(false)
  expect(textOf(note!)).toBe('Ben is asked first, because this costs money.')
  expect(isPrivate(question!)).toBe(true)
  await (await ben.press(question!, 'Cancel')).answer()
  await expect.poll(() => find(mei, note!)).toBeUndefined()

  const [second, again] = await begin()
  await darkroom.restart()
  await (await ben.press(again!, YES)).answer()
  const call = await costly.called(1)
  expect(call.request.initImage).toMatch(/^[0-9a-f]{64}$/)
  call.finish(0.1)
  await darkroom.bot.idle()
  expect(await find(mei, second!)).toBeUndefined()
  expect(mediaOf((await mei.messages('studio')).at(-1)!).length).toBeGreaterThan(0)
})

test('when the bot dies before it has asked, nobody reads for ever that somebody is asked', async () => {
  const { costly, darkroom, ben, mei } = await open()
  const { options } = darkroom.bot.client.rest
  const send = options.makeRequest.bind(options)
  let isDead = false
  // The question is the first follow-up.
  options.makeRequest = (url, init) => {
    isDead ||= init.method === 'POST' && url.includes('/webhooks/')
    return isDead ? Promise.reject(new Error('died')) : send(url, init)
  }
  const image = { name: 'a.png', data: await drawn(64, 64) }
  const known = (await ben.messages('studio')).length
  await (await ben.slash('/remix prompt:cat model:paid', undefined, { image })).answer()
  await expect.poll(() => isDead).toBe(true)
  const said = async () => (await ben.messages('studio')).slice(known).map((message) => textOf(message))
  expect(await said()).toEqual(['Ben is asked first, because this costs money.'])
  await darkroom.restart()
  await expect.poll(said).toEqual([expect.stringContaining('was not begun; please ask once more.')])
  expect((await mei.messages('studio')).map((message) => textOf(message)).join()).not.toContain('asked first')
  await expect.poll(() => darkroom.services.announced.left()).toEqual([])
  expect(costly.calls).toEqual([])
})
