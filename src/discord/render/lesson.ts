/** A page of a lesson as a message. Pure. */
import { ButtonStyle, type APIComponentInContainer, type APIMessageTopLevelComponent } from 'discord.js'
import type { Lesson, LessonBlock } from '../../services/lessons/lesson.ts'
import { button, container, gallery, plain, rows, smallText, text, type Upload, type View } from './blocks.ts'
import { experimentCard, questionCard } from './lessonBlocks.ts'
import { isReading, lessonPages } from './lessonPages.ts'

export type LessonPage = { lesson: Lesson; blocks: LessonBlock[]; number: number; count: number }

/** The lesson in messages, in order; numbers count from 1. */
export function pagesOf(lesson: Lesson): LessonPage[] {
  const pages = lessonPages(lesson.blocks)
  return pages.map((blocks, i) => ({ lesson, blocks, number: i + 1, count: pages.length }))
}

/** Names of the figures that a page shows, each once. */
export function figuresOf({ blocks }: LessonPage): string[] {
  return [...new Set(blocks.flatMap((block) => (block.kind === 'figure' ? [block.file] : [])))]
}

/**
 * @param figures the files of `figuresOf(page)`
 * @param isTurned with buttons from page to page: custom id `lessonpage:<slug>/<number>`
 */
export function renderLessonPage(
  page: LessonPage,
  figures: ReadonlyMap<string, Uint8Array>,
  { isTurned = false } = {},
): View {
  const { lesson, blocks, number, count } = page
  const components: APIMessageTopLevelComponent[] = []
  let reading: APIComponentInContainer[] = number === 1 ? opening(lesson) : []
  const endReading = () => {
    if (reading.length > 0) components.push(container('explanation', reading))
    reading = []
  }
  for (const block of blocks) {
    if (isReading(block)) {
      reading.push(...readingBlock(block))
      continue
    }
    endReading()
    if (block.kind === 'experiment') components.push(experimentCard(lesson.slug, block.experiment))
    else if (block.kind === 'question') components.push(questionCard(lesson.slug, block.question))
  }
  endReading()
  if (count > 1) components.push(smallText(`${plain(lesson.title)}, part ${number} of ${count}`))
  if (isTurned && count > 1) components.push(...rows(turns(page)))
  return { components, files: uploads(page, figures) }
}

function opening({ title, summary, minutes }: Lesson): APIComponentInContainer[] {
  return [text(`# ${plain(title)}\n${plain(summary)}\n-# A lesson of about ${minutes} minutes`)]
}

function readingBlock(block: LessonBlock): APIComponentInContainer[] {
  if (block.kind === 'text') return [text(block.markdown)]
  if (block.kind === 'figure') return [gallery([{ name: block.file, description: block.alt }])]
  return []
}

function uploads(page: LessonPage, figures: ReadonlyMap<string, Uint8Array>): Upload[] {
  return figuresOf(page).flatMap((name) => {
    const data = figures.get(name)
    const alt = page.blocks.find((block) => block.kind === 'figure' && block.file === name)
    return data && alt?.kind === 'figure' ? [{ name, data, description: alt.alt }] : []
  })
}

function turns({ lesson, number, count }: LessonPage) {
  const turn = (to: number, label: string, style: ButtonStyle.Primary | ButtonStyle.Secondary) =>
    button(`lessonpage:${lesson.slug}/${to}`, label, style)
  return [
    ...(number > 1 ? [turn(number - 1, 'Back', ButtonStyle.Secondary)] : []),
    ...(number < count ? [turn(number + 1, 'Continue', ButtonStyle.Primary)] : []),
  ]
}

/** All lessons of a server for someone who wants to choose one. */
export function lessonListInWords(lessons: readonly Lesson[]): string {
  if (lessons.length === 0) return 'There are no lessons here yet.'
  const lines = lessons.map(
    ({ title, summary, minutes }) => `**${plain(title, 80)}** (${minutes} minutes)\n${plain(summary, 200)}`,
  )
  return ['### Lessons', ...lines, '-# Read one in private with /lesson preview.'].join('\n')
}
