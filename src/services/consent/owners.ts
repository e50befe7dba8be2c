/** One face in one picture belongs to one person: two who say that it is theirs cannot both be right. */
import { UserError } from '../../errors.ts'
import type { FaceKit } from '../faceKit.ts'
import type { ConsentBook } from './book.ts'

export type Owners = {
  /** @throws UserError not-allowed while a yes of another person holds for this face in this picture; it does not say whose */
  mustBeNobodyElses(signature: Uint8Array, personId: string, guildId: string): void
}

export function createOwners({
  book,
  kit,
}: {
  book: Pick<ConsentBook, 'living'>
  kit: Pick<FaceKit, 'sameFace'>
}): Owners {
  return {
    mustBeNobodyElses(signature, personId, guildId) {
      const others = book.living(guildId).filter(({ subject }) => subject.id !== personId)
      if (!others.some((each) => kit.sameFace(each.signature, signature))) return
      throw new UserError(
        'not-allowed',
        'Another person of this class has said that this face is theirs, so nothing was stored; please show the picture to your instructor if that is wrong.',
      )
    },
  }
}
