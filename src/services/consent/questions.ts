/** Questions about a face: asked by one person, answered by the person depicted, open for seven days. */
import type { Person } from '../../domain.ts'
import { UserError } from '../../errors.ts'
import type { FaceKit } from '../faceKit.ts'
import type { InputUse } from '../inputUse.ts'
import type { ConsentBook } from './book.ts'
import type { Owners } from './owners.ts'
import type { ConsentRequest } from './rows.ts'
import type { FaceOf, Signatures } from './signatures.ts'

export type Questions = {
  /** Stores a question. @throws UserError too-many, not-allowed soon after a no or when the face is somebody else's */
  ask(
    face: FaceOf,
    people: { asker: Person; subject: Person },
    place: { guildId: string; channelId: string },
  ): Promise<ConsentRequest>
  /** The question. @throws UserError when it is not theirs to answer, or was answered, or has run out */
  question(id: string, personId: string): ConsentRequest
  /** Its answer. @throws UserError as `question` */
  answer(id: string, personId: string, answer: 'yes' | 'no'): Promise<ConsentRequest>
  /** Whatever became of it; undefined when there never was one. */
  request: ConsentBook['request']
  /** The message that asks. */
  setMessage: ConsentBook['setMessage']
  /** Closes the questions that nobody has answered in time, and gives them back. */
  expire(): Promise<ConsentRequest[]>
}

/** So many open questions may one person have to another one. */
const MOST_OPEN = 3

export function createQuestions(services: {
  book: ConsentBook
  kit: Pick<FaceKit, 'sameFace'>
  signatures: Signatures
  inputUse: Pick<InputUse, 'release'>
  owners: Owners
}): Questions {
  const { book, kit, signatures, inputUse, owners } = services

  /** @throws UserError when a person may not answer */
  function question(id: string, personId: string): ConsentRequest {
    const request = book.request(id)
    if (!request) throw new UserError('not-found', 'This question is not known any more.')
    if (request.subject.id !== personId) {
      throw new UserError('not-allowed', 'Only the person who was asked can open and answer this question.')
    }
    if (request.answer === 'expired' || (!request.answer && book.isOverdue(request))) {
      throw new UserError('not-found', 'Nobody answered this question in seven days, so it has run out.')
    }
    if (request.answer) {
      throw new UserError(
        'not-found',
        `You have answered this already (${request.answer}); see \`/consent list\`.`,
      )
    }
    return request
  }

  return {
    async ask(face, { asker, subject }, place) {
      if (asker.id === subject.id) {
        throw new UserError('invalid-options', 'This is you; please use `/consent mine` for your own face.')
      }
      const signature = await signatures.of(face)
      owners.mustBeNobodyElses(signature, subject.id, place.guildId)
      // Neither picture nor signature of a no is kept, so it counts for all questions for a while.
      if (book.hasSaidNo(place.guildId, asker.id, subject.id)) {
        throw new UserError(
          'not-allowed',
          `${subject.name} has said no to a question of yours in the last days; please accept that.`,
        )
      }
      const open = book.openRequests(place.guildId, subject.id).filter((each) => each.asker.id === asker.id)
      if (open.some((each) => kit.sameFace(each.signature, signature))) {
        throw new UserError(
          'too-many',
          `You have asked ${subject.name} about this picture; please wait for the answer.`,
        )
      }
      if (open.length >= MOST_OPEN) {
        throw new UserError(
          'too-many',
          `${subject.name} has ${MOST_OPEN} questions of yours to answer; please wait.`,
        )
      }
      return book.addRequest({ ...face, signature, ...place, asker, subject })
    },
    question,
    request: (id) => book.request(id),
    async answer(id, personId, answer) {
      const request = question(id, personId)
      if (answer === 'yes') owners.mustBeNobodyElses(request.signature, personId, request.guildId)
      if (!book.close(request, answer)) throw new UserError('not-found', 'You have answered this already.')
      if (answer === 'no') inputUse.release([request.inputId])
      return { ...request, answer }
    },
    setMessage: (id, place) => book.setMessage(id, place),
    async expire() {
      const overdue = book.overdue()
      for (const request of overdue) {
        book.close(request, 'expired')
        inputUse.release([request.inputId])
      }
      return overdue
    },
  }
}
