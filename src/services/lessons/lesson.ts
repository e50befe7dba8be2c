/** What a lesson is made of. A lesson is one Markdown file; parse.ts reads it. */
import type { ExperimentVariable } from '../../domain.ts'

/** What stays the same in all cells, named as the options of /imagine. What is left out has the model's default. */
export type ExperimentRecipe = {
  /** Of an experiment whose variable is the prompt: its first value. */
  prompt: string
  negative?: string
  seed?: number
  steps?: number
  cfg?: number
  sampler?: string
  scheduler?: string
  /** Left out: the class's model. */
  model?: string
  /** Denoising strength, 0 to 1; only with `image`. */
  strength?: number
  /** What img2img begins from: the name of a picture in data/lessons/pictures, without `practice:` and `.png`. */
  image?: string
}

/** One variable changed, all else fixed. */
export type Experiment = {
  id: string
  title: string
  variable: ExperimentVariable
  /** 2 to 9; numbers where the variable is one. */
  values: (string | number)[]
  recipe: ExperimentRecipe
  /** The question that is asked before the run. */
  expect: string
  /** Predictions to choose from; left out: words of one's own. */
  choices?: string[]
  /** What happened, shown after the run. */
  explain: string
}

export type Answer = { text: string; isRight: boolean; because: string }

export type Question = { id: string; ask: string; answers: Answer[] }

/** `line` counts from 1 in the file. */
export type LessonBlock = { line: number } & (
  | { kind: 'text'; markdown: string }
  /** `file`: the name of a picture in data/lessons/figures. */
  | { kind: 'figure'; file: string; alt: string }
  | { kind: 'experiment'; experiment: Experiment }
  | { kind: 'question'; question: Question }
)

export type Lesson = {
  /** The file's name without `.md`; stands in custom ids. */
  slug: string
  title: string
  /** One sentence. */
  summary: string
  minutes: number
  order: number
  blocks: LessonBlock[]
}

/** Something to mend in a lesson's file. */
export type Problem = { line: number; sentence: string }

/** "line 12: ...", as people read it. */
export const problemInWords = ({ line, sentence }: Problem): string => `line ${line}: ${sentence}`

export function experimentsOf({ blocks }: Pick<Lesson, 'blocks'>): Experiment[] {
  return blocks.flatMap((block) => (block.kind === 'experiment' ? [block.experiment] : []))
}

export function questionsOf({ blocks }: Pick<Lesson, 'blocks'>): Question[] {
  return blocks.flatMap((block) => (block.kind === 'question' ? [block.question] : []))
}

/** The options of one cell: the recipe with the variable set to one value. Without a seed in it, all cells must be given the same. */
export function optionsOfCell({ recipe, variable }: Experiment, value: string | number): ExperimentRecipe {
  return { ...recipe, [variable]: value }
}
