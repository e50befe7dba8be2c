/**
 * Reads infotext, the text that AUTOMATIC1111 and many others write into pictures: prompt lines, `Negative prompt: …`, and a last
 * line of `key: value` pairs. A value with a comma, a colon or a line break stands in JSON quotes; some programs also add JSON
 * without quotes.
 */

export type Infotext = {
  prompt: string
  negativePrompt: string
  /** In the order of the text; empty when it has no line of settings. */
  pairs: [key: string, value: string][]
}

const NEGATIVE = 'Negative prompt:'
/** A last line with fewer is taken for a part of the prompt, as AUTOMATIC1111 does. */
const FEWEST_PAIRS = 3
/** Longer ones are only found in files made to break programs; the rest is not looked at. */
const LONGEST = 200_000
/** So often a bracket or a quote that never ends is searched for its end. */
const MOST_SEARCHES = 20

/** Added below the settings by programs that fill in templates. */
const TEMPLATE = /^(Negative )?Template:/

/** Takes the text apart; never throws, since any text is at least a prompt. */
export function readInfotext(text: string): Infotext {
  const lines = text
    .slice(0, LONGEST)
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll('\0', '')
    .trim()
    .split('\n')
    .map((line) => line.trim())
  const isBeforeTemplates = (index: number) => lines.slice(index + 1).every((line) => TEMPLATE.test(line))
  let last = lines.length - 1
  if (TEMPLATE.test(lines[last] ?? '')) last = lines.findLastIndex((line) => line.startsWith('Steps: '))
  const pairs = last >= 0 && isBeforeTemplates(last) ? pairsOf(lines[last] ?? '') : []
  const hasSettings = pairs.length >= FEWEST_PAIRS
  const words = hasSettings ? lines.slice(0, last) : lines
  const begin = words.findIndex((line) => line.startsWith(NEGATIVE))
  const positive = begin < 0 ? words : words.slice(0, begin)
  const negative = begin < 0 ? [] : words.slice(begin)
  return {
    prompt: positive.join('\n').trim(),
    negativePrompt: negative
      .map((line) => (line.startsWith(NEGATIVE) ? line.slice(NEGATIVE.length).trim() : line))
      .join('\n')
      .trim(),
    pairs: hasSettings ? pairs : [],
  }
}

/** `key: value, key: value`. Words without a colon are left out. */
function pairsOf(line: string): Infotext['pairs'] {
  const pairs: Infotext['pairs'] = []
  let at = 0
  let searches = 0
  while (at < line.length) {
    const stop = nextOf(line, ':,', at)
    const key = line.slice(at, stop).trim()
    if (line[stop] !== ':') {
      at = stop + 1
      continue
    }
    const { value, end, isEndless } = valueAt(line, stop + 1, searches < MOST_SEARCHES)
    if (isEndless) searches += 1
    if (isKey(key)) pairs.push([key, value])
    at = end + 1
  }
  return pairs
}

/** A letter or digit, then such, spaces, hyphens and slashes; no brackets, so that "(red hair:1.3)" in a prompt is no setting. */
const isKey = (text: string) => /^[\p{L}\p{N}_][\p{L}\p{N}_ \-/]+$/u.test(text)

function valueAt(line: string, from: number, mayLookFurther: boolean) {
  let start = from
  while (line[start] === ' ') start += 1
  const isText = line[start] === '"'
  const isNested = isText || line[start] === '{' || line[start] === '['
  const end = isNested && mayLookFurther ? (isText ? endOfString : endOfJson)(line, start) : undefined
  if (end !== undefined && /^\s*(,|$)/.test(line.slice(end, end + 20))) {
    const raw = line.slice(start, end)
    const json = parse(raw)
    const value = isText && typeof json === 'string' ? json : raw
    if (isText || json !== undefined) return { value, end: nextOf(line, ',', end), isEndless: false }
  }
  const stop = nextOf(line, ',', start)
  return { value: line.slice(start, stop).trim(), end: stop, isEndless: isNested }
}

/** The place behind a string that begins at `start`; undefined when it never ends. */
function endOfString(line: string, start: number): number | undefined {
  for (let at = start + 1; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1
    else if (line[at] === '"') return at + 1
  }
  return undefined
}

/** The place behind an object or a list that begins at `start`. */
function endOfJson(line: string, start: number): number | undefined {
  let depth = 0
  for (let at = start; at < line.length; at += 1) {
    const character = line[at]
    if (character === '"') {
      const end = endOfString(line, at)
      if (end === undefined) return undefined
      at = end - 1
    } else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return undefined
}

function nextOf(line: string, stops: string, from: number): number {
  for (let at = from; at < line.length; at += 1) {
    if (stops.includes(line[at] ?? '')) return at
  }
  return line.length
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
