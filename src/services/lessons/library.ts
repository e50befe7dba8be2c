/** The lessons that come with Darkroom, their figures and the practice pictures: a folder that is read once. */
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Lesson, Problem } from './lesson.ts'
import { parseLesson } from './parse.ts'

export type Library = {
  /** In the order of their front matter. */
  lessons: Lesson[]
  /** Of files that could not be used, by their name. */
  problems: { file: string; problems: Problem[] }[]
  figures: ReadonlySet<string>
  /** Names of the practice pictures, without `.png`. */
  pictures: ReadonlySet<string>
}

/** Reads `folder` with its subfolders `figures` and `pictures`. @throws Error when it is not there */
export async function readLibrary(folder: string): Promise<Library> {
  const [files, figures, pictures] = await Promise.all([
    readdir(folder),
    namesIn(path.join(folder, 'figures')),
    namesIn(path.join(folder, 'pictures')),
  ])
  const library: Library = {
    lessons: [],
    problems: [],
    figures: new Set(figures),
    pictures: new Set(pictures.map((name) => name.replace(/\.png$/, ''))),
  }
  for (const file of files.filter((name) => name.endsWith('.md')).sort()) {
    const source = await readFile(path.join(folder, file), 'utf8')
    const parsed = parseLesson(file.replace(/\.md$/, ''), source)
    const problems = [...parsed.problems, ...filesMissing(parsed, library)].sort(byLine)
    if (parsed.lesson && problems.length === 0) library.lessons.push(parsed.lesson)
    else library.problems.push({ file, problems })
  }
  library.lessons.sort(byOrder)
  return library
}

export const byLine = (a: Problem, b: Problem): number => a.line - b.line

export const byOrder = (a: Lesson, b: Lesson): number => a.order - b.order || (a.slug < b.slug ? -1 : 1)

/** Figures and practice pictures that a lesson names but that are not there. */
export function filesMissing(
  { blocks }: Pick<Lesson, 'blocks'>,
  { figures, pictures }: Pick<Library, 'figures' | 'pictures'>,
): Problem[] {
  return blocks.flatMap((block): Problem[] => {
    if (block.kind === 'figure' && block.file !== '' && !figures.has(block.file))
      return [{ line: block.line, sentence: `There is no figure "${block.file}" in data/lessons/figures.` }]
    const image = block.kind === 'experiment' ? block.experiment.recipe.image : undefined
    if (image === undefined || pictures.has(image)) return []
    const there = [...pictures].sort().map((name) => `practice:${name}`)
    return [
      {
        line: block.line,
        sentence: `There is no practice picture "${image}"; there ${there.length === 0 ? 'are none' : `are: ${there.join(', ')}`}.`,
      },
    ]
  })
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  return names.filter((name) => name.endsWith('.png'))
}
