import { z } from 'zod'

/** vocab.json, written by training/text.py: the one place of the word lists. */
export const vocabSchema = z.object({
  words: z.record(z.string(), z.int().positive()),
  /** Emoji -> its name, longest emoji first. */
  emoji: z.record(z.string(), z.string()),
  aliases: z.record(z.string(), z.string()),
  stop: z.array(z.string()),
  colours: z.record(z.string(), z.array(z.number())),
})
export type Vocab = z.infer<typeof vocabSchema>

export type Tokens = {
  ids: number[]
  /** Words that the model has never seen, in their order. */
  unknown: string[]
  /** Known words beyond what fits into one prompt. */
  left: string[]
}

/** Python's \w, \s and word boundary: JavaScript's know only ASCII letters. */
const LETTER = String.raw`[\p{L}\p{N}_]`
const SPACE = String.raw`[\t-\r\x1c-\x1f\x85\p{Z}]`
const WORD = /[\p{L}\p{Nl}\p{No}]+/gu

/**
 * Prompt -> word ids, exactly as training/text.py does it (both are tested on one list of prompts): lower case, stop words out,
 * plurals to singular, "on a blue background" as one token.
 */
export function createTokeniser(vocab: Vocab, maxWords: number): (prompt: string) => Tokens {
  const ids = new Map(Object.entries(vocab.words))
  const aliases = new Map(Object.entries(vocab.aliases))
  const stop = new Set(vocab.stop)
  const emoji = Object.entries(vocab.emoji)
  const background = backgroundPattern(Object.keys(vocab.colours), aliases)

  const lookUp = (word: string) => {
    const singulars = singular(word)
    const candidates = [word, aliases.get(word), ...singulars, ...singulars.map((one) => aliases.get(one))]
    return candidates.find((candidate) => candidate !== undefined && ids.has(candidate))
  }

  return (prompt) => {
    let text = prompt
    for (const [symbol, name] of emoji) text = text.replaceAll(symbol, () => ` ${name} `)
    text = text.normalize('NFKC').toLowerCase().replaceAll('\u2019', "'").replaceAll("'s ", ' ')
    const found: string[] = []
    const unknown = new Set<string>()
    text = text.replace(background, (_, colour: string) => {
      found.push(`bg:${aliases.get(colour) ?? colour}`)
      return ' '
    })
    for (const [word] of text.matchAll(WORD)) {
      if (stop.has(word)) continue
      const known = lookUp(word)
      if (known === undefined) unknown.add(word)
      else if (!found.includes(known)) found.push(known)
    }
    return {
      ids: found.slice(0, maxWords).map((word) => ids.get(word) as number),
      unknown: [...unknown],
      left: found.slice(maxWords),
    }
  }
}

/** Candidates for the singular of an English plural, likeliest first. */
function singular(word: string): string[] {
  const length = Array.from(word).length
  return [
    ...(word.endsWith('ies') && length > 4 ? [`${word.slice(0, -3)}y`] : []),
    ...(word.endsWith('ves') && length > 4 ? [`${word.slice(0, -3)}f`] : []),
    ...(word.endsWith('es') && length > 3 ? [word.slice(0, -2)] : []),
    ...(word.endsWith('s') && !word.endsWith('ss') && length > 3 ? [word.slice(0, -1)] : []),
  ]
}

/** "on a blue background" and the like; group 1 is the colour or an alias of one. */
function backgroundPattern(colours: string[], aliases: ReadonlyMap<string, string>): RegExp {
  const others = [...aliases].filter(([, colour]) => colours.includes(colour)).map(([alias]) => alias)
  const names = [...colours, ...others].join('|')
  const start = `(?<!${LETTER})`
  return new RegExp(
    `(?:${start}(?:on|with|against|over|in|and)${SPACE}+)?(?:${start}(?:an?|the)${SPACE}+)?` +
      `${start}(${names})${SPACE}+background(?!${LETTER})`,
    'gu',
  )
}
