/** What tells one picture of a face from another, and which are practice faces. */
import { numberOf, type FaceKit } from '../faceKit.ts'
import type { Inputs } from '../inputs.ts'

/** The face of a kept input, counted from 0. */
export type FaceOf = { inputId: string; face: number }

export type Signatures = {
  /** @throws what the face engine throws when there is no such face */
  of(face: FaceOf, signal?: AbortSignal): Promise<Uint8Array>
  /**
   * The name of the practice face that it is: the very picture that comes with Darkroom. Not by signature: a practice picture with
   * somebody's face swapped onto it has nearly the same one.
   * @param isMadeOfThem it is a swap of Darkroom with practice faces only
   */
  practice(face: FaceOf, isMadeOfThem?: boolean): Promise<string | undefined>
}

type Known = { title: string; signature: Uint8Array }

const CACHED = 300

export function createSignatures({
  kit,
  inputs,
}: {
  kit: FaceKit
  inputs: Pick<Inputs, 'png' | 'idOf'>
}): Signatures {
  const known = new Map<string, Promise<Uint8Array>>()
  let practice: Promise<{ ids: Set<string>; known: Known[] }> | undefined

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

  /** The ids that their pictures have as inputs, and which face in them is whose. */
  function practiceFaces() {
    practice ??= Promise.all(
      kit.practiceFaces().map(async ({ name, title, faces }) => {
        const picture = await kit.practicePicture(name)
        const all = Array.from({ length: faces }, (_, face) => kit.faces.signature(picture, numberOf(face)))
        const known = (await Promise.all(all)).map((signature) => ({ title, signature }))
        return { id: await inputs.idOf(picture), known }
      }),
    ).then((pictures) => ({
      ids: new Set(pictures.map(({ id }) => id)),
      known: pictures.flatMap(({ known }) => known),
    }))
    practice.catch(() => (practice = undefined))
    return practice
  }

  return {
    of: signatureOf,
    async practice(face, isMadeOfThem) {
      const { ids, known } = await practiceFaces()
      if (!ids.has(face.inputId) && !isMadeOfThem) return undefined
      const signature = await signatureOf(face)
      return known.find((each) => kit.sameFace(each.signature, signature))?.title ?? 'without a name'
    },
  }
}
