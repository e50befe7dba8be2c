/** /lesson from the front door: posted, read, answered, reported, imported. */
import type { APIMessage } from 'discord-api-types/v10'
import { ChannelType } from 'discord.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mediaOf, textOf, type PersonClient } from '../../src/classroom/client.ts'
import { isError } from '../../src/discord/render/errors.ts'
import { buttonsOf } from '../../scripts/slash/playSteps.ts'
import { startDarkroom, type Darkroom } from '../support/darkroom.ts'
import { lessonText } from '../support/lessonText.ts'

let darkroom: Darkroom
let ida: PersonClient
let ben: PersonClient
let mei: PersonClient

beforeAll(async () => {
  darkroom = await startDarkroom()
  ida = await darkroom.person('Ida')
  ben = await darkroom.person('Ben')
  mei = await darkroom.person('Mei')
})
afterAll(() => darkroom.close())

const isPrivate = (message: APIMessage) => ((message.flags ?? 0) & 64) !== 0
const labels = (message: APIMessage) => buttonsOf(message).map(({ label }) => label)

/** The last private message to a person after a command, when the bot has finished it. */
async function answerTo(person: PersonClient, command: string, file?: string): Promise<APIMessage> {
  const files = file === undefined ? {} : { file: { name: 'colour.md', data: Buffer.from(file) } }
  const known = (await person.messages('studio')).length
  await (await person.slash(command, 'studio', files)).answer()
  const newest = async () => (await person.messages('studio')).slice(known).findLast(isPrivate)
  await expect
    .poll(async () => textOf((await newest()) ?? ({ content: '', embeds: [] } as unknown as APIMessage)), {
      timeout: 10_000,
    })
    .not.toBe('')
  return (await newest()) as APIMessage
}

/** The messages of a lesson posted into #lessons. */
async function posted(title: string): Promise<APIMessage[]> {
  const before = (await ida.messages('lessons')).length
  const answer = await answerTo(ida, `/lesson post lesson:"${title}"`)
  expect(textOf(answer)).toContain('is posted: https://')
  return (await ida.messages('lessons')).slice(before)
}

describe('/lesson post', () => {
  test('puts the lesson into the lessons channel, with figures, experiments and questions', async () => {
    const messages = await posted('Samplers, steps and seeds')
    expect(messages.length).toBeGreaterThan(1)
    const text = messages.map(textOf).join('\n')
    for (const words of [
      '# Samplers, steps and seeds',
      'Try it: When does it settle?',
      'What does the seed set?',
      'part 2 of 2',
    ])
      expect(text).toContain(words)
    const figures = messages.flatMap(mediaOf)
    expect(figures.map(({ name }) => name)).toContain('four-seeds.png')
    for (const { description } of figures) expect(description?.length).toBeGreaterThan(20)
    const ids = JSON.stringify(messages.map(({ components }) => components))
    expect(ids).toContain('experiment:04-samplers-steps-and-seeds/settle')
    expect(ids).toContain('answer:04-samplers-steps-and-seeds/seed-meaning/0')
  })

  test('puts it where it was asked: this channel, or a new thread', async () => {
    const before = (await ben.messages('studio')).length
    await answerTo(ida, '/lesson post lesson:05-remixing where:here')
    const here = (await ben.messages('studio')).slice(before).map(textOf).join('\n')
    expect(here).toContain('# Remixing')
    await answerTo(ida, '/lesson post lesson:05-remixing where:thread')
    const thread = (await ida.state()).threads.find(({ name }) => name === 'Remixing')
    const inThread = await ben.messages(thread?.id ?? '')
    expect(inThread.map(textOf).join('\n')).toContain('# Remixing')
  })

  test('puts it into a forum as one post with all its pages', async () => {
    const guild = darkroom.bot.client.guilds.cache.first()
    const forum = await guild?.channels.create({ name: 'questions', type: ChannelType.GuildForum })
    const answer = await answerTo(ida, '/lesson post lesson:05-remixing forum:questions')
    const post = (await ida.state()).threads.find(
      (thread) => 'parent_id' in thread && thread.parent_id === forum?.id,
    )
    expect(textOf(answer)).toContain(`/${post?.id}/${post?.id}`)
    const pages = await ben.messages(post?.id ?? '')
    expect(pages.map(textOf).join('\n')).toContain('part 2 of 2')
    expect(pages.flatMap(mediaOf).length).toBeGreaterThan(0)
    await forum?.delete()
  })

  test('is not for students, who can read in private', async () => {
    const refused = await answerTo(ben, '/lesson post lesson:05-remixing')
    expect(isError(refused.components ?? [])).toBe(true)
    expect(textOf(refused)).toContain('/lesson preview')
  })

  test('says where to look when there is no such lesson, and asks for the forum', async () => {
    expect(textOf(await answerTo(ida, '/lesson post lesson:nonsense'))).toContain('/lesson list')
    expect(textOf(await answerTo(ida, '/lesson post lesson:05-remixing where:forum'))).toContain(
      'choose the forum',
    )
  })
})

