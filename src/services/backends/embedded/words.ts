import type { Vocab } from './tokenise.ts'

/** How a word of a prompt is found among those that were learnt, as training/words.py does it. */
export type Words = {
  /** The learnt word for it: itself, another name, its singular. */
  lookUp: (word: string) => string | undefined
  /** Another form of a word that was not learnt: "laughed" -> "laughing". */
  formOf: (word: string) => string | undefined
  /** The only name that is one slip of the pen away from a word that was not learnt. */
  correct: (word: string) => string | undefined
}

export function createWords(vocab: Vocab, ids: ReadonlyMap<string, number>): Words {
  const aliases = new Map(Object.entries(vocab.aliases))
  const names = vocab.names.map((name) => ({ name, heard: sound(name) }))

  function lookUp(word: string): string | undefined {
    const singulars = singular(word)
    const candidates = [word, aliases.get(word), ...singulars, ...singulars.map((one) => aliases.get(one))]
    return candidates.find((candidate) => candidate !== undefined && ids.has(candidate))
  }

  function formOf(word: string): string | undefined {
    return forms(word).find((form) => length(form) > 3 && ids.has(form))
  }

  function correct(word: string): string | undefined {
    if (length(word) < 5) return undefined
    for (const candidate of word.endsWith('s') ? [word, word.slice(0, -1)] : [word]) {
      const heard = sound(candidate)
      const near = names.filter((one) => isSlip(heard, one.heard))
      const same = near.filter((one) => one.heard === heard)
      const meant = new Set((same.length > 0 ? same : near).map(({ name }) => aliases.get(name) ?? name))
      if (meant.size === 1) return [...meant][0]
    }
    return undefined
  }

  return { lookUp, formOf, correct }
}

/** Letters, not halves of them. */
function length(word: string): number {
  return Array.from(word).length
}

/** Candidates for the singular of an English plural, likeliest first. */
function singular(word: string): string[] {
  const letters = length(word)
  return [
    ...(word.endsWith('ies') && letters > 4 ? [`${word.slice(0, -3)}y`] : []),
    ...(word.endsWith('ves') && letters > 4 ? [`${word.slice(0, -3)}f`] : []),
    ...(word.endsWith('es') && letters > 3 ? [word.slice(0, -2)] : []),
    ...(word.endsWith('s') && !word.endsWith('ss') && letters > 3 ? [word.slice(0, -1)] : []),
  ]
}

/** Candidates for another form of a verb or adjective: "cries" and "cried" -> "cry", "laughs" -> "laughing". */
function forms(word: string): string[] {
  const stems = [word, ...singular(word)]
  for (const ending of ['ing', 'ed']) {
    if (!word.endsWith(ending) || length(word) <= ending.length + 2) continue
    const stem = word.slice(0, -ending.length)
    stems.push(stem, `${stem}e`)
    if (stem.endsWith('i')) stems.push(`${stem.slice(0, -1)}y`)
    const letters = Array.from(stem)
    if (letters.at(-1) === letters.at(-2)) stems.push(letters.slice(0, -1).join(''))
  }
  return stems.flatMap((stem) => [
    stem,
    `${stem}ing`,
    ...(stem.endsWith('e') ? [`${stem.slice(0, -1)}ing`] : []),
    `${stem}ed`,
    `${stem}y`,
  ])
}

/** Spelling made simpler: "elephant" and "elefant", "giraffe" and "girafe" are the same. */
function sound(word: string): string {
  return word.replaceAll('ph', 'f').replace(/(.)\1/gu, '$1')
}

/** Whether one letter too many, too few or wrong, or two neighbours swapped, makes `word` out of `known`. The first letter holds. */
function isSlip(word: string, known: string): boolean {
  const [a, b] = [Array.from(word), Array.from(known)]
  if (a[0] !== b[0] || Math.abs(a.length - b.length) > 1) return false
  let at = 0
  while (at < Math.min(a.length, b.length) && a[at] === b[at]) at++
  const end = (letters: string[], skipped: number) => letters.slice(at + skipped).join('')
  const isSwapped = a.length > at + 1 && a[at] === b[at + 1] && a[at + 1] === b[at]
  return (
    end(a, 1) === end(b, 1) ||
    end(a, 1) === end(b, 0) ||
    end(a, 0) === end(b, 1) ||
    (isSwapped && end(a, 2) === end(b, 2))
  )
}
