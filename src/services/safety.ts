/** Which words a class does not draw. The only maker of a CheckedRequest, which the queue asks for. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { ImageRequest } from '../domain.ts'
import { UserError } from '../errors.ts'
import { readableForms } from './safety/readableForms.ts'
import { matcherOf, parseWordList, phraseRuleOf, type Matcher } from './safety/wordList.ts'
import type { Settings } from './settings.ts'

declare const checked: unique symbol
/** A request that the word list let pass. Only `safety.check` makes one. */
export type CheckedRequest = Readonly<ImageRequest> & { readonly [checked]: true }

export type Safety = {
  /**
   * Lets a request pass or refuses it, by the committed list and what the instructors of the server changed.
   * @throws UserError content-refused, with a sentence that does not repeat the word
   */
  check(request: ImageRequest, guildId?: string): Promise<CheckedRequest>
  /** Whether a prompt with these words would be refused. */
  refuses(words: string, guildId?: string): Promise<boolean>
}

const defaultList = path.join(import.meta.dirname, '../../data/safety/words.txt')

const refusal =
  'Some of these words are not for this class, so it was not drawn; ' +
  'please say it in another way, or ask your instructor if you need it for your work.'

/** The check over the committed word list. `wordsFile` is for classes (and tests) with a list of their own. */
export async function createSafety(options: {
  settings: Pick<Settings, 'guild'>
  wordsFile?: string
}): Promise<Safety> {
  const { settings, wordsFile = defaultList } = options
  const common = parseWordList(await readFile(wordsFile, 'utf8'))
  const commonMatcher = matcherOf(common)
  // Patterns are compiled when they are first used; the first student shall not wait for it.
  commonMatcher(readableForms('a red heart'))
  const ofGuild = new Map<string, { words: string; matcher: Matcher }>()

  async function matcherFor(guildId: string | undefined): Promise<Matcher> {
    if (guildId === undefined) return commonMatcher
    const { blockedWords, allowedWords } = await settings.guild(guildId)
    if (blockedWords.length === 0 && allowedWords.length === 0) return commonMatcher
    const words = JSON.stringify([blockedWords, allowedWords])
    const known = ofGuild.get(guildId)
    if (known?.words === words) return known.matcher
    const allowed = new Set(allowedWords.map((word) => phraseRuleOf(word)?.key))
    const own = blockedWords.map(phraseRuleOf).filter((rule) => rule !== undefined)
    const matcher = matcherOf([...common.filter(({ key }) => !allowed.has(key)), ...own])
    ofGuild.set(guildId, { words, matcher })
    return matcher
  }

  async function refuses(words: string, guildId?: string): Promise<boolean> {
    const isRefused = await matcherFor(guildId)
    return isRefused(readableForms(words))
  }

  return {
    refuses,
    async check(request, guildId) {
      if (await refuses(shownWords(request), guildId)) throw new UserError('content-refused', refusal)
      return Object.freeze({ ...request }) as CheckedRequest
    },
  }
}

/** Both prompts: the negative one is shown under the picture as well. */
const shownWords = ({ prompt, negativePrompt, experiment }: ImageRequest): string =>
  [{ prompt, negativePrompt }, ...(experiment?.cells ?? [])]
    .flatMap((each) => [each.prompt, each.negativePrompt])
    .concat(experiment?.prediction ?? [])
    .join(' \n ')
