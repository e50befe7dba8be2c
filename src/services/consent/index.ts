/**
 * Nobody's face without their yes. The only place that decides whether faces may be swapped: everything that swaps takes a
 * ConsentedSwap, and only `check` makes one.
 */
import type { FaceOwner, Person, SwapRequest } from '../../domain.ts'
import { UserError } from '../../errors.ts'
import { numberOf, type FaceKit } from '../faceKit.ts'
import type { Inputs } from '../inputs.ts'
import type { InputUse } from '../inputUse.ts'
import type { Settings } from '../settings.ts'
import type { ConsentBook, ConsentRequest, GivenConsent } from './book.ts'
import type { ConsentedSwap } from './consentedSwap.ts'

/** A swap that nobody has looked at yet. */
export type AskedSwap = Omit<SwapRequest, 'consents' | 'whose'>

/** The face of a kept input. */
export type FaceOf = { inputId: string; face: number }

export type Consent = {
  /**
   * Looks at both faces of a swap.
   * @throws UserError not-allowed that says how to ask; what the face engine throws when there is no such face
   */
  check(swap: AskedSwap, asker: Person, guildId: string, signal?: AbortSignal): Promise<ConsentedSwap>
  /** The same when its turn comes: a yes may have been taken back since. @throws UserError not-allowed */
  recheck(swap: SwapRequest, asker: Person, guildId: string, signal?: AbortSignal): Promise<void>
  /** @throws UserError not-allowed while real faces are off in the class, and for a practice face, which needs none */
  mustBeReal(face: FaceOf, guildId: string): Promise<void>
  /** "I am the person in this picture, and I allow it." `user`: who may use it; left out: everyone in the class. */
  declare(face: FaceOf, subject: Person, guildId: string, user?: Person): Promise<GivenConsent>
  /** Stores a question. @throws UserError too-many, not-allowed when it was answered with no */
  ask(
    face: FaceOf,
    people: { asker: Person; subject: Person },
    place: { guildId: string; channelId: string },
  ): Promise<ConsentRequest>
  /** The question. @throws UserError when it is not theirs to answer, or was answered, or has run out */
  question(id: string, personId: string): ConsentRequest
  /** Its answer. @throws UserError as `question` */
  answer(id: string, personId: string, answer: 'yes' | 'no'): Promise<ConsentRequest>
  /** The message that asks. */
  setMessage: ConsentBook['setMessage']
  /** What a person has given and was given, and what waits for their answer. */
  of(
    personId: string,
    guildId: string,
  ): { given: GivenConsent[]; received: GivenConsent[]; open: ConsentRequest[] }
  /** Closes the questions that nobody has answered in time, and gives them back. */
  expire(): Promise<ConsentRequest[]>
}

/** So many open questions may one person have to another one. */
const MOST_OPEN = 3
const CACHED = 300

