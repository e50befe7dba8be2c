/** Whether the model of a class can draw what the experiments of a lesson ask for. */
import type { ImageRequest } from '../../domain.ts'
import { UserError } from '../../errors.ts'
import type { ImagineOptions } from '../imagine.ts'
import { type Lesson, optionsOfCell, type Problem } from './lesson.ts'

/** Whether a model can begin from a picture does not depend on the picture. */
const ANY_INPUT = '0'.repeat(64)

/** @param parse checks options as /imagine does and throws UserError; each sentence is told once for each experiment */
export async function recipeProblems(
  { blocks }: Lesson,
  parse: (options: ImagineOptions) => Promise<ImageRequest>,
): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const block of blocks) {
    if (block.kind !== 'experiment') continue
    const sentences = new Set<string>()
    for (const value of block.experiment.values) {
      const { image, ...options } = optionsOfCell(block.experiment, value)
      await parse({ ...options, ...(image === undefined ? {} : { initImage: ANY_INPUT }) }).catch(
        (error: unknown) => {
          if (!(error instanceof UserError)) throw error
          sentences.add(error.message)
        },
      )
    }
    problems.push(...[...sentences].map((sentence) => ({ line: block.line, sentence })))
  }
  return problems
}
