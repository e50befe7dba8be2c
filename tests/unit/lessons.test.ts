/** The lessons that come with Darkroom, those that instructors bring, and what is remembered of answers. */
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { lessonPages } from '../../src/discord/render/lessonPages.ts'
import { pagesOf, renderLessonPage } from '../../src/discord/render/lesson.ts'
import { reportInWords } from '../../src/discord/render/lessonReport.ts'
import { createLessons } from '../../src/services/lessons/index.ts'
import {
  experimentsOf,
  type LessonBlock,
  problemInWords,
  questionsOf,
} from '../../src/services/lessons/lesson.ts'
import { readLibrary } from '../../src/services/lessons/library.ts'
import { lessonText } from '../support/lessonText.ts'
import { ben, mei, noor, origin, temporaryFolder, useStudio } from '../support/studio.ts'

const ours = path.resolve('data/lessons')
const GUILD = origin.guildId

async function useLessons() {
  const studio = await useStudio()
  const { database, imagine } = studio
  return { ...studio, lessons: await createLessons({ database, folder: ours, imagine }) }
}

/** Counts as Discord does: nested components too, and the text of all of them. */
function sizes(components: unknown): { components: number; text: number } {
  let [count, text] = [0, 0]
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit)
    if (typeof value !== 'object' || value === null) return
    if ('type' in value) count++
    if ('content' in value) text += String(value.content).length
    if ('components' in value) visit(value.components)
  }
  visit(components)
  return { components: count, text }
}