test('/lesson preview turns pages in private', async () => {
  const first = await answerTo(ben, '/lesson preview lesson:"The diffusion process"')
  expect(isPrivate(first)).toBe(true)
  expect(labels(first)).toEqual(['Continue'])
  await (await ben.press(first, 'Continue')).answer()
  const now = async () => (await ben.messages('studio')).find(({ id }) => id === first.id) as APIMessage
  await expect.poll(async () => textOf(await now())).toContain('part 2 of 2')
  expect(labels(await now())).toContain('Back')
})

test('/lesson list and the suggestions know all lessons', async () => {
  const list = await answerTo(mei, '/lesson list')
  expect(textOf(list)).toContain('**Faces, consent and provenance**')
  const choices = await mei.autocomplete('/lesson preview lesson:remix')
  expect(choices).toContainEqual({ name: 'Remixing', value: '05-remixing' })
})

test('an answer is explained in private, can be tried again, and reaches the report', async () => {
  const messages = await posted('Remixing')
  const message = messages.find((each) => textOf(each).includes('strength 0?')) as APIMessage
  const press = async (person: PersonClient, label: string) => {
    const known = (await person.messages('lessons')).length
    await (await person.press(message, label)).answer()
    return (await person.messages('lessons')).slice(known).at(-1) as APIMessage
  }
  const wrong = await press(ben, 'Pure noise')
  expect(isPrivate(wrong)).toBe(true)
  expect(textOf(wrong)).toMatch(/^\*\*Not quite: “Pure noise”\*\*\nThe other way round\./)
  expect(textOf(wrong)).toContain('You can try again')
  expect(textOf(await press(ben, 'Your picture back'))).toMatch(/^\*\*Right: /)
  await press(mei, 'Your picture back')
  await press(ida, 'Pure noise')

  const report = textOf(await answerTo(ida, '/lesson report lesson:Remixing'))
  expect(report).toContain('1 of 2 right at the first try, 2 in the end')
  expect(report).toContain('Ben: 1 of 3 answered, 1 right in the end')
  expect(report).not.toContain('Ida')
  expect(textOf(await answerTo(ben, '/lesson report lesson:Remixing'))).toContain('Only instructors')

  expect(textOf(await answerTo(ben, '/lesson forget'))).toBe('Deleted: one answer or prediction of yours.')
  expect(textOf(await answerTo(ida, '/lesson report lesson:Remixing'))).toContain(
    '1 of 1 right at the first try',
  )
})

describe('/lesson import', () => {
  test('lists every mistake with its line', async () => {
    const broken = lessonText((text) =>
      text.replace('seed: 7', 'seed: x').replace('right: true', 'right: hm'),
    )
    const answer = await answerTo(ida, '/lesson import', broken)
    expect(isPrivate(answer)).toBe(true)
    const words = textOf(answer).replaceAll('\\', '')
    expect(words).toContain('colour.md was not imported; three things have to be mended')
    expect(words).toContain('- line 21: "seed" must be a whole number')
    expect(words).toContain('- line 34: "right" is true or false')
  })

  test('takes a right one, which can be posted, answered and removed', async () => {
    expect(textOf(await answerTo(ida, '/lesson import', lessonText()))).toContain(
      '**Colour: a test** is ready',
    )
    const [message] = await posted('Colour: a test')
    await (await ben.press(message as APIMessage, 'The noise')).answer()
    expect(textOf(await answerTo(ida, '/lesson report lesson:colour'))).toContain('1 of 1 right')
    expect(textOf(await answerTo(ida, '/lesson remove lesson:colour'))).toContain('is removed')
    await (await ben.press(message as APIMessage, 'The words')).answer()
    expect(textOf((await ben.messages('lessons')).at(-1) as APIMessage)).toContain('has been changed since')
  })

  test('takes no other files, no large ones, and none from students', async () => {
    expect(textOf(await answerTo(ida, '/lesson import', 'x'.repeat(70_000)))).toContain('64 kB')
    expect(textOf(await answerTo(ida, '/lesson import', '\u00e9'.repeat(3)))).toContain('line 1:')
    expect(textOf(await answerTo(ben, '/lesson import', lessonText()))).toContain('Only instructors')
  })
})
