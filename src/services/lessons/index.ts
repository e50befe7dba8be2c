/** Lessons: those that come with Darkroom and those that the instructors of a server brought. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { ConfigError, UserError } from '../../errors.ts'
import type { Imagine } from '../imagine.ts'
import { type Answers, createAnswers } from './answers.ts'
import {
  type Experiment,
  type Lesson,
  type Problem,
  type Question,
  experimentsOf,
  questionsOf,
} from './lesson.ts'
import { byLine, byOrder, filesMissing, readLibrary } from './library.ts'
import { parseLesson } from './parse.ts'
import { LONGEST_ID } from './reader.ts'
import { recipeProblems } from './recipes.ts'

export type Lessons = Answers & {
  /** Those of a server, in the order in which they are taught. */
  all(guildId: string): Lesson[]
  /** By its slug or its title. @throws UserError not-found that says where to look */
  get(guildId: string, slug: string): Lesson
  /** @param ids `lessonSlug/experimentId`, as in custom ids. @throws UserError not-found when the lesson was changed since */
  experiment(guildId: string, ids: string): { lesson: Lesson; experiment: Experiment }
  /** @param ids `lessonSlug/questionId`. @throws UserError not-found */
  question(guildId: string, ids: string): { lesson: Lesson; question: Question }
  /** The file of a figure (PNG). @throws Error when it is gone */
  figure(file: string): Promise<Uint8Array>
  /** A practice picture (PNG, made by the model inside the bot) by its name in a recipe, e.g. "apple". @throws UserError not-found */
  practicePicture(name: string): Promise<Uint8Array>
  /**
   * Checks a lesson and keeps it for a server; one of the same name is replaced.
   * @returns the lesson, or all that is wrong with it. @throws UserError invalid-options for a name that cannot be used
   */
  import(
    guildId: string,
    fileName: string,
    source: string,
  ): Promise<{ lesson: Lesson; problems: [] } | { lesson?: undefined; problems: Problem[] }>
  /** Takes an imported lesson away; what was answered stays. @throws UserError not-allowed for one that comes with Darkroom */
  remove(guildId: string, slug: string): void
}

const CHANGED =
  'This lesson has been changed since it was posted; please ask your instructor to post it again.'

/** @param folder data/lessons. @throws ConfigError that names the file and the line when a lesson of the folder is broken */
export async function createLessons(options: {
  database: DatabaseSync
  folder: string
  imagine: Pick<Imagine, 'parse'>
}): Promise<Lessons> {
  const { database, folder, imagine } = options
  const library = await readLibrary(folder)
  const [broken] = library.problems
  if (broken) {
    const { line, sentence } = broken.problems[0] ?? { line: 1, sentence: 'it cannot be read.' }
    throw new ConfigError(`data/lessons/${broken.file}, line ${line}: ${sentence}`)
  }
  const builtIn = new Set(library.lessons.map(({ slug }) => slug))
  const select = database.prepare('SELECT slug, source FROM imported_lessons WHERE guild_id = ?')
  const store = database.prepare(`
    INSERT INTO imported_lessons (guild_id, slug, source, created_at) VALUES ($guildId, $slug, $source, $now)
    ON CONFLICT (guild_id, slug) DO UPDATE SET source = excluded.source, created_at = excluded.created_at`)

  const take = database.prepare('DELETE FROM imported_lessons WHERE guild_id = ? AND slug = ?')

  function imported(guildId: string): Lesson[] {
    return select.all(guildId).flatMap(({ slug, source }) => {
      // What an older version took may be refused by this one: it is not shown, but it stays.
      const { lesson } = parseLesson(String(slug), String(source))
      return lesson && !builtIn.has(lesson.slug) ? [lesson] : []
    })
  }

  const all = (guildId: string) => [...library.lessons, ...imported(guildId)].sort(byOrder)

  function find<T extends { id: string }>(
    guildId: string,
    ids: string,
    among: (lesson: Lesson) => T[],
  ): { lesson: Lesson; found: T } {
    const [slug, id] = ids.split('/')
    const lesson = all(guildId).find((each) => each.slug === slug)
    const found = lesson && among(lesson).find((each) => each.id === id)
    if (!found) throw new UserError('not-found', CHANGED)
    return { lesson, found }
  }

  return {
    ...createAnswers(database),
    all,
    get(guildId, slug) {
      const asked = slug.trim().toLowerCase()
      const lesson = all(guildId).find((each) => each.slug === asked || each.title.toLowerCase() === asked)
      if (lesson) return lesson
      throw new UserError(
        'not-found',
        'There is no such lesson; please pick one from the suggestions, or see /lesson list.',
      )
    },
    experiment(guildId, ids) {
      const { lesson, found } = find(guildId, ids, experimentsOf)
      return { lesson, experiment: found }
    },
    question(guildId, ids) {
      const { lesson, found } = find(guildId, ids, questionsOf)
      return { lesson, question: found }
    },
    figure: (file) => readFile(path.join(folder, 'figures', path.basename(file))),
    practicePicture(name) {
      if (library.pictures.has(name)) return readFile(path.join(folder, 'pictures', `${name}.png`))
      throw new UserError('not-found', `There is no practice picture "${name.slice(0, 40)}".`)
    },
    async import(guildId, fileName, source) {
      const slug = slugOf(fileName)
      if (builtIn.has(slug)) {
        throw new UserError(
          'invalid-options',
          `A lesson that comes with Darkroom is called "${slug}"; please give your file another name.`,
        )
      }
      const parsed = parseLesson(slug, source)
      const missing = filesMissing(parsed, library)
      if (!parsed.lesson) return { problems: [...parsed.problems, ...missing].sort(byLine) }
      const undrawable = await recipeProblems(parsed.lesson, (recipe) => imagine.parse(recipe, guildId))
      const problems = [...missing, ...undrawable].sort(byLine)
      if (problems.length > 0) return { problems }
      store.run({ guildId, slug, source, now: Date.now() })
      return { lesson: parsed.lesson, problems: [] }
    },
    remove(guildId, slug) {
      if (builtIn.has(slug))
        throw new UserError(
          'not-allowed',
          'This lesson comes with Darkroom; only imported ones can be removed.',
        )
      take.run(guildId, slug)
    },
  }
}

function slugOf(fileName: string): string {
  const slug = fileName
    .replace(/\.(md|markdown|txt)$/i, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  if (slug === '' || slug.length > LONGEST_ID) {
    throw new UserError(
      'invalid-options',
      `The file's name becomes the lesson's short name: please use 1 to ${LONGEST_ID} letters, digits and hyphens.`,
    )
  }
  return slug
}
