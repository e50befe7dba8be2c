/** What a person asked for, named inside a sentence. Pure. */
import { isSwap, type JobRequest, type PictureRecipe } from '../../domain.ts'
import { plain } from './blocks.ts'

/** The prompt in quotes, or what kind of job it is where there is none. Markdown. */
export function whatWasAsked(request: JobRequest | PictureRecipe, limit = 300): string {
  if (isSwap(request)) return 'a face swap'
  const words = `“${plain(request.prompt, limit)}”`
  return 'experiment' in request && request.experiment
    ? `an experiment about ${request.experiment.variable}: ${words}`
    : words
}

/** How many pictures a job brings. */
export function picturesOf(request: JobRequest): number {
  if (isSwap(request)) return 1
  return request.experiment?.cells.length ?? request.count
}
