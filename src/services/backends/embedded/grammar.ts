/**
 * Which words of a prompt belong together, and where in the picture their thing stands, as training/grammar.py does it: relations
 * ("above", "next to", "and"), sides ("on the left") and numbers up to four; not a parser of English.
 */

/** Id of a word at a place = number of the word + PLACE_STEP * place. */
export const PLACE_STEP = 10_000

/** Python's \w, \s and word boundary: JavaScript's know only ASCII letters. */
export const LETTER = String.raw`[\p{L}\p{N}_]`
export const SPACE = String.raw`[\t-\r\x1c-\x1f\x85\p{Z}]`

const WHOLE = 0
const [LEFT, RIGHT, ABOVE, BELOW] = [1, 2, 3, 4] as const
const [BOTTOM_LEFT, BOTTOM_RIGHT, TOP_LEFT, TOP_RIGHT] = [5, 6, 7, 8] as const
const SIDES: Readonly<Record<string, number>> = { left: LEFT, right: RIGHT, top: ABOVE, bottom: BELOW }
const OPPOSITE: Readonly<Record<number, number>> = {
  [LEFT]: RIGHT,
  [RIGHT]: LEFT,
  [ABOVE]: BELOW,
  [BELOW]: ABOVE,
}
const THREE = [ABOVE, BOTTOM_LEFT, BOTTOM_RIGHT]
const FOUR = [TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT]
const NUMBERS: Readonly<Record<string, number>> = { two: 2, three: 3, four: 4 }
const NUMBER = 'two|three|four|2|3|4'

const pattern = (source: string, flags = 'gu') =>
  new RegExp(source.replaceAll('LETTER', LETTER).replaceAll('SPACE', SPACE), flags)
/** Groups: 1 "left of", 2 "on the left", 3 above, 4 below; without a group: next to. */
const RELATION = pattern(
  '(?<!LETTER)(?:' +
    '(?:(?:to|on|at)SPACE+)?(?:theSPACE+)?(left|right)(?:SPACE+hand)?(?:SPACE+side)?SPACE+of' +
    '|(?:to|on|at|in)SPACE+theSPACE+(left|right|top|bottom)(?:SPACE+side)?' +
    '|(onSPACE+topSPACE+of|above|over|atop|on(?=SPACE+(?:an?|the|my)SPACE))' +
    '|(below|under|underneath|beneath)' +
    `|nextSPACE+to|beside|near|and|with(?=SPACE+(?:an?|the|${NUMBER})SPACE)` +
    ')(?!LETTER)' +
    `|,SPACE*(?=(?:an?|the|${NUMBER})SPACE)|[&+]`,
)
const COUNT = pattern(`^[^\\p{L}\\p{N}_]*(?:(?:an?|the|my)SPACE+)?(${NUMBER})SPACE+`, 'u')
const ENDS_IN_COMMA = pattern(',SPACE*$', 'u')
const NOISE = pattern('(?<!LETTER)(?:inSPACE+aSPACE+(?:row|line)|sideSPACE+bySPACE+side)(?!LETTER)')

type Thing = { words: string[]; side: number; relation: number }
type Placed = { word: string; place: number }

/** A text -> its words with their places, and the words of things for which there is no place. `knownWords` finds the words of a part. */
export type Grammar = (
  text: string,
  knownWords: (part: string) => string[],
) => { placed: Placed[]; left: string[] }

export function createGrammar(adjectives: ReadonlySet<string>, phrases: readonly string[]): Grammar {
  const escaped = phrases.map((phrase) => phrase.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`))
  const together = phrases.length > 0 ? pattern(`(?<!LETTER)(?:${escaped.join('|')})(?!LETTER)`) : undefined

  return (text, knownWords) => {
    const joined = together ? text.replace(together, (name) => name.replaceAll(' ', '_')) : text
    const things = split(joined.replace(NOISE, ' '), knownWords, adjectives)
    const places = placesOf(things)
    return {
      placed: places.flatMap((place, index) => (things[index]?.words ?? []).map((word) => ({ word, place }))),
      left: things.slice(places.length).flatMap(({ words }) => words),
    }
  }
}

/** The things of a prompt; words that are adjectives alone belong to the next thing. */
function split(
  text: string,
  knownWords: (part: string) => string[],
  adjectives: ReadonlySet<string>,
): Thing[] {
  const things: Thing[] = []
  let carried: string[] = []
  let [side, relation, start] = [WHOLE, RIGHT as number, 0]
  for (const match of [...text.matchAll(RELATION), undefined]) {
    const part = text.slice(start, match?.index)
    const [prefix = '', number] = COUNT.exec(part) ?? []
    const words = [...carried, ...knownWords(part.slice(prefix.length))]
    const isBare = words.every((word) => adjectives.has(word)) && (match !== undefined || things.length > 0)
    carried = isBare ? words : []
    if (!isBare && words.length > 0) {
      const times = number === undefined ? 1 : (NUMBERS[number] ?? Number(number))
      for (let time = 0; time < times; time++) things.push({ words, side, relation })
      ;[side, relation] = [WHOLE, RIGHT]
    }
    if (match === undefined) break
    start = match.index + match[0].length
    const last = things.at(-1)
    const named = SIDES[match[2] ?? ''] ?? WHOLE
    if (named !== WHOLE && last?.side === WHOLE && words.length > 0 && !isBare && !ENDS_IN_COMMA.test(part))
      things[things.length - 1] = { ...last, side: named }
    else if (named !== WHOLE) side = named
    // Where the next thing stands, seen from this one.
    else if (match[1]) relation = match[1] === 'left' ? RIGHT : LEFT
    else if (match[3]) relation = BELOW
    else if (match[4]) relation = ABOVE
  }
  const last = things.at(-1)
  if (last) things[things.length - 1] = { ...last, words: [...last.words, ...carried] }
  return things
}

/** The place of each thing; things beyond the fourth have none. */
function placesOf(things: readonly Thing[]): number[] {
  const [first, second] = things
  if (first === undefined || second === undefined) return things.map(({ side }) => side)
  if (things.length > 2) return things.length === 3 ? THREE : FOUR
  const place = OPPOSITE[first.side] ?? (second.side || second.relation)
  return [OPPOSITE[place] as number, place]
}
