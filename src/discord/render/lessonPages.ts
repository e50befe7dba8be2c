/** Cuts a lesson into messages: Discord takes 40 components and 4000 characters of text, and a phone shows less at a time. Pure. */
import type { LessonBlock } from '../../services/lessons/lesson.ts'
import { experimentInWords, questionInWords } from './lessonBlocks.ts'

const MOST_TEXT = 3400
const MOST_COMPONENTS = 34
/** Discord takes 10 files; each is looked at, not scrolled past. */
const MOST_FIGURES = 5
/** What has to be done begins a message of its own, unless there is little to read before it. */
const LITTLE_TEXT = 1200

type Cost = { text: number; components: number; figures: number }

/** At least one page; every block whole, texts cut between paragraphs. */
export function lessonPages(blocks: readonly LessonBlock[]): LessonBlock[][] {
  const pages: LessonBlock[][] = []
  let page: LessonBlock[] = []
  let used: Cost = { text: 0, components: 0, figures: 0 }
  for (const block of blocks.flatMap(cutText)) {
    const sum = added(used, costOf(block))
    const isFull = sum.text > MOST_TEXT || sum.components > MOST_COMPONENTS || sum.figures > MOST_FIGURES
    const before = page.at(-1)
    const isTurn = before !== undefined && isReading(before) && !isReading(block) && used.text > LITTLE_TEXT
    if (page.length > 0 && (isFull || isTurn)) {
      pages.push(page)
      page = []
      used = costOf(block)
    } else used = sum
    page.push(block)
  }
  return [...pages, page]
}

export const isReading = ({ kind }: LessonBlock): boolean => kind === 'text' || kind === 'figure'

const added = (a: Cost, b: Cost): Cost => ({
  text: a.text + b.text,
  components: a.components + b.components,
  figures: a.figures + b.figures,
})

function costOf(block: LessonBlock): Cost {
  if (block.kind === 'text') return { text: block.markdown.length, components: 2, figures: 0 }
  if (block.kind === 'figure') return { text: 0, components: 2, figures: 1 }
  if (block.kind === 'experiment')
    return { text: experimentInWords(block.experiment).length, components: 4, figures: 0 }
  const { question } = block
  return { text: questionInWords(question).length, components: 3 + question.answers.length, figures: 0 }
}

/** Long texts in several, cut between paragraphs; a paragraph too long for one message is cut between words. */
function cutText(block: LessonBlock): LessonBlock[] {
  if (block.kind !== 'text' || block.markdown.length <= MOST_TEXT / 2) return [block]
  const parts: string[] = []
  for (const paragraph of block.markdown.split('\n\n').flatMap(cutParagraph)) {
    const last = parts.at(-1)
    // A heading stays with what it heads.
    const isHeading = last !== undefined && /(^|\n)#{1,3} [^\n]*$/.test(last)
    if (last === undefined || (last.length + paragraph.length > MOST_TEXT / 2 && !isHeading))
      parts.push(paragraph)
    else parts[parts.length - 1] = `${last}\n\n${paragraph}`
  }
  return parts.map((markdown) => ({ ...block, markdown }))
}

function cutParagraph(paragraph: string): string[] {
  const most = MOST_TEXT / 2
  if (paragraph.length <= most) return [paragraph]
  const at = paragraph.lastIndexOf(' ', most)
  const cut = at > most / 2 ? at : most
  return [paragraph.slice(0, cut), ...cutParagraph(paragraph.slice(cut).trimStart())]
}
