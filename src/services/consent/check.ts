/**
 * The only place that decides whether faces may be swapped: everything that swaps takes a ConsentedSwap, and only `check` makes one.
 */
import { isSwap, type FaceOwner, type Parent, type Person, type SwapRequest } from '../../domain.ts'
import { UserError } from '../../errors.ts'
import type { FaceKit } from '../faceKit.ts'
import type { Gallery } from '../gallery.ts'
import type { Inputs } from '../inputs.ts'
import type { Settings } from '../settings.ts'
import type { ConsentBook } from './book.ts'
import type { ConsentedSwap } from './consentedSwap.ts'
import type { FaceOf, Signatures } from './signatures.ts'

/** A swap that nobody has looked at yet. */
export type AskedSwap = Omit<SwapRequest, 'consents' | 'whose'>

/** Who wants a swap, where, and from which pictures of ours. */
type Look = { asker: Person; guildId: string; parents: readonly Parent[]; signal?: AbortSignal | undefined }

export type ConsentCheck = {
  /**
   * Looks at both faces of a swap. `parents`: pictures of Darkroom that they come from.
   * @throws UserError not-allowed that says how to ask; what the face engine throws when there is no such face
   */
  check(
    swap: AskedSwap,
    asker: Person,
    guildId: string,
    parents?: readonly Parent[],
    signal?: AbortSignal,
  ): Promise<ConsentedSwap>
  /** The same when its turn comes: a yes may have been taken back since. @throws UserError not-allowed */
  recheck(
    swap: SwapRequest,
    asker: Person,
    guildId: string,
    parents?: readonly Parent[],
    signal?: AbortSignal,
  ): Promise<void>
  /** @throws UserError not-allowed while real faces are off in the class */
  mustBeOn(guildId: string): Promise<void>
  /** The same, and @throws UserError not-allowed for a practice face, which needs no consent */
  mustBeReal(face: FaceOf, guildId: string): Promise<void>
}

export function createConsentCheck(services: {
  book: Pick<ConsentBook, 'living'>
  kit: Pick<FaceKit, 'sameFace'>
  settings: Pick<Settings, 'guild'>
  signatures: Signatures
  inputs: Pick<Inputs, 'idOf'>
  gallery: Pick<Gallery, 'get' | 'png'>
}): ConsentCheck {
  const { book, kit, settings, signatures, inputs, gallery } = services
  const areRealFacesOn = async (guildId: string) => (await settings.guild(guildId)).realFaces === true

  async function mustBeOn(guildId: string): Promise<void> {
    if (await areRealFacesOn(guildId)) return
    throw new UserError(
      'not-allowed',
      'Faces of real people are switched off in this class, so nobody is asked for theirs; an instructor can switch them on with `/class faces on`.',
    )
  }

  async function ownerOf(
    which: 'source' | 'target',
    face: FaceOf,
    { asker, guildId, parents, signal }: Look,
  ): Promise<{ owner: FaceOwner; consentId?: string }> {
    const signature = await signatures.of(face, signal)
    const relation = which === 'source' ? 'face' : 'scene'
    const parent = parents.find((each) => each.relation === relation)
    const isMadeOfThem = parent !== undefined && (await isPracticeSwap(parent, face))
    const name = await signatures.practice(face, isMadeOfThem)
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

  /** The input is the very picture that a swap of practice faces gave. */
  async function isPracticeSwap({ pictureId }: Parent, { inputId }: FaceOf): Promise<boolean> {
    const picture = gallery.get(pictureId)
    if (!picture || !isSwap(picture.recipe)) return false
    const { whose, consents } = picture.recipe
    const isOfNobody = whose?.source.kind === 'practice' && whose.target.kind === 'practice'
    if (!isOfNobody || consents.length > 0) return false
    return (await inputs.idOf(await gallery.png(picture))) === inputId
  }

  async function look(swap: AskedSwap, at: Look) {
    const source = { inputId: swap.source, face: swap.sourceFace }
    const target = { inputId: swap.target, face: swap.targetFace }
    const one = await ownerOf('source', source, at)
    const other = await ownerOf('target', target, at)
    const ids = [one, other].flatMap(({ consentId }) => consentId ?? [])
    return { whose: { source: one.owner, target: other.owner }, consents: [...new Set(ids)] }
  }

  return {
    mustBeOn,
    async check(swap, asker, guildId, parents = [], signal) {
      return { ...swap, ...(await look(swap, { asker, guildId, parents, signal })) } as ConsentedSwap
    },
    async recheck(swap, asker, guildId, parents = [], signal) {
      try {
        const { consents } = await look(swap, { asker, guildId, parents, signal })
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
      const name = await signatures.practice(face)
      if (name !== undefined) {
        throw new UserError(
          'not-allowed',
          `This is the practice face “${name}”; everyone may use it without asking.`,
        )
      }
      await mustBeOn(guildId)
    },
  }
}
