/** Which of several faces? The picture with numbered boxes, and a button for each. */
import { ButtonStyle } from 'discord.js'
import { UserError } from '../errors.ts'
import type { Services } from '../services/index.ts'
import { button, gallery, rows, text, type View } from './render/blocks.ts'

/** As many as fit beside the picture and a Cancel button. */
const MOST = 20

/**
 * How many faces a kept picture has.
 * @param which what the person calls it, e.g. "source"
 * @throws UserError when there is none
 */
export async function countFaces(
  { inputs, kit }: Pick<Services, 'inputs' | 'kit'>,
  inputId: string,
  which: string,
  signal: AbortSignal,
): Promise<number> {
  const { faces } = await kit.faces.find(await inputs.png(inputId), signal)
  if (faces.length > 0) return faces.length
  throw new UserError(
    'invalid-options',
    `No face was found in the ${which} picture; please take one where the face is large, sharp and seen from the front.`,
  )
}

/** @param name first part of the buttons' custom ids; the rest is `<draftId>.<face from 1>` */
export async function renderChoice(
  { inputs, kit }: Pick<Services, 'inputs' | 'kit'>,
  { inputId, question, name, draftId }: { inputId: string; question: string; name: string; draftId: string },
  signal: AbortSignal,
): Promise<View> {
  const { png, count, alt } = await kit.faces.boxes(await inputs.png(inputId), signal)
  const file = { name: `faces-${draftId}.png`, data: png, description: alt }
  const numbers = Array.from({ length: Math.min(count, MOST) }, (_, i) => i + 1)
  return {
    components: [
      text(question),
      gallery([file]),
      ...rows(numbers.map((n) => button(`${name}:${draftId}.${n}`, `Face ${n}`, ButtonStyle.Primary))),
    ],
    files: [file],
  }
}

/** The draft and the face (from 0) that such a button stands for. @throws UserError not-found for another custom id */
export function readChoice(argument: string): { draftId: string; face: number } {
  const [, draftId, number] = /^([0-9a-z]+)\.(\d+)$/.exec(argument) ?? []
  if (draftId !== undefined && number !== undefined) return { draftId, face: Number(number) - 1 }
  throw new UserError('not-found', 'This button belongs to an older Darkroom and does nothing any more.')
}
