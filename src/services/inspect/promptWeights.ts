/** Brackets as weights, as AUTOMATIC1111 counts them. */

export type Weighted = { text: string; weight: number }

const ROUND = 1.1
const SQUARE = 1 / 1.1
/** Deeper ones are only found in prompts made to keep a program busy; they are passed over. */
const DEEPEST = 40
const TOKEN = /\\[()[\]\\]|\(|\[|:\s*[+-]?\d*\.?\d+\s*\)|\)|\]|[^\\()[\]:]+|[\\:]/g

/**
 * `(x)` counts 1.1 times, `[x]` is divided by 1.1, `(x:1.3)` counts 1.3 times, nested ones multiply, `\(` is a bracket to be seen, and
 * a bracket that is never closed goes on to the end.
 */
export function weightsOf(prompt: string): Weighted[] {
  const pieces: Weighted[] = []
  const round: number[] = []
  const square: number[] = []
  // A bracket acts on all pieces since it was opened.
  const open = (stack: number[]) => void (stack.length < DEEPEST && stack.push(pieces.length))
  const close = (from: number | undefined, factor: number) => {
    for (const piece of pieces.slice(from)) piece.weight *= factor
  }
  for (const [token] of prompt.matchAll(TOKEN)) {
    const number = /^:\s*([+-]?\d*\.?\d+)\s*\)$/.exec(token)?.[1]
    if (token.length === 2 && token.startsWith('\\')) pieces.push({ text: token.slice(1), weight: 1 })
    else if (token === '(') open(round)
    else if (token === '[') open(square)
    else if (number !== undefined && round.length > 0) close(round.pop(), Number(number))
    else if (token === ')' && round.length > 0) close(round.pop(), ROUND)
    else if (token === ']' && square.length > 0) close(square.pop(), SQUARE)
    else pieces.push({ text: token, weight: 1 })
  }
  for (const from of round) close(from, ROUND)
  for (const from of square) close(from, SQUARE)
  return merged(pieces)
}

/** Neighbours of the same weight as one piece. */
function merged(pieces: readonly Weighted[]): Weighted[] {
  const result: Weighted[] = []
  for (const { text, weight } of pieces) {
    const before = result.at(-1)
    if (before?.weight === weight) before.text += text
    else result.push({ text, weight })
  }
  return result.length > 0 ? result : [{ text: '', weight: 1 }]
}
