/** Numbers and lists as people read them; shared by the sentences, the pictures and their alt texts. */

/** A share as per cent: one decimal below 10 %, none above. */
export function percent(share: number): string {
  const value = share * 100
  return `${value < 9.95 ? Number(value.toFixed(1)) : Math.round(value)}%`
}

/** A noise level sigma: three digits that matter at most, as the samplers' tables have it. */
export function sigmaWord(sigma: number): string {
  return String(Number(sigma.toFixed(sigma >= 10 ? 1 : sigma >= 1 ? 2 : 3)))
}

/** "1, 2 and 3". */
export function list(words: readonly (string | number)[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** At most `longest` characters on one line, with an ellipsis where something was cut off. */
export function shorten(text: string, longest: number): string {
  const characters = Array.from(text.replaceAll(/\s+/gu, ' ').trim())
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : characters.join('')
}

/** Words of a person inside our own markdown: nothing in them formats, links or mentions. */
export function quoted(text: string, longest: number): string {
  return `“${shorten(text, longest).replaceAll(/[\\*_~`|<>@#[\]()-]/gu, (mark) => `\\${mark}`)}”`
}
