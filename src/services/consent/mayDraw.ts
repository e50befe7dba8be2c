/** The second look at consent, when a job's turn has come: a yes may have been taken back while it waited. */
import { isSwap, type Job } from '../../domain.ts'
import { UserError } from '../../errors.ts'
import type { Gallery } from '../gallery.ts'
import type { ConsentBook } from './book.ts'
import type { Consent } from './index.ts'

export function createMayDraw(services: {
  book: Pick<ConsentBook, 'isLiving'>
  consent: Pick<Consent, 'recheck'>
  gallery: Pick<Gallery, 'consentsOf'>
}): (job: Job, signal: AbortSignal) => Promise<void> {
  const { book, consent, gallery } = services
  return async ({ request, parents, asker, origin }, signal) => {
    if (isSwap(request)) await consent.recheck(request, asker, origin.guildId, parents, signal)
    if (gallery.consentsOf(parents).every(book.isLiving)) return
    throw new UserError(
      'not-allowed',
      'A person in the picture that this begins from has taken their yes back, or it has run out, so this was not made.',
    )
  }
}
