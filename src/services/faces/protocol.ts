/** What the bot's thread and the face thread say to each other. */
import type { UserErrorCode } from '../../errors.ts'
import type { Boxes, Found, SwapOrder, Swapped } from './types.ts'

export type Task =
  | { kind: 'find'; picture: Uint8Array }
  | { kind: 'swap'; order: SwapOrder }
  | { kind: 'boxes'; picture: Uint8Array }
  | { kind: 'signature'; picture: Uint8Array; face: number }

export type Answers = { find: Found; swap: Swapped; boxes: Boxes; signature: Uint8Array }
export type Answer = Answers[Task['kind']]

/** What the person has to mend. */
export type Refusal = { code: UserErrorCode; sentence: string }
