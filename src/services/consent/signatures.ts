/** What tells one picture of a face from another: of kept inputs, and of the practice faces. */
import { numberOf, type FaceKit } from '../faceKit.ts'
import type { Inputs } from '../inputs.ts'

/** The face of a kept input, counted from 0. */
export type FaceOf = { inputId: string; face: number }

export type Signatures = {
  /** @throws what the face engine throws when there is no such face */
  of(face: FaceOf, signal?: AbortSignal): Promise<Uint8Array>
  /** The name of the practice face that it belongs to. */
  practice(signature: Uint8Array): Promise<string | undefined>
}

const CACHED = 300

export function createSignatures({ kit, inputs }: { kit: FaceKit; inputs: Pick<Inputs, 'png'> }): Signatures {
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

  return {
    of: signatureOf,
    practice: async (signature) =>
      (await practiceSignatures()).find((each) => kit.sameFace(each.signature, signature))?.name,
  }
}
