/** The word list: how it is written, and how a word of it is found in a text. */
import { plain } from './readableForms.ts'

export type Rule = {
  /** The entry in its plain form: two entries with the same key are the same. */
  key: string
  /** Refused when of every part one of the phrases occurs. */
  parts: string[][]
}

/** Whether one of the rules is broken by the readable forms of a text. */
export type Matcher = (forms: readonly string[]) => boolean

/** What people write for a letter. Doubled letters are allowed everywhere. */
const letters: Readonly<Record<string, string>> = {
  a: '[a4@]',
  b: '[b8]',
  e: '[e3]',
  g: '[g9]',
  i: '[i1!|]',
  l: '[l1|]',
  o: '[o0]',
  s: '[s5$]',
  t: '[t7+]',
  z: '[z2]',
}

/**
 * One entry a line; what follows a # is a comment. An entry is a word or a phrase, or several joined by " + " which are
 * refused only together, each with alternatives between "|": `child | teen + naked`.
 */
export function parseWordList(text: string): Rule[] {
  return text
    .split('\n')
    .map((line) => ruleOf(line.replace(/#.*/, '')))
    .filter((rule) => rule !== undefined)
}

/** The rule of one entry; undefined when there is no letter or digit in it. */
function ruleOf(entry: string): Rule | undefined {
  const parts = entry
    .split('+')
    .map((part) => part.split('|').map(phraseOf).filter(Boolean))
    .filter((phrases) => phrases.length > 0)
  if (parts.length === 0) return undefined
  return { key: parts.map((phrases) => phrases.join('|')).join('+'), parts }
}

/** The rule of a word or phrase that an instructor typed: nothing in it is syntax. */
export function phraseRuleOf(entry: string): Rule | undefined {
  const phrase = phraseOf(entry)
  return phrase === '' ? undefined : { key: phrase, parts: [[phrase]] }
}

/** Puts all rules of one part into one pattern: searching once is quicker than once for each word. */
export function matcherOf(rules: readonly Rule[]): Matcher {
  const single = rules.flatMap(({ parts: [phrases = [], ...others] }) => (others.length === 0 ? phrases : []))
  const combined = rules.filter(({ parts }) => parts.length > 1).map(({ parts }) => parts)
  const groups = [...(single.length > 0 ? [[single]] : []), ...combined].map((parts) => parts.map(patternOf))
  return (forms) =>
    groups.some((patterns) => patterns.every((pattern) => forms.some((form) => pattern.test(form))))
}

function phraseOf(phrase: string): string {
  return plain(phrase)
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter(Boolean)
    .join(' ')
}

/** Whole words only (with a plural s), so that a place in England or a cocktail is never refused. */
function patternOf(phrases: string[]): RegExp {
  const whole = phrases.filter((phrase) => !isWithoutSpaces(phrase)).map(wordPattern)
  const within = phrases.filter(isWithoutSpaces)
  const alternatives = whole.length > 0 ? [`(?<=^| )(?:${whole.join('|')})s?(?= |$)`, ...within] : within
  return new RegExp(alternatives.join('|'), alternatives.some(isBeyondAscii) ? 'u' : '')
}

/** Scripts that put no spaces between words are searched for inside the text. */
function isWithoutSpaces(phrase: string): boolean {
  return /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai}/u.test(phrase)
}

/** Each letter as people disguise it; at least one real letter must be left, or every number would be a word. */
function wordPattern(phrase: string): string {
  // One quantifier for each run of a letter: "k+k+k+" would take seconds over a prompt of nothing but k.
  const body = phrase.replaceAll(/(.)\1*/gu, (run: string, letter: string) =>
    letter === ' ' ? ' ?' : `${letters[letter] ?? letter}{${Array.from(run).length},}`,
  )
  if (!/\p{L}/u.test(phrase)) return body
  // Spelling the class out where it can be saves tens of milliseconds on first use: \p{L} is a long table.
  return `(?=[^ ]*${isBeyondAscii(phrase) ? '\\p{L}' : '[a-z]'})${body}`
}

function isBeyondAscii(text: string): boolean {
  return /[^\x20-\x7E]/.test(text)
}
