/** A face swap as a person reads or hears it: whose faces, and that a machine made it. Pure. */
import type { FaceOwner, SwapRequest } from '../../domain.ts'
import { plain, shorten } from './blocks.ts'

/** Under a picture that was made from a face swap. */
export const FROM_SWAP =
  '**Made from a face swap**: the person in it is not as they were; their face was put there by a machine.'
export const FROM_SWAP_ALT = 'made from a face swap'

/** Two sentences with markdown. */
export function swapInWords({ whose, model }: SwapRequest): string {
  const [source, target] = whose
    ? [bold(whose.source), bold(whose.target)]
    : ['one picture', 'a person in another one']
  return `**Face swap**: the face of ${source} on ${target}. It was made by a machine, with the engine **${plain(model, 60)}**; nobody looked like this.`
}

/** Alt text of a face swap. */
export function swapAlt({ whose }: SwapRequest): string {
  if (!whose) return 'Face swap, made by a machine: the face of one picture on a person in another one.'
  return `Face swap, made by a machine: the face of ${heard(whose.source)} on ${heard(whose.target)}.`
}

const bold = ({ kind, name }: FaceOwner): string =>
  kind === 'practice' ? `**practice face ${plain(name, 60)}**` : `**${plain(name, 60)}** (with their consent)`

const heard = ({ kind, name }: FaceOwner): string =>
  kind === 'practice' ? `practice face ${shorten(name, 60)}` : `${shorten(name, 60)} (with their consent)`