export function createConsent(options: {
  book: ConsentBook
  kit: FaceKit
  settings: Pick<Settings, 'guild'>
  inputs: Pick<Inputs, 'png'>
  inputUse: Pick<InputUse, 'release'>
}): Consent {
  const { book, kit, settings, inputs, inputUse } = options
  const known = new Map<string, Promise<Uint8Array>>()
  let practice: Promise<{ name: string; signature: Uint8Array }[]> | undefined

  /** Kept by content, so the signature of an input never changes. */
  function signatureOf({ inputId, face }: FaceOf, signal?: AbortSignal): Promise<Uint8Array> {
    const key = `${inputId} ${face}`
    const cached = known.get(key)
    if (cached) return cached
    const fresh = inputs.png(inputId).then((png) => kit.faces.signature(png, numberOf(face), signal))
    fresh.catch(() => known.delete(key))
    known.set(key, fresh)
    if (known.size > CACHED) known.delete(known.keys().next().value ?? '')
    return fresh
  }

  function practiceSignatures() {
    practice ??= Promise.all(
      kit.practiceFaces().map(async ({ name, title, faces }) => {
        const picture = await kit.practicePicture(name)
        const all = Array.from({ length: faces }, (_, face) => kit.faces.signature(picture, numberOf(face)))
        return (await Promise.all(all)).map((signature) => ({ name: title, signature }))
      }),
    ).then((pictures) => pictures.flat())
    practice.catch(() => (practice = undefined))
    return practice
  }

  const practiceNamed = async (signature: Uint8Array): Promise<string | undefined> =>
    (await practiceSignatures()).find((each) => kit.sameFace(each.signature, signature))?.name

  const areRealFacesOn = async (guildId: string) => (await settings.guild(guildId)).realFaces === true

  async function ownerOf(
    which: 'source' | 'target',
    face: FaceOf,
    asker: Person,
    guildId: string,
    signal?: AbortSignal,
  ): Promise<{ owner: FaceOwner; consentId?: string }> {
    const signature = await signatureOf(face, signal)
    const name = await practiceNamed(signature)
    if (name !== undefined) return { owner: { kind: 'practice', name } }
    if (!(await areRealFacesOn(guildId))) {
      throw new UserError(
        'not-allowed',
        `The face in the ${which} picture is not a practice face, and this class uses no other faces; please take one with \`face:\` or \`onto:\`, or ask your instructor (\`/class faces on\`, then \`/consent ask\`).`,
      )
    }
    const consent = book
      .living(guildId)
      .filter(({ user, subject }) => !user || user.id === asker.id || subject.id === asker.id)
      .find((each) => kit.sameFace(each.signature, signature))
    if (consent) return { owner: { kind: 'person', name: consent.subject.name }, consentId: consent.id }
    throw new UserError(
      'not-allowed',
      `The person in the ${which} picture has not allowed you to use this picture of their face; please ask them with \`/consent ask\` (or type \`/consent mine\` when it is you), or take a practice face.`,
    )
  }

  async function look(swap: AskedSwap, asker: Person, guildId: string, signal?: AbortSignal) {
    const source = { inputId: swap.source, face: swap.sourceFace }
    const target = { inputId: swap.target, face: swap.targetFace }
    const one = await ownerOf('source', source, asker, guildId, signal)
    const other = await ownerOf('target', target, asker, guildId, signal)
    const ids = [one, other].flatMap(({ consentId }) => consentId ?? [])
    return { whose: { source: one.owner, target: other.owner }, consents: [...new Set(ids)] }
  }

  /** @throws UserError when a person may not answer */
  function question(id: string, personId: string): ConsentRequest {
    const request = book.request(id)
    if (!request) throw new UserError('not-found', 'This question is not known any more.')
    if (request.subject.id !== personId) {
      throw new UserError('not-allowed', 'Only the person who was asked can open and answer this question.')
    }
    if (request.answer === 'expired') {
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
    async check(swap, asker, guildId, signal) {
      return { ...swap, ...(await look(swap, asker, guildId, signal)) } as ConsentedSwap
    },
    async recheck(swap, asker, guildId, signal) {
      try {
        const { consents } = await look(swap, asker, guildId, signal)
        // The pictures made of it hang on these: another yes for the same face is another promise.
        const isSame = consents.length === swap.consents.length
        if (isSame && swap.consents.every((id) => consents.includes(id))) return
      } catch (error) {
        if (!(error instanceof UserError && error.code === 'not-allowed')) throw error
      }
      throw new UserError(
        'not-allowed',
        'A person in these pictures has taken their yes back, or real faces were switched off, so this was not made.',
      )
    },
    async mustBeReal(face, guildId) {
      const name = await practiceNamed(await signatureOf(face))
      if (name !== undefined) {
        throw new UserError(
          'not-allowed',
          `This is the practice face “${name}”; everyone may use it without asking.`,
        )
      }
      if (!(await areRealFacesOn(guildId))) {
        throw new UserError(
          'not-allowed',
          'Faces of real people are switched off in this class, so nobody is asked for theirs; an instructor can switch them on with `/class faces on`.',
        )
      }
    },
    declare: async (face, subject, guildId, user) =>
      book.grant({ ...face, signature: await signatureOf(face), guildId, subject, user }),
    async ask(face, { asker, subject }, place) {
      if (asker.id === subject.id) {
        throw new UserError('invalid-options', 'This is you; please use `/consent mine` for your own face.')
      }
      const signature = await signatureOf(face)
      const before = book.requestsBetween(place.guildId, asker.id, subject.id)
      if (before.some(({ answer, signature: old }) => answer === 'no' && kit.sameFace(old, signature))) {
        throw new UserError('not-allowed', `${subject.name} has said no to this picture; please accept that.`)
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
    async answer(id, personId, answer) {
      const request = question(id, personId)
      if (!book.close(request, answer)) throw new UserError('not-found', 'You have answered this already.')
      if (answer === 'no') await inputUse.release([request.inputId])
      return { ...request, answer }
    },
    setMessage: (id, place) => book.setMessage(id, place),
    of(personId, guildId) {
      const living = book.living(guildId)
      return {
        given: living.filter(({ subject }) => subject.id === personId),
        received: living.filter(
          ({ subject, user }) => subject.id !== personId && (!user || user.id === personId),
        ),
        open: book.openRequests(guildId, personId),
      }
    },
    async expire() {
      const overdue = book.overdue()
      for (const request of overdue) {
        book.close(request, 'expired')
        await inputUse.release([request.inputId])
      }
      return overdue
    },
  }
}
