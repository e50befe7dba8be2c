/**
 * npm run lessons:check: reads every lesson, and draws every cell of every experiment once with the model inside the bot. Prints what
 * is wrong with file and line; exit code 1 when anything is.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { loadConfig } from '../src/config.ts'
import { createLog } from '../src/log.ts'
import { createServices, type Services } from '../src/services/index.ts'
import { type Experiment, type Lesson, optionsOfCell } from '../src/services/lessons/lesson.ts'
import { readLibrary } from '../src/services/lessons/library.ts'
import { recipeProblems } from '../src/services/lessons/recipes.ts'

const GUILD = 'lessons-check'
const started = performance.now()
let wrong = 0
let cells = 0

const library = await readLibrary(path.resolve('data/lessons'))
for (const { file, problems } of library.problems)
  for (const { line, sentence } of problems) complain(file.replace(/\.md$/, ''), line, sentence)

if (wrong === 0) {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'darkroom-lessons-'))
  const services = await createServices({ ...loadConfig({}), dataDir }, createLog({ logLevel: 'silent' }))
  try {
    for (const lesson of library.lessons) await checkLesson(lesson, services)
  } finally {
    await services.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}
const seconds = ((performance.now() - started) / 1000).toFixed(0)
say(
  `${library.lessons.length} lessons, ${cells} cells drawn, ${wrong === 0 ? 'nothing' : wrong} wrong, ${seconds} s`,
)
process.exitCode = wrong === 0 ? 0 : 1

async function checkLesson(lesson: Lesson, services: Services): Promise<void> {
  const { imagine } = services
  const problems = await recipeProblems(lesson, (options) => imagine.parse(options, GUILD))
  for (const { line, sentence } of problems) complain(lesson.slug, line, sentence)
  if (problems.length > 0) return
  for (const block of lesson.blocks)
    if (block.kind === 'experiment') await checkExperiment(lesson, block.line, block.experiment, services)
}

/** Draws all cells; those of one experiment must not be all the same picture. */
async function checkExperiment(
  { slug }: Lesson,
  line: number,
  experiment: Experiment,
  services: Services,
): Promise<void> {
  const drawn = new Set<string>()
  for (const value of experiment.values) {
    const cell = `${experiment.id}, ${experiment.variable} ${value}`
    const png = await drawCell(experiment, value, services).catch((error: unknown) => {
      complain(slug, line, `${cell}: ${error instanceof Error ? error.message : String(error)}`)
    })
    if (png) {
      cells++
      drawn.add(png)
    }
  }
  if (drawn.size === 1 && experiment.values.length > 1)
    complain(slug, line, `${experiment.id}: all cells show the same picture`)
}

/** @returns the pixels as text */
async function drawCell(
  experiment: Experiment,
  value: string | number,
  { imagine, backends, safety, lessons, inputs }: Services,
): Promise<string> {
  const { image, ...options } = optionsOfCell(experiment, value)
  const picture = image === undefined ? undefined : await lessons.practicePicture(image)
  const initImage = picture && (await inputs.keep(picture)).id
  const asked = await imagine.parse({ ...options, seed: options.seed ?? 1, initImage }, GUILD)
  const request = await safety.check(asked, GUILD)
  const { backend } = backends.find(request.model)
  const [drawn] = await backend.generate(request, {
    signal: AbortSignal.timeout(60_000),
    onProgress: () => undefined,
    ...(picture && { input: { image: picture } }),
  })
  if (!drawn) throw new Error('no picture came')
  return Buffer.from(drawn.png).toString('base64')
}

function place(slug: string, line: number): string {
  return `data/lessons/${slug}.md, line ${line}`
}

function complain(slug: string, line: number, sentence: string): void {
  wrong++
  say(`${place(slug, line)}: ${sentence}`)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
