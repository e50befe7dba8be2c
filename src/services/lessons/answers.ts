/** What people answered and which experiments they ran, for the instructor's report. */
import type { DatabaseSync } from 'node:sqlite'
import type { Person } from '../../domain.ts'
import { experimentsOf, type Lesson, questionsOf } from './lesson.ts'

type GivenAnswer = { guildId: string; lesson: string; question: string; answer: number; isRight: boolean }

export type QuestionReport = {
  id: string
  ask: string
  /** People who answered it at all; right at their first try; right at any of their tries. */
  people: number
  firstRight: number
  everRight: number
  /** How many chose each answer first, in the order of the lesson. */
  first: number[]
}

export type ExperimentReport = {
  id: string
  title: string
  runs: number
  people: number
  /** What they expected, the commonest first; one for each run. */
  predictions: { text: string; count: number }[]
}

export type LessonReport = {
  questions: QuestionReport[]
  experiments: ExperimentReport[]
  /** Who answered or ran something of this lesson, by name. */
  started: (Person & { answered: number; right: number })[]
  /** Who used Darkroom in this server before, but not this lesson. */
  notStarted: Person[]
}

export type Answers = {
  /** The first answer is kept, the last one replaced. Who was right once stays so: the bot invites to press the others, too. */
  answer(given: GivenAnswer, person: Person): void
  /** @param isLeftOut people who do not count, e.g. instructors who tried it out */
  report(guildId: string, lesson: Lesson, isLeftOut?: (personId: string) => boolean): LessonReport
  /** Removes everything that one person answered or ran in lessons of a server. @returns how many entries that were */
  forget(guildId: string, personId: string): number
}

export function createAnswers(database: DatabaseSync): Answers {
  const store = database.prepare(`
    INSERT INTO lesson_answers (guild_id, lesson, question, person_id, person_name,
      first_answer, first_is_right, first_at, last_answer, last_is_right, last_at)
    VALUES ($guildId, $lesson, $question, $personId, $personName, $answer, $isRight, $now, $answer, $isRight, $now)
    ON CONFLICT (guild_id, lesson, question, person_id) DO UPDATE SET person_name = excluded.person_name,
      last_answer = excluded.last_answer, last_is_right = max(last_is_right, excluded.last_is_right), last_at = excluded.last_at`)
  const answersOf = database.prepare('SELECT * FROM lesson_answers WHERE guild_id = ? AND lesson = ?')
  const runsOf = database.prepare(
    'SELECT * FROM experiment_runs WHERE guild_id = ? AND lesson = ? ORDER BY seq',
  )
  // The bot does not ask Discord for the list of members, so the class is whoever used it.
  const everyone = database.prepare(`
    SELECT id, name FROM (
      SELECT asker_id AS id, asker_name AS name, created_at AS at FROM jobs WHERE guild_id = $guildId
      UNION ALL SELECT person_id, person_name, last_at FROM lesson_answers WHERE guild_id = $guildId
      UNION ALL SELECT person_id, person_name, created_at FROM experiment_runs WHERE guild_id = $guildId
    ) GROUP BY id HAVING at = max(at) ORDER BY name`)
  const forgetAnswers = database.prepare('DELETE FROM lesson_answers WHERE guild_id = ? AND person_id = ?')
  const forgetRuns = database.prepare('DELETE FROM experiment_runs WHERE guild_id = ? AND person_id = ?')

  return {
    answer({ isRight, answer, ...ids }, { id: personId, name: personName }) {
      store.run({ ...ids, personId, personName, answer, isRight: isRight ? 1 : 0, now: Date.now() })
    },
    report(guildId, lesson, isLeftOut = () => false) {
      const counts = (row: Row) => !isLeftOut(String(row['person_id'] ?? row['id']))
      const answers = answersOf.all(guildId, lesson.slug).filter(counts)
      const runs = runsOf.all(guildId, lesson.slug).filter(counts)
      const people = everyone
        .all({ guildId })
        .filter(counts)
        .map(({ id, name }) => ({ id: String(id), name: String(name) }))
      const isOf = (id: string) => (row: Row) => row['person_id'] === id
      const hasStarted = ({ id }: Person) => [...answers, ...runs].some(isOf(id))
      return {
        questions: questionsOf(lesson).map(({ id, ask, answers: possible }) => {
          const given = answers.filter((row) => row['question'] === id)
          return {
            id,
            ask,
            people: given.length,
            firstRight: given.filter((row) => row['first_is_right'] === 1).length,
            everRight: given.filter((row) => row['last_is_right'] === 1).length,
            first: possible.map((_, i) => given.filter((row) => row['first_answer'] === i).length),
          }
        }),
        experiments: experimentsOf(lesson).map(({ id, title }) => {
          const own = runs.filter((row) => row['experiment'] === id)
          return {
            id,
            title,
            runs: own.length,
            people: new Set(own.map((row) => row['person_id'])).size,
            predictions: counted(own.map((row) => String(row['prediction']))),
          }
        }),
        started: people.filter(hasStarted).map((person) => {
          const own = answers.filter(isOf(person.id))
          return {
            ...person,
            answered: own.length,
            right: own.filter((row) => row['last_is_right'] === 1).length,
          }
        }),
        notStarted: people.filter((person) => !hasStarted(person)),
      }
    },
    forget: (guildId, personId) =>
      Number(forgetAnswers.run(guildId, personId).changes) +
      Number(forgetRuns.run(guildId, personId).changes),
  }
}

type Row = Record<string, unknown>

function counted(texts: readonly string[]): { text: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts].map(([text, count]) => ({ text, count })).sort((a, b) => b.count - a.count)
}
