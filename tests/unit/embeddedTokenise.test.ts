import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { PLACE_STEP } from '../../src/services/backends/embedded/grammar.ts'
import { createTokeniser, vocabSchema } from '../../src/services/backends/embedded/tokenise.ts'

const read = async (file: string) =>
  JSON.parse(await readFile(new URL(file, import.meta.url), 'utf8')) as unknown
const vocab = vocabSchema.parse(await read('../../data/models/emoji/vocab.json'))
const byPython = (await read('../fixtures/prompts.json')) as {
  prompt: string
  ids: number[]
  placed: number[]
  unknown: string[]
}[]
const { maxWords } = (await read('../../data/models/emoji/model.json')) as { maxWords: number }
const tokenise = createTokeniser(vocab, maxWords)
/** As for a network that knows places, whatever the committed one knows. */
const withPlaces = createTokeniser({ ...vocab, places: 9 }, maxWords)
const words = new Map(Object.entries(vocab.words).map(([word, id]) => [id, word]))
const wordsOf = (prompt: string) => tokenise(prompt).ids.map((id) => words.get(id))

describe('tokeniser', () => {
  it.each(byPython)('reads %j as the training does', ({ prompt, ids, placed, unknown }) => {
    expect(tokenise(prompt)).toMatchObject({ ids, unknown })
    expect(withPlaces(prompt)).toMatchObject({ ids: placed })
  })

  it('keeps the colour of the thing and of the background apart', () => {
    expect(wordsOf('a blue heart on a yellow background')).toEqual(['bg:yellow', 'blue', 'heart'])
    expect(wordsOf('a yellow heart on a gray background')).toEqual(['bg:grey', 'yellow', 'heart'])
  })

  it('reads plurals, other names and emoji as the words it learned', () => {
    expect(wordsOf('cherries')).toEqual(wordsOf('cherry'))
    expect(wordsOf('kittens')).toEqual(['cat'])
    expect(wordsOf('🐱')).toEqual(wordsOf('cat face'))
    expect(wordsOf('😐')).toEqual(wordsOf('neutral face'))
  })

  it('names each unknown word once, in order, and does not trip over words of JavaScript', () => {
    expect(tokenise('a zebroid constructor, zebroid __proto__').unknown).toEqual([
      'zebroid',
      'constructor',
      'proto',
    ])
  })

  it('says which known words and things did not fit', () => {
    const many = tokenise(
      'red orange yellow green blue purple pink brown black white cat dog fox lion bear panda rabbit owl',
    )
    expect(many.ids).toHaveLength(maxWords)
    expect(many.left).toHaveLength(18 - maxWords)
    expect(many.left.at(-1)).toBe('owl')
    expect(withPlaces('a cat, a dog, a fox, an owl and a pig').left).toEqual(['pig'])
  })

  it.each([
    ['a cat to the left of a dog', { left: ['cat'], right: ['dog'] }],
    ['a cat to the right of a dog', { right: ['cat'], left: ['dog'] }],
    ['a red heart above a blue star', { top: ['red', 'heart'], bottom: ['blue', 'star'] }],
    ['a pig under a cloud', { bottom: ['pig'], top: ['cloud'] }],
    ['a fox and an owl', { left: ['fox'], right: ['owl'] }],
    ['a cat, on the left a dog', { left: ['dog'], right: ['cat'] }],
    ['two dogs', { left: ['dog'], right: ['dog'] }],
    ['three stars', { top: ['star'], bottomLeft: ['star'], bottomRight: ['star'] }],
    ['👻👻', { left: ['ghost'], right: ['ghost'] }],
    ['a black and white cat', { whole: ['black', 'white', 'cat'] }],
    ['a bow and arrow', { whole: ['bow', 'arrow'] }],
  ])('puts the things of %j where they were asked', (prompt, expected) => {
    expect(placesIn(prompt)).toEqual(expected)
  })

  it('forgives a slip of the pen in a long word, and reads other forms', () => {
    expect(wordsOf('an elefant')).toEqual(['elephant'])
    expect(wordsOf('a pengiun')).toEqual(['penguin'])
    expect(wordsOf('a banannas')).toEqual(['banana'])
    expect(tokenise('a fxo').unknown).toEqual(['fxo'])
    expect(tokenise('a hourse').unknown).toEqual(['hourse']) // a house or a horse?
  })
})

function placesIn(prompt: string): Record<string, string[]> {
  const names = [
    'whole',
    'left',
    'right',
    'top',
    'bottom',
    'bottomLeft',
    'bottomRight',
    'topLeft',
    'topRight',
  ]
  const found: Record<string, string[]> = {}
  for (const id of withPlaces(prompt).ids)
    (found[names[Math.floor(id / PLACE_STEP)] as string] ??= []).push(words.get(id % PLACE_STEP) as string)
  return found
}
