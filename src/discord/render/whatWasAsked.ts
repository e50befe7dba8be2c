/** What a person asked for, named inside a sentence. Pure. */
import { isSwap, type JobRequest, type PictureRecipe } from '../../domain.ts'
import { variableWords } from '../../experimentWords.ts'
import { plain } from './blocks.ts'

/** The prompt in quotes, or what kind of job it is where there is none. Markdown. */
export function whatWasAsked(request: JobRequest | PictureRecipe, limit = 300): string {
  if (isSwap(request)) return 'a face swap'
  const words = `“${plain(request.prompt, limit)}”`
  const experiment = 'experiment' in request ? request.experiment : undefined
  if (!experiment) return words
  const about = `an experiment about the ${variableWords[experiment.variable].name}`
  return experiment.variable === 'prompt' ? about : `${about} of ${words}`
}
