import { z } from 'zod'
import { createGrammar, type Grammar, LETTER, PLACE_STEP, SPACE } from './grammar.ts'
import { createWords } from './words.ts'

/** vocab.json, written by training/text.py: the one place of the word lists. */
export const vocabSchema = z.object({
  words: z.record(z.string(), z.int().positive()),
  /** How many places the network knows; 0: it draws one thing only. */
  places: z.int(),
  /** Emoji -> its name, longest emoji first. */
  emoji: z.record(z.string(), z.string()),
  aliases: z.record(z.string(), z.string()),
  stop: z.array(z.string()),
  colours: z.record(z.string(), z.array(z.number())),
  sizes: z.array(z.string()),
  /** Names with a word of place or number in them ("bow and arrow"): one thing. Longest first. */
  phrases: z.array(z.string()),
  /** What a slip of the pen is taken for. */
  names: z.array(z.string()),
})
export type Vocab = z.infer<typeof vocabSchema>

export type Tokens = {
  /** The number of each word plus PLACE_STEP times its place in the picture. */
  ids: number[]
  /** Words that the model has never seen, in their order. */
  unknown: string[]
  /** Misspelt words and what each was taken for. */
  corrected: [string, string][]
  /** Known words beyond what fits into one prompt. */
  left: string[]
}

const WORD = /[\p{L}\p{Nl}\p{No}]+/gu
/** A character of no meaning, around the names that stand for emoji. */
const MARK = '\ue000'
const NEIGHBOURS = new RegExp(`${MARK}${SPACE}*${MARK}`, 'gu')

/**
 * Prompt -> word ids, exactly as training/text.py does it (both are tested on one list of prompts): lower case, stop words out,
 * other forms and slips of the pen to the learnt word, "on a blue background" as one token, each thing at its place.
 */
export function createTokeniser(vocab: Vocab, maxWords: number): (prompt: string) => Tokens {
  const ids = new Map(Object.entries(vocab.words))
  const aliases = new Map(Object.entries(vocab.aliases))
  const stop = new Set(vocab.stop)
  const emoji = Object.entries(vocab.emoji)
  const colours = Object.keys(vocab.colours)
  const background = backgroundPattern(colours, aliases)
  const words = createWords(vocab, ids)
  const arrange =
    vocab.places > 0 ? createGrammar(new Set([...colours, ...vocab.sizes]), vocab.phrases) : oneThing

  return (prompt) => {
    let text = prompt.replaceAll(MARK, '')
    for (const [symbol, name] of emoji) {
      if (text.includes(symbol)) text = text.replaceAll(symbol, () => MARK + name + MARK)
    }
    text = text.replace(NEIGHBOURS, ' and ').replaceAll(MARK, ' ') // two emoji in a row are two things
    text = text.normalize('NFKC').toLowerCase().replaceAll('\u2019', "'").replaceAll("'s ", ' ')
    const unknown = new Set<string>()
    const corrected = new Map<string, string>()
    const found = new Map<number, string>()
    text = text.replace(background, (_, colour: string) => {
      const word = `bg:${aliases.get(colour) ?? colour}`
      found.set(ids.get(word) as number, word)
      return ' '
    })
    const knownWords = (part: string) =>
      [...part.matchAll(WORD)].flatMap(([word]) => {
        if (stop.has(word)) return []
        const learnt = words.lookUp(word) ?? words.formOf(word)
        const known = learnt ?? words.correct(word)
        if (known === undefined) unknown.add(word)
        else if (learnt === undefined) corrected.set(word, known)
        return known === undefined ? [] : [known]
      })
    const { placed, left } = arrange(text, knownWords)
    for (const { word, place } of placed) found.set((ids.get(word) as number) + PLACE_STEP * place, word)
    return {
      ids: [...found.keys()].slice(0, maxWords),
      unknown: [...unknown],
      corrected: [...corrected],
      left: [...[...found.values()].slice(maxWords), ...left],
    }
  }
}

/** For a network that knows no places: all words belong to one thing. */
const oneThing: Grammar = (text, knownWords) => ({
  placed: knownWords(text).map((word) => ({ word, place: 0 })),
  left: [],
})

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
