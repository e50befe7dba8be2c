/** The use case of /swapface: from two kept pictures to an accepted job. */
import type { CommandOrigin, FaceEngine, Job, Parent, Person } from '../domain.ts'
import { UserError } from '../errors.ts'
import { alone, mustBeAlone } from './alone.ts'
import type { Backends } from './backends.ts'
import { limitsOf } from './budget.ts'
import type { AskedSwap } from './consent/check.ts'
import type { ConsentedSwap } from './consent/consentedSwap.ts'
import type { Consent } from './consent/index.ts'
import { engineFor } from './faceEngines.ts'
import type { FaceKit } from './faceKit.ts'
import type { Gallery } from './gallery.ts'
import type { Inputs } from './inputs.ts'
import type { JobQueue } from './queue.ts'
import type { Settings } from './settings.ts'

/** `engine` left out: the one inside the bot. */
export type SwapOptions = Omit<AskedSwap, 'kind' | 'model'> & { engine?: string | undefined }

export type SwapFaces = {
  /** @throws UserError not-allowed for a picture that shows a real person's face after a swap, or was made from one */
  mustBeOriginal(parents: readonly Parent[]): void
  /**
   * Looks for consent, then accepts the job.
   * @throws UserError not-allowed without consent and while the class is paused; not-found, not-set-up, too-many, over-budget
   */
  submit(
    options: SwapOptions,
    asker: Person,
    origin: CommandOrigin,
    parents?: readonly Parent[],
  ): Promise<Job>
}

export function createSwapFaces(services: {
  backends: Pick<Backends, 'all'>
  consent: Pick<Consent, 'check'>
  gallery: Pick<Gallery, 'consentsOf'>
  settings: Pick<Settings, 'guild'>
  kit: Pick<FaceKit, 'faces'>
  inputs: Pick<Inputs, 'png' | 'keep'>
  queue: Pick<JobQueue, 'add'>
}): SwapFaces {
  const { backends, consent, gallery, settings, kit, inputs, queue } = services
  // Its signature is of neither face in it, and what it shows was agreed to for that one picture only.
  function mustBeOriginal(parents: readonly Parent[]): void {
    if (gallery.consentsOf(parents).length > 0) throw new UserError('not-allowed', SWAPPED_BEFORE)
  }

  /** What the engine is sent, and what consent is looked up for: the same. */
  async function facesFor(
    { title, takesChosenFaces }: FaceEngine,
    asked: Omit<SwapOptions, 'engine'>,
    check: (faces: Omit<SwapOptions, 'engine'>) => Promise<ConsentedSwap>,
  ): Promise<ConsentedSwap> {
    if (takesChosenFaces) return check(asked)
    // First as it was asked for: of a person who has not agreed nothing is cut out and kept.
    const agreed = await check(asked)
    await mustBeAlone(asked.target, title, { kit, inputs })
    if (agreed.whose?.source.kind === 'practice') {
      // Of nobody; and cut out it would be another picture.
      await mustBeAlone(asked.source, title, { kit, inputs })
      return agreed
    }
    const { inputId, face } = await alone({ inputId: asked.source, face: asked.sourceFace }, title, {
      kit,
      inputs,
    })
    return check({ ...asked, source: inputId, sourceFace: face })
  }

  return {
    mustBeOriginal,
    async submit({ engine: asked, ...faces }, asker, origin, parents = []) {
      const rules = await settings.guild(origin.guildId)
      if (rules.isPaused) throw new UserError('not-allowed', PAUSED)
      mustBeOriginal(parents)
      const engine = engineFor(backends, asked)
      const swap = await facesFor(engine, faces, (each) =>
        consent.check({ kind: 'swap', model: engine.id, ...each }, asker, origin.guildId, parents),
      )
      const charge = engine.price && { usd: engine.price.usdPerPicture, limits: limitsOf(rules) }
      return queue.add(swap, asker, origin, { parents, charge })
    },
  }
}

const SWAPPED_BEFORE =
  'This picture comes from a face swap with the face of a real person, who agreed to that one only; please begin from the pictures that it was made of.'
const PAUSED =
  'Your instructor has paused the class, so nothing new is made right now; please keep your idea and try again a little later.'