describe('the lessons that come with Darkroom', async () => {
  const { lessons, problems } = await readLibrary(ours)

  it('are six, in order, without a mistake', () => {
    expect(problems).toEqual([])
    expect(lessons.map(({ order }) => order)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it.each(lessons)(
    '$title: figures with words, an experiment, two to four questions with several answers',
    (lesson) => {
      const figures = lesson.blocks.filter(({ kind }) => kind === 'figure')
      expect(figures.length).toBeGreaterThan(0)
      expect(experimentsOf(lesson).length).toBeGreaterThan(0)
      expect(questionsOf(lesson).length).toBeGreaterThanOrEqual(2)
      expect(questionsOf(lesson).length).toBeLessThanOrEqual(4)
      const ids = [...experimentsOf(lesson), ...questionsOf(lesson)].map(({ id }) => id)
      for (const id of ids) expect(`experiment:${lesson.slug}/${id}`.length).toBeLessThanOrEqual(100)
    },
  )

  it.each(lessons)('$title fits into messages of Discord', (lesson) => {
    const pages = pagesOf(lesson)
    for (const page of pages) {
      const { components, text } = sizes(renderLessonPage(page, new Map(), { isTurned: true }).components)
      expect(components).toBeLessThanOrEqual(40)
      expect(text).toBeLessThanOrEqual(4000)
    }
    expect(pages.flatMap(({ blocks }) => blocks).filter(({ kind }) => kind !== 'text')).toEqual(
      lesson.blocks.filter(({ kind }) => kind !== 'text'),
    )
  })
})

it('a lesson of any length fits into messages, and nothing of it is lost', () => {
  const paragraph = (n: number) => `${n} ${'word '.repeat(120)}`.trim()
  const markdown = [...Array.from({ length: 30 }, (_, n) => paragraph(n)), 'x'.repeat(9000)].join('\n\n')
  const { lesson } = { lesson: { slug: 'long', title: 'T'.repeat(80), summary: 's', minutes: 1, order: 1 } }
  const question: LessonBlock & { kind: 'question' } = {
    kind: 'question',
    line: 1,
    question: {
      id: 'q',
      ask: 'a'.repeat(300),
      answers: Array.from({ length: 5 }, (_, n) => ({
        text: `${n}`.repeat(80),
        isRight: true,
        because: 'b',
      })),
    },
  }
  const blocks: LessonBlock[] = [
    { kind: 'text', line: 1, markdown },
    ...Array.from({ length: 12 }, () => question),
  ]
  const pages = pagesOf({ ...lesson, blocks })
  for (const page of pages) {
    const { components, text } = sizes(renderLessonPage(page, new Map()).components)
    expect(components).toBeLessThanOrEqual(40)
    expect(text).toBeLessThanOrEqual(4000)
  }
  const short: LessonBlock = {
    ...question,
    question: {
      id: 'q',
      ask: 'a',
      answers: question.question.answers.map((each, n) => ({ ...each, text: `${n}` })),
    },
  }
  const many = pagesOf({ ...lesson, blocks: Array.from({ length: 12 }, () => short) })
  for (const page of many)
    expect(sizes(renderLessonPage(page, new Map()).components).components).toBeLessThanOrEqual(40)
  const texts = lessonPages(blocks)
    .flat()
    .map((block) => (block.kind === 'text' ? block.markdown : ''))
  expect(texts.join('').replaceAll(/\s/g, '')).toBe(markdown.replaceAll(/\s/g, ''))
})

describe('import', () => {
  it('keeps a lesson for its own server only, and replaces one of the same name', async () => {
    const { lessons } = await useLessons()
    expect((await lessons.import(GUILD, 'Colour Test.md', lessonText())).problems).toEqual([])
    expect(lessons.get(GUILD, 'colour-test').title).toBe('Colour: a test')
    expect(() => lessons.get('999', 'colour-test')).toThrow('There is no such lesson')
    await lessons.import(
      GUILD,
      'colour-test.md',
      lessonText((text) => text.replace('Colour: a test', 'New')),
    )
    expect(lessons.all(GUILD).map(({ title }) => title)).toHaveLength(7)
    expect(lessons.get(GUILD, 'new').slug).toBe('colour-test')
    lessons.remove(GUILD, 'colour-test')
    expect(lessons.all(GUILD)).toHaveLength(6)
  })

  it('refuses figures and pictures that are not there, and what the model cannot draw', async () => {
    const { lessons } = await useLessons()
    const words = async (from: string | RegExp, to: string) =>
      (
        await lessons.import(
          GUILD,
          'x.md',
          lessonText((text) => text.replace(from, to)),
        )
      ).problems.map(problemInWords)
    expect(await words('four-seeds.png', 'no-such.png')).toEqual([
      'line 14: There is no figure "no-such.png" in data/lessons/figures.',
    ])
    expect(await words(/four-seeds|seed: 7/g, 'four-seas')).toEqual([
      'line 14: There is no figure "four-seas.png" in data/lessons/figures.',
      'line 21: "four-seas" is not of the form "key: value".',
    ])
    expect((await words('steps: 2', 'image: practice:moon'))[0]).toMatch(
      /^line 16: There is no practice picture "moon"; there are: practice:apple/,
    )
    expect((await words('steps: 2', 'steps: 5000'))[0]).toMatch(/^line 16: steps must be between /)
    expect(lessons.all(GUILD)).toHaveLength(6)
  })

  it('does not replace a lesson that comes with Darkroom, nor remove one', async () => {
    const { lessons } = await useLessons()
    await expect(lessons.import(GUILD, '05-remixing.md', lessonText())).rejects.toThrow('another name')
    await expect(lessons.import(GUILD, '???.md', lessonText())).rejects.toThrow('letters, digits and hyphens')
    expect(() => lessons.remove(GUILD, '05-remixing')).toThrow('comes with Darkroom')
  })

  it('a broken lesson in the folder stops the start and is named', async () => {
    const folder = await temporaryFolder()
    await mkdir(path.join(folder, 'lessons'))
    await writeFile(path.join(folder, 'lessons', 'a.md'), lessonText())
    const { database, imagine } = await useStudio()
    const start = createLessons({ database, folder: path.join(folder, 'lessons'), imagine })
    await expect(start).rejects.toThrow('data/lessons/a.md, line 14: There is no figure "four-seeds.png"')
  })
})

describe('answers', () => {
  const slug = '04-samplers-steps-and-seeds'
  const question = { guildId: GUILD, lesson: slug, question: 'seed-meaning' }

  it('the first is kept, and a right one is not lost by looking at the others; the report names who has not started', async () => {
    const { lessons, ask } = await useLessons()
    await ask(noor, 'a heart')
    lessons.answer({ ...question, answer: 1, isRight: false }, ben)
    lessons.answer({ ...question, answer: 0, isRight: true }, ben)
    lessons.answer({ ...question, answer: 0, isRight: true }, mei)
    lessons.answer({ ...question, answer: 2, isRight: false }, mei)
    const report = lessons.report(GUILD, lessons.get(GUILD, slug))
    expect(report.questions[0]).toMatchObject({ people: 2, firstRight: 1, everRight: 2, first: [1, 1, 0] })
    expect(report.started.map(({ name, answered, right }) => [name, answered, right])).toEqual([
      ['Ben', 1, 1],
      ['Mei', 1, 1],
    ])
    expect(report.notStarted).toEqual([noor])
    const words = reportInWords(lessons.get(GUILD, slug), report).join('\n')
    expect(words).toContain('`█████░░░░░` 1 of 2 right at the first try, 2 in the end')
    expect(words).toContain('### Not started yet\nNoor')
    const without = lessons.report(GUILD, lessons.get(GUILD, slug), (id) => id === noor.id || id === mei.id)
    expect(without).toMatchObject({
      notStarted: [],
      started: [{ name: 'Ben' }],
      questions: [{ people: 1 }, {}, {}],
    })
  })

  it('runs of experiments and the predictions made for them are counted', async () => {
    const { lessons, database } = await useLessons()
    const insert = database.prepare(`
      INSERT INTO experiment_runs (guild_id, lesson, experiment, person_id, person_name, prediction, job_id, created_at)
      VALUES (?, ?, 'settle', ?, ?, ?, 'j', 1)`)
    for (const [person, prediction] of [
      [ben, 'All the same'],
      [ben, 'Different'],
      [mei, 'Different'],
    ] as const)
      insert.run(GUILD, slug, person.id, person.name, prediction)
    const report = lessons.report(GUILD, lessons.get(GUILD, slug))
    expect(report.experiments[0]).toMatchObject({
      id: 'settle',
      runs: 3,
      people: 2,
      predictions: [
        { text: 'Different', count: 2 },
        { text: 'All the same', count: 1 },
      ],
    })
    expect(lessons.forget(GUILD, ben.id)).toBe(2)
    expect(lessons.report(GUILD, lessons.get(GUILD, slug)).experiments[0]?.runs).toBe(1)
  })

  it('can be deleted by the person, in this server only', async () => {
    const { lessons } = await useLessons()
    lessons.answer({ ...question, answer: 0, isRight: true }, ben)
    lessons.answer({ ...question, guildId: '999', answer: 0, isRight: true }, ben)
    expect(lessons.forget(GUILD, ben.id)).toBe(1)
    expect(lessons.forget(GUILD, ben.id)).toBe(0)
    expect(lessons.forget('999', ben.id)).toBe(1)
  })
})
