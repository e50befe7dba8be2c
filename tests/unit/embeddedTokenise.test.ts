import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { createTokeniser, vocabSchema } from '../../src/services/backends/embedded/tokenise.ts'

const read = async (file: string) =>
  JSON.parse(await readFile(new URL(file, import.meta.url), 'utf8')) as unknown
const vocab = vocabSchema.parse(await read('../../data/models/emoji/vocab.json'))
const byPython = (await read('../fixtures/prompts.json')) as {
  prompt: string
  ids: number[]
  unknown: string[]
}[]
const tokenise = createTokeniser(vocab, 10)
const words = new Map(Object.entries(vocab.words).map(([word, id]) => [id, word]))
const read10 = (prompt: string) => tokenise(prompt).ids.map((id) => words.get(id))

describe('tokeniser', () => {
  it.each(byPython)('reads %j as the training does', ({ prompt, ids, unknown }) => {
    expect(tokenise(prompt)).toMatchObject({ ids, unknown })
  })

  it('keeps the colour of the thing and of the background apart', () => {
    expect(read10('a blue heart on a yellow background')).toEqual(['bg:yellow', 'blue', 'heart'])
    expect(read10('a yellow heart on a gray background')).toEqual(['bg:grey', 'yellow', 'heart'])
  })

  it('reads plurals, other names and emoji as the words it learned', () => {
    expect(read10('cherries')).toEqual(read10('cherry'))
    expect(read10('kittens')).toEqual(['cat'])
    expect(read10('🐱')).toEqual(read10('cat face'))
    expect(read10('😐')).toEqual(read10('neutral face'))
  })

  it('names each unknown word once, in order, and does not trip over words of JavaScript', () => {
    expect(tokenise('a zebroid constructor, zebroid __proto__').unknown).toEqual([
      'zebroid',
      'constructor',
      'proto',
    ])
  })

  it('says which known words did not fit', () => {
    const { ids, left } = tokenise('red orange yellow green blue purple pink brown black white cat dog')
    expect(ids).toHaveLength(10)
    expect(left).toEqual(['cat', 'dog'])
  })
})
