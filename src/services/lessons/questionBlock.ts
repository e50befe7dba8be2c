/** Reads the block ```question. */
import { readFields } from './fields.ts'
import type { Answer, Problem, Question } from './lesson.ts'
import { createReader, type Reader } from './reader.ts'

export const questionKeys = ['id', 'ask', 'answers'] as const

const LONGEST_ASK = 300
/** Discord's limit on the label of a button. */
const LONGEST_ANSWER = 80
const LONGEST_BECAUSE = 600
const FEWEST_ANSWERS = 2
/** One row of buttons. */
const MOST_ANSWERS = 5

/** What is wrong is noted by the reader, in answers added to `problems`. */
export function readQuestion(reader: Reader, problems: Problem[]): Question {
  const line = reader.lineOf('answers')
  const items = reader.items('answers')
  if (!items && line === reader.line)
    reader.note(line, 'A question needs "answers:" with lines that begin with "- text: ...".')
  const answers = (items ?? []).map((item): Answer => {
    const answer = createReader(
      readFields(item.lines, problems),
      { what: 'An answer', line: item.line, known: ['text', 'right', 'because'] },
      problems,
    )
    return {
      text: answer.text('text', LONGEST_ANSWER),
      isRight: readRight(answer),
      because: answer.text('because', LONGEST_BECAUSE),
    }
  })
  if (items) {
    if (answers.length < FEWEST_ANSWERS || answers.length > MOST_ANSWERS)
      reader.note(
        line,
        `A question has ${FEWEST_ANSWERS} to ${MOST_ANSWERS} answers; this one has ${answers.length}.`,
      )
    if (!answers.some(({ isRight }) => isRight))
      reader.note(line, 'No answer is right; please write "right: true" under one.')
    if (new Set(answers.map(({ text }) => text)).size < answers.length)
      reader.note(line, 'Two answers have the same text.')
  }
  return { id: reader.id('id'), ask: reader.text('ask', LONGEST_ASK), answers }
}

function readRight(answer: Reader): boolean {
  const right = answer.optionalText('right', 10) ?? 'false'
  if (!['true', 'false', 'yes', 'no'].includes(right))
    answer.note(answer.lineOf('right'), `"right" is true or false; it is "${right}".`)
  return right === 'true' || right === 'yes'
}
