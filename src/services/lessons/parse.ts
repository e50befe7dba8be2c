/** From the text of a lesson's file to the lesson, or to everything that is wrong with it. Pure: looks at no other file. */
import { experimentKeys, readExperiment } from './experimentBlock.ts'
import { readFields, toLines } from './fields.ts'
import type { Lesson, LessonBlock, Problem } from './lesson.ts'
import { questionKeys, readQuestion } from './questionBlock.ts'
import { createReader } from './reader.ts'
import { splitSource, type Piece } from './split.ts'

const LONGEST_TITLE = 80
const LONGEST_SUMMARY = 200
/** Discord's limit on alt text. */
const LONGEST_ALT = 1024

/** `blocks` of a lesson with problems: as far as they could be read, to look for more. */
export type Parsed =
  | { lesson: Lesson; blocks: LessonBlock[]; problems: [] }
  | { lesson?: undefined; blocks: LessonBlock[]; problems: Problem[] }

/** @param slug the file's name without `.md`. @returns all problems, in the order of their lines */
export function parseLesson(slug: string, source: string): Parsed {
  const problems: Problem[] = []
  const { front, pieces } = splitSource(source, problems)
  const about = createReader(
    readFields(toLines(front, 2), problems),
    { what: 'A lesson', line: 1, known: ['title', 'summary', 'minutes', 'order'] },
    problems,
  )
  const lesson: Lesson = {
    slug,
    title: about.text('title', LONGEST_TITLE),
    summary: about.text('summary', LONGEST_SUMMARY),
    minutes: about.number('minutes', { min: 1, max: 600, isWhole: true }),
    order: about.optionalNumber('order', { min: 0, max: 1000 }) ?? 100,
    blocks: pieces.map((piece) => readPiece(piece, problems)),
  }
  idsOnce(lesson.blocks, problems)
  if (lesson.blocks.length === 0) problems.push({ line: 1, sentence: 'The lesson has no text.' })
  const { blocks } = lesson
  if (problems.length > 0) return { blocks, problems: problems.sort((a, b) => a.line - b.line) }
  return { lesson, blocks, problems: [] }
}

function readPiece(piece: Piece, problems: Problem[]): LessonBlock {
  const { line } = piece
  if (piece.kind === 'text') return piece
  if (piece.kind === 'figure') return readFigure(piece, problems)
  const fields = readFields(toLines(piece.body, line + 1), problems)
  if (piece.kind === 'experiment') {
    const reader = createReader(fields, { what: 'An experiment', line, known: experimentKeys }, problems)
    return { kind: 'experiment', line, experiment: readExperiment(reader) }
  }
  const reader = createReader(fields, { what: 'A question', line, known: questionKeys }, problems)
  return { kind: 'question', line, question: readQuestion(reader, problems) }
}

function readFigure(
  { line, alt, target }: Extract<Piece, { kind: 'figure' }>,
  problems: Problem[],
): LessonBlock {
  const [, file = ''] = /^figures\/([a-z0-9-]+\.png)$/.exec(target) ?? []
  if (!file) {
    problems.push({
      line,
      sentence: `A figure is one that comes with Darkroom, as in figures/four-seeds.png; this one is "${target.slice(0, 80)}".`,
    })
  }
  if (!alt)
    problems.push({
      line,
      sentence: 'A figure needs words for people who do not see it: ![these words](...).',
    })
  if (alt.length > LONGEST_ALT)
    problems.push({
      line,
      sentence: `The words of a figure may have ${LONGEST_ALT} characters; these have ${alt.length}.`,
    })
  return { kind: 'figure', line, file, alt }
}

function idsOnce(blocks: readonly LessonBlock[], problems: Problem[]): void {
  const seen = new Set<string>()
  for (const block of blocks) {
    const id =
      block.kind === 'experiment' ? block.experiment.id : block.kind === 'question' ? block.question.id : ''
    if (id && seen.has(id))
      problems.push({ line: block.line, sentence: `The id "${id}" is used twice in this lesson.` })
    seen.add(id)
  }
}
