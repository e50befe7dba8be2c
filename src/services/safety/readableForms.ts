/** The ways in which a person reads a text that was written to slip past a list. */

/** Letters of other scripts that look like Latin ones; used in words that mix scripts. */
const lookAlikes: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  е: 'e',
  ё: 'e',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  і: 'i',
  ї: 'i',
  ј: 'j',
  ѕ: 's',
  ԁ: 'd',
  α: 'a',
  ε: 'e',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  χ: 'x',
}

/** Signs that stand for letters inside a word (see `letters` in wordList.ts), so they do not end one. */
const SIGNS = '@$!|+'

/**
 * Lower case, without accents, invisible characters and full-width forms; look-alikes of other scripts as Latin letters
 * where a word mixes them.
 */
export function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036F\u00AD\p{Cf}]/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\p{L}\p{N}]+/gu, (word) =>
      /[a-z]/.test(word) ? word.replaceAll(/[^a-z\d]/g, (letter) => lookAlikes[letter] ?? letter) : word,
    )
}

/**
 * A text as lists of words, each list joined by single spaces:
 * split at everything that is not a letter or digit; with the signs that stand for letters kept (s3x, a$$);
 * with what stands between two spaces pulled together (n.u-de); and with single letters pulled together (n u d e).
 */
export function readableForms(text: string): string[] {
  const simple = plain(text)
  const split = wordsOf(simple, /[^\p{L}\p{N}\p{M}]+/u)
  const withSigns = wordsOf(simple, new RegExp(`[^\\p{L}\\p{N}\\p{M}${SIGNS}]+`, 'u'))
  const pulled = wordsOf(simple, /\s+/u).map((word) => word.replaceAll(/[^\p{L}\p{N}\p{M}@$!|+]/gu, ''))
  const withoutEnds = withSigns.map((word) => word.replaceAll(/^[!|+]+|[!|+]+$/g, ''))
  return [split, withSigns, withoutEnds, pulled, ...spelled(split)].map((words) =>
    words.filter(Boolean).join(' '),
  )
}

function wordsOf(text: string, separator: RegExp): string[] {
  return text.split(separator).filter(Boolean)
}

/** Runs of at least three single letters as one word; an "a" or "i" before it may be a word of its own. */
function spelled(words: string[]): string[][] {
  const runs = (words.join(' ').match(/(?<=^| )\p{L}(?: [\p{L}\p{N}]){2,}(?= |$)/gu) ?? []).map((run) =>
    run.replaceAll(' ', ''),
  )
  return runs.flatMap((run) => (/^[ai]/.test(run) ? [[run], [run.slice(1)]] : [[run]]))
}
