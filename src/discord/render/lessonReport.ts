/** The report of a lesson for its instructor: bars drawn in text, and the words beside them say the same. Pure. */
import type { LessonReport } from '../../services/lessons/answers.ts'
import { questionsOf, type Lesson } from '../../services/lessons/lesson.ts'
import { count, plain } from './blocks.ts'

/** Less than Discord's limit on the text of a message. */
const LONGEST_PAGE = 3800
const BAR = 10
const MOST_PREDICTIONS = 6

/** @returns one text for each message */
export function reportInWords(lesson: Lesson, report: LessonReport): string[] {
  const { notStarted } = report
  const total = questionsOf(lesson).length
  return pages([
    `### Report: ${plain(lesson.title)}`,
    startedInWords(report.started.length, notStarted.length),
    ...report.questions.flatMap((question) => questionLines(lesson, question)),
    ...report.experiments.flatMap(experimentLines),
    ...(report.started.length > 0 ? ['### Who answered'] : []),
    ...report.started.map(
      ({ name, answered, right }) =>
        `${plain(name, 60)}: ${answered} of ${total} answered, ${right} right in the end`,
    ),
    ...(notStarted.length > 0
      ? ['### Not started yet', notStarted.map(({ name }) => plain(name, 60)).join(', ')]
      : []),
    '-# The class is whoever used Darkroom in this server; Discord does not tell it about others.',
  ])
}

function startedInWords(started: number, others: number): string {
  const first =
    started === 0 ? 'Nobody has started yet' : `${count(started, 'person has', 'people have')} started`
  const rest = others === 0 ? '' : `; ${count(others, 'other has', 'others have')} not`
  return `${upperFirst(first)}${started === 0 ? '' : rest}.`
}

const upperFirst = (words: string): string => `${words[0]?.toUpperCase()}${words.slice(1)}`

function questionLines(lesson: Lesson, asked: LessonReport['questions'][number]): string[] {
  const { id, ask, people, firstRight, everRight, first } = asked
  const question = questionsOf(lesson).find((each) => each.id === id)
  const heading = `### Question: ${plain(ask)}`
  if (people === 0 || !question) return [heading, 'Nobody has answered yet.']
  return [
    heading,
    `${bar(firstRight, people)} ${firstRight} of ${people} right at the first try, ${everRight} in the end`,
    ...question.answers.map(
      ({ text, isRight }, n) =>
        `${bar(first[n] ?? 0, people)} ${first[n] ?? 0} chose “${plain(text)}” first${isRight ? ' (right)' : ''}`,
    ),
  ]
}

function experimentLines(experiment: LessonReport['experiments'][number]): string[] {
  const { title, runs, people, predictions } = experiment
  const heading = `### Experiment: ${plain(title)}`
  if (runs === 0) return [heading, 'Nobody has run it yet.']
  const shown = predictions.slice(0, MOST_PREDICTIONS)
  const more = predictions.length - shown.length
  return [
    heading,
    `${upperFirst(count(people, 'person', 'people'))} ran it, ${count(runs, 'run')} in all. They expected:`,
    ...shown.map(({ text, count: n }) => `${bar(n, runs)} ${n}: “${plain(text, 120)}”`),
    ...(more > 0 ? [`and ${count(more, 'other prediction')}`] : []),
  ]
}

/** Ten blocks; at least one for whoever is not nobody. */
function bar(part: number, whole: number): string {
  const filled = part === 0 ? 0 : Math.max(1, Math.round((part / whole) * BAR))
  return `\`${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}\``
}

function pages(lines: readonly string[]): string[] {
  const result: string[] = []
  for (const line of lines) {
    const last = result.at(-1)
    if (last === undefined || last.length + 1 + line.length > LONGEST_PAGE)
      result.push(line.slice(0, LONGEST_PAGE))
    else result[result.length - 1] = `${last}\n${line}`
  }
  return result
}
