/** What a class changes in the list of words that are not drawn. Pure; the list itself is in services/safety. */
import { UserError } from '../errors.ts'
import type { GuildSettings } from '../services/settings.ts'
import { plain } from './render/blocks.ts'

export const LONGEST_WORD = 60
const MOST_WORDS = 500

type Words = Pick<GuildSettings, 'blockedWords' | 'allowedWords'>

const tidy = (word: string) => word.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase()
const without = (list: readonly string[], word: string) => list.filter((each) => each !== word)
const sorted = (list: readonly string[]) => [...list].sort((a, b) => a.localeCompare(b))

/** @throws UserError invalid-options when there is nothing to look for in it, or the list is full */
export function addWord({ blockedWords, allowedWords }: Words, typed: string): Words {
  const word = tidy(typed)
  if (!/[\p{L}\p{N}]/u.test(word)) {
    throw new UserError('invalid-options', 'Please give a word or a phrase with letters or digits in it.')
  }
  if (blockedWords.length >= MOST_WORDS) {
    throw new UserError(
      'invalid-options',
      `This class already has ${MOST_WORDS} words; please remove one first.`,
    )
  }
  return {
    blockedWords: sorted([...without(blockedWords, word), word]),
    allowedWords: without(allowedWords, word),
  }
}

/** Takes a word off the class's own list. */
export function takeBackWord({ blockedWords, allowedWords }: Words, typed: string): Words {
  return { blockedWords: without(blockedWords, tidy(typed)), allowedWords }
}

/** Allows a word of the built-in list. */
export function allowWord({ blockedWords, allowedWords }: Words, typed: string): Words {
  const word = tidy(typed)
  return { blockedWords, allowedWords: sorted([...without(allowedWords, word), word].slice(-MOST_WORDS)) }
}

export function wordsInWords({ blockedWords, allowedWords }: Words): string {
  const list = (words: readonly string[]) => words.map((word) => `“${plain(word)}”`).join(', ')
  const lines = ['Darkroom has a built-in list of words that it does not draw.']
  lines.push(
    blockedWords.length > 0
      ? `This class also refuses: ${list(blockedWords)}.`
      : 'This class refuses no other words; add one with `/class words add`.',
  )
  if (allowedWords.length > 0)
    lines.push(`This class allows, although they are on that list: ${list(allowedWords)}.`)
  return lines.join('\n')
}
