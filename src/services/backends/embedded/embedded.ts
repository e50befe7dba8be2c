import { availableParallelism } from 'node:os'
import {
  type GeneratedImage,
  type ImageBackend,
  type InputImages,
  type Recipe,
  recipeSchema,
  type Run,
  type RunStep,
} from '../../../domain.ts'
import { BackendError } from '../../../errors.ts'
import { effectiveSteps } from '../../effectiveSteps.ts'
import { sigmasOf } from '../../schedules.ts'
import { type Beginning, beginningOf, putBack, remaining } from './begin.ts'
import { createLane } from './lane.ts'
import { type Model, readModel, SIZE } from './model.ts'
import { notesOn } from './notes.ts'
import { enlarge } from './picture.ts'
import { findMethod } from './samplers.ts'

type Context = {
  signal: AbortSignal
  input: InputImages | undefined
  onStep: (step: RunStep) => void
  onDrawn?: () => void
}

/** The backend that needs nothing: a small diffusion model in a thread of this process. Rejects when the model's folder cannot be read. */
export async function createEmbedded(folder: string): Promise<ImageBackend> {
  const model = await readModel(folder)
  const { pixels, maxWords } = model
  const lane = createLane({ modelFile: model.file, pixels, maxWords, threads: threads() })

  async function draw(asked: Recipe, context: Context) {
    const { input } = context
    const { recipe, drawing, notes, unknownWords } = plan(model, asked, await begin(asked, input))
    const planes = await lane.draw(drawing, context)
    context.onDrawn?.()
    const large = enlarge(planes, pixels, SIZE)
    const png = await (input ? await putBack(large, input, SIZE) : large).png(PNG).toBuffer()
    return { recipe, planes, png, notes, unknownWords }
  }

  function begin(asked: Recipe, input: InputImages | undefined): Promise<Beginning> | undefined {
    if (input) return beginningOf(input, strengthOf(asked), pixels)
    if (asked.initImage === undefined) return undefined
    throw new BackendError('embedded', 'rejected', 'the picture it begins from is missing')
  }

  return {
    id: 'embedded',
    lanes: 1,
    models: () => [model.info],

    async generate(request, { signal, onProgress, onFree, input }) {
      const images: GeneratedImage[] = []
      const steps = input ? effectiveSteps(request.steps, strengthOf(request)) : request.steps
      for (let index = 0; index < request.count; index++) {
        const onStep = ({ index: step, guess }: RunStep) =>
          onProgress({
            pictureIndex: index,
            pictureCount: request.count,
            step: step + 1,
            steps,
            preview: () => enlarge(guess, pixels, SIZE).webp({ quality: 80 }).toBuffer(),
          })
        const { recipe, png, notes } = await draw(recipeOf(request, index), {
          signal,
          input,
          onStep,
          ...(onFree && index === request.count - 1 && { onDrawn: onFree }),
        })
        images.push({ recipe, png, width: SIZE, height: SIZE, notes })
      }
      return images
    },

    async replay(recipe, { signal, input }): Promise<Run> {
      const steps: RunStep[] = []
      const drawn = await draw(recipe, { signal, input, onStep: (step) => steps.push(step) })
      const { planes, png, unknownWords } = drawn
      return { recipe: drawn.recipe, width: pixels, height: pixels, steps, final: planes, png, unknownWords }
    },

    close: () => lane.close(),
  }
}

/** The recipe of one picture of a request; seeds start again at 0 after the largest. */
function recipeOf(request: Recipe, index: number): Recipe {
  const recipe = recipeSchema.parse(request)
  const next = (seed: number) => (seed + index) % 2 ** 32
  if (variationOf(recipe) === undefined) return { ...recipe, seed: next(recipe.seed) }
  return { ...recipe, variationSeed: next(recipe.variationSeed as number) }
}

/** From words to numbers. The recipe comes back with the schedule that is really used. Throws BackendError for names that do not exist. */
function plan(model: Model, asked: Recipe, beginning: Beginning | undefined) {
  const method = findMethod(asked.sampler, asked.scheduler)
  if (method === undefined) throw new BackendError('embedded', 'rejected', 'no such sampler or scheduler')
  const prompt = model.tokenise(asked.prompt)
  const negativePrompt = model.tokenise(asked.negativePrompt)
  const scheduler = method.schedule.id
  return {
    recipe: { ...asked, scheduler },
    drawing: {
      conditioning: { prompt: prompt.ids, negativePrompt: negativePrompt.ids, cfgScale: asked.cfgScale },
      seed: asked.seed,
      variation: variationOf(asked),
      steps: asked.steps,
      sampler: asked.sampler,
      scheduler,
      beginning,
    },
    notes: notesOn(asked, {
      scheduler,
      beginning: beginning && {
        strength: beginning.strength,
        sigmas: remaining(sigmasOf(method.schedule, asked.steps), beginning.strength),
        isMasked: beginning.mask !== undefined,
      },
      pixels: model.pixels,
      prompt,
      negativePrompt,
    }),
    unknownWords: prompt.unknown,
  }
}

/** Of a smooth picture half the bytes of sharp's default in the same time: 109 kB against 218 kB, 11 ms against 10 ms. */
const PNG = { adaptiveFiltering: true, compressionLevel: 3 }

/** AUTOMATIC1111's own where a recipe names none. */
const strengthOf = ({ denoisingStrength = 0.75 }: Recipe): number => denoisingStrength

function variationOf({ variationSeed, variationStrength }: Recipe) {
  if (variationSeed === undefined || variationStrength === undefined || variationStrength === 0)
    return undefined
  return { seed: variationSeed, strength: variationStrength }
}

/** One core stays with the bot: a command must be acknowledged while a picture is drawn. */
export function threads(): number {
  return Math.max(1, Math.min(4, availableParallelism() - 1))
}
