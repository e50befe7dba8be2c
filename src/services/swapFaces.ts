/** The use case of /swapface: from two kept pictures to an accepted job. */
import type { CommandOrigin, Job, Parent, Person } from '../domain.ts'
import { UserError } from '../errors.ts'
import type { Backends } from './backends.ts'
import { limitsOf } from './budget.ts'
import type { AskedSwap } from './consent/check.ts'
import type { Consent } from './consent/index.ts'
import { engineFor } from './faceEngines.ts'
import type { Gallery } from './gallery.ts'
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
  queue: Pick<JobQueue, 'add'>
}): SwapFaces {
  const { backends, consent, gallery, settings, queue } = services
  // Its signature is of neither face in it, and what it shows was agreed to for that one picture only.
  function mustBeOriginal(parents: readonly Parent[]): void {
    if (gallery.consentsOf(parents).length > 0) throw new UserError('not-allowed', SWAPPED_BEFORE)
  }

  return {
    mustBeOriginal,
    async submit({ engine: asked, ...faces }, asker, origin, parents = []) {
      const rules = await settings.guild(origin.guildId)
      if (rules.isPaused) throw new UserError('not-allowed', PAUSED)
      mustBeOriginal(parents)
      const engine = engineFor(backends, asked)
      const swap = await consent.check({ kind: 'swap', model: engine.id, ...faces }, asker, origin.guildId)
      const charge = engine.price && { usd: engine.price.usdPerPicture, limits: limitsOf(rules) }
      return queue.add(swap, asker, origin, { parents, charge })
    },
  }
}

const SWAPPED_BEFORE =
  'This picture comes from a face swap with the face of a real person, who agreed to that one only; please begin from the pictures that it was made of.'
const PAUSED =
  'Your instructor has paused the class, so nothing new is made right now; please keep your idea and try again a little later.'
