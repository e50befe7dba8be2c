/** Words of people in our font: what it cannot draw is left out, what is too long is cut. */
import { canDraw, textPath, textWidth, type TextStyle } from '../explain/text.ts'

/** Only what the font has; an ellipsis stands for each run of other characters (emoji, other scripts). */
function drawable(text: string): string {
  let result = ''
  for (const character of text.replaceAll(/\s+/gu, ' ').trim()) {
    if (canDraw(character) && canDraw(character, 'semiBold')) result += character
    else if (!result.endsWith('…')) result += '…'
  }
  return result
}

/** The same, or other words where nothing of it can be read. */
export const drawableOr = (text: string, instead: string): string =>
  /[\p{L}\p{N}]/u.test(drawable(text)) ? drawable(text) : instead

/** A person's name as the drawing has it. */
export const drawnName = (name: string): string => drawableOr(name, 'a student')

/** At most `most` lines, each as wide as `width` at most; the last one ends with an ellipsis when something was cut off. */
export function wrapped(text: string, width: number, most: number, style: TextStyle): string[] {
  const lines: string[] = []
  let line = ''
  const fits = (words: string) => textWidth(words, style) <= width
  // A value and what it became stay together.
  for (const word of drawable(text).split(/(?<!→) (?!→)/u)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (fits(longer)) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = word
  }
  lines.push(line)
  const shown = lines.slice(0, most)
  return shown.map((each, i) =>
    fits(each) && (i < most - 1 || lines.length <= most) ? each : cutTo(each, fits),
  )
}

function cutTo(line: string, fits: (words: string) => boolean): string {
  let characters = Array.from(line)
  while (characters.length > 0 && !fits(`${characters.join('')}…`)) characters = characters.slice(0, -1)
  return `${characters.join('').replace(/[\s,:…]+$/u, '')}…`
}

/** Lines below each other; (x, y) belongs to the first baseline. */
export function textLines(
  lines: readonly string[],
  x: number,
  y: number,
  style: TextStyle & { leading: number },
): string {
  return lines.map((line, i) => textPath(line, x, y + i * style.leading, style)).join('')
}
