/** Nobody's face without their yes: the check of swaps, the questions, and what people have given. */
import type { Person } from '../../domain.ts'
import type { FaceKit } from '../faceKit.ts'
import type { Gallery } from '../gallery.ts'
import type { Inputs } from '../inputs.ts'
import type { InputUse } from '../inputUse.ts'
import type { Settings } from '../settings.ts'
import type { ConsentBook } from './book.ts'
import type { ConsentRequest, GivenConsent } from './rows.ts'
import { createConsentCheck, type ConsentCheck } from './check.ts'
import { createOwners } from './owners.ts'
import { createQuestions, type Questions } from './questions.ts'
import { createSignatures, type FaceOf } from './signatures.ts'

export type Consent = ConsentCheck &
  Questions & {
    /**
     * "I am the person in this picture, and I allow it." `user`: who may use it; left out: everyone in the class.
     * @throws UserError not-allowed when another person has said so of the same face
     */
    declare(face: FaceOf, subject: Person, guildId: string, user?: Person): Promise<GivenConsent>
    /** What a person has given (also what has run out, as long as it was not taken back) and was given, and what waits for their answer. */
    of(
      personId: string,
      guildId: string,
    ): { given: GivenConsent[]; received: GivenConsent[]; open: ConsentRequest[] }
  }

export function createConsent(options: {
  book: ConsentBook
  kit: FaceKit
  settings: Pick<Settings, 'guild'>
  inputs: Pick<Inputs, 'png' | 'idOf'>
  gallery: Pick<Gallery, 'get' | 'png'>
  inputUse: Pick<InputUse, 'release'>
}): Consent {
  const { book, kit, settings, inputs, gallery, inputUse } = options
  const signatures = createSignatures({ kit, inputs })
  const owners = createOwners({ book, kit })
  return {
    ...createConsentCheck({ book, kit, settings, signatures, inputs, gallery }),
    ...createQuestions({ book, kit, signatures, inputUse, owners }),
    async declare(face, subject, guildId, user) {
      const signature = await signatures.of(face)
      owners.mustBeNobodyElses(signature, subject.id, guildId)
      return book.grant({ ...face, signature, guildId, subject, user })
    },
    of(personId, guildId) {
      const living = book.living(guildId)
      return {
        given: book.givenBy(guildId, personId),
        received: living.filter(
          ({ subject, user }) => subject.id !== personId && (!user || user.id === personId),
        ),
        open: book.openRequests(guildId, personId),
      }
    },
  }
}
