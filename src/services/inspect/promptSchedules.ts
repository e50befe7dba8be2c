/** Words that change while a picture is drawn: `[a:b:n]`, `[a:n]`, `[a::n]` and `[a|b]`. */

export type Change = {
  kind: 'switch' | 'add' | 'remove' | 'alternate'
  /** As written, for people. */
  source: string
  /** What is there first, and what after it; for `alternate` all that take turns. */
  words: string[]
  /** When it changes: below 1 a part of the steps, else a step number; 0 for `alternate`. */
  at: number
  /** The words at the end of the run. */
  last: string
}

/** A prompt in pieces: plain text (with weights in it) or a place that changes. */
export type Piece = string | { change: Change; textAt(step: number, steps: number): string }

type Frame = { open: string; parts: Piece[][]; separators: string[] }

/** Brackets within brackets beyond this are taken as letters. */
const DEEPEST = 40

/** Finds the places that change, also within each other. Pure; what is not well-formed stays text. */
export function parseSchedules(prompt: string): { pieces: Piece[]; changes: Change[] } {
  const changes: Change[] = []
  const frames: Frame[] = [{ open: '', parts: [[]], separators: [] }]
  const top = () => frames.at(-1) as Frame
  const add = (piece: Piece) => void top().parts.at(-1)?.push(piece)

  for (const [token] of prompt.matchAll(/\\.|[^\\()[\]:|]+|[^]/gs)) {
    const { open } = top()
    if ((token === '[' || token === '(') && frames.length < DEEPEST) {
      frames.push({ open: token, parts: [[]], separators: [] })
    } else if ((token === ':' || token === '|') && open === '[') {
      top().separators.push(token)
      top().parts.push([])
    } else if ((token === ']' && open === '[') || (token === ')' && open === '(')) {
      const frame = frames.pop() as Frame
      const change = token === ']' ? changeOf(frame) : undefined
      if (change) {
        changes.push(change.change)
        add(change)
      } else for (const piece of piecesOf(frame, token)) add(piece)
    } else add(token)
  }
  while (frames.length > 1) {
    const frame = frames.pop() as Frame
    for (const piece of piecesOf(frame, '')) add(piece)
  }
  return { pieces: top().parts.flat(), changes }
}

/** The prompt at each stretch of a run of that many steps: `upTo` is the last step with this text. */
export function promptOverSteps(prompt: string, steps: number): { upTo: number; text: string }[] {
  const { pieces } = parseSchedules(prompt)
  const stretches: { upTo: number; text: string }[] = []
  for (let step = 1; step <= steps; step += 1) {
    const text = textOf(pieces, step, steps)
    const before = stretches.at(-1)
    if (before?.text === text) before.upTo = step
    else stretches.push({ upTo: step, text })
  }
  return stretches
}

const textOf = (pieces: readonly Piece[], step: number, steps: number): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : piece.textAt(step, steps))).join('')

/** As it was written. */
function* piecesOf({ open, parts, separators }: Frame, close: string): Generator<Piece> {
  yield open
  for (const [index, part] of parts.entries()) {
    yield* part
    yield separators[index] ?? ''
  }
  yield close
}

function changeOf(frame: Frame): Exclude<Piece, string> | undefined {
  const { parts, separators } = frame
  if (separators.length === 0) return undefined
  const source = [...piecesOf(frame, ']')].map(sourceOf).join('')
  const words = parts.map((part) => part.map(lastOf).join(''))
  if (separators.every((separator) => separator === '|')) {
    const change: Change = { kind: 'alternate', source, words, at: 0, last: words[0] ?? '' }
    const turn = (step: number) => parts[(step - 1) % parts.length] ?? []
    return { change, textAt: (step, steps) => textOf(turn(step), step, steps) }
  }
  const when = /^\s*(\d*\.?\d+)\s*$/.exec(parts.at(-1)?.map(sourceOf).join('') ?? '')?.[1]
  const isTimed = separators.every((separator) => separator === ':') && parts.length <= 3
  if (!isTimed || when === undefined) return undefined
  const [before, after] = parts.length === 3 ? [parts[0] ?? [], parts[1] ?? []] : [[], parts[0] ?? []]
  const [first, last] = [before, after].map((part) => part.map(lastOf).join('')) as [string, string]
  const kind = first.trim() === '' ? 'add' : last.trim() === '' ? 'remove' : 'switch'
  const at = Number(when)
  // "1.0" is all of the steps, "1" is the first one.
  const lastStepBefore = (steps: number) => (at < 1 || (when.includes('.') && at === 1) ? at * steps : at)
  return {
    change: { kind, source, words: [first, last], at, last },
    textAt: (step, steps) =>
      textOf(step <= Math.min(steps, Math.floor(lastStepBefore(steps))) ? before : after, step, steps),
  }
}

const sourceOf = (piece: Piece): string => (typeof piece === 'string' ? piece : piece.change.source)
const lastOf = (piece: Piece): string => (typeof piece === 'string' ? piece : piece.change.last)
