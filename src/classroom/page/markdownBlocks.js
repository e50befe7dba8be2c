/** The lines of a message: headings, quotes, lists, code, paragraphs. Plain objects, testable without a browser. */
import { parseInline } from './markdownInline.js'

/**
 * @typedef {{kind: 'heading', level: number, children: import('./markdownInline.js').Inline[]}
 *   | {kind: 'subtext' | 'paragraph', children: import('./markdownInline.js').Inline[]}
 *   | {kind: 'code', language: string, text: string}
 *   | {kind: 'quote', blocks: Block[]}
 *   | {kind: 'list', ordered: boolean, start: number, items: Block[][]}} Block
 */

const LIST_ITEM = /^( *)(?:[-*]|(\d{1,9})\.) +(.*)$/

/** Quotes and lists inside each other go this far; deeper ones stay plain. */
const DEEPEST = 6

/**
 * @param {string} text
 * @param {number} [depth] of the quotes and lists around it
 * @returns {Block[]}
 */
export function parseBlocks(text, depth = 0) {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  /** @type {Block[]} */
  const blocks = []
  let paragraph = []
  const flush = () => {
    const joined = paragraph.join('\n')
    if (joined.trim()) blocks.push({ kind: 'paragraph', children: parseInline(joined) })
    paragraph = []
  }
  let at = 0
  while (at < lines.length) {
    const found = blockAt(lines, at, depth + 1)
    if (found) {
      flush()
      blocks.push(found.block)
      at = found.next
    } else {
      if (lines[at].trim() === '') flush()
      else paragraph.push(lines[at])
      at += 1
    }
  }
  flush()
  return blocks
}

function blockAt(lines, at, depth) {
  const line = lines[at]
  const heading = /^(#{1,3}) +(.+)$/.exec(line)
  if (heading) {
    return {
      block: { kind: 'heading', level: heading[1].length, children: parseInline(heading[2]) },
      next: at + 1,
    }
  }
  const subtext = /^-# +(.+)$/.exec(line)
  if (subtext) return { block: { kind: 'subtext', children: parseInline(subtext[1]) }, next: at + 1 }
  if (line.startsWith('```')) return codeAt(lines, at)
  if (depth > DEEPEST) return undefined
  if (line.startsWith('>>> ')) {
    const rest = [line.slice(4), ...lines.slice(at + 1)].join('\n')
    return { block: { kind: 'quote', blocks: parseBlocks(rest, depth) }, next: lines.length }
  }
  if (line.startsWith('> ') || line === '>') return quoteAt(lines, at, depth)
  return LIST_ITEM.test(line) ? listAt(lines, at, depth) : undefined
}

/** A fence that is never closed is no code block. */
function codeAt(lines, at) {
  const oneLine = /^```([^`]+)```$/.exec(lines[at])
  if (oneLine) return { block: { kind: 'code', language: '', text: oneLine[1] }, next: at + 1 }
  const end = lines.findIndex((line, i) => i > at && line.trimEnd().endsWith('```'))
  if (end < 0) return undefined
  const first = lines[at].slice(3)
  const language = /^[\w+-]*$/.test(first) ? first : ''
  const body = [...(language === first ? [] : [first]), ...lines.slice(at + 1, end)]
  const last = lines[end].trimEnd().slice(0, -3)
  if (last) body.push(last)
  return { block: { kind: 'code', language, text: body.join('\n') }, next: end + 1 }
}

function quoteAt(lines, at, depth) {
  let next = at
  while (next < lines.length && (lines[next].startsWith('> ') || lines[next] === '>')) next += 1
  const inner = lines.slice(at, next).map((line) => line.slice(2))
  return { block: { kind: 'quote', blocks: parseBlocks(inner.join('\n'), depth) }, next }
}

/** Deeper lines belong to the item above them. */
function listAt(lines, at, depth) {
  const [, indent, number] = LIST_ITEM.exec(lines[at])
  const items = []
  let next = at
  while (next < lines.length) {
    const item = LIST_ITEM.exec(lines[next])
    if (item && item[1].length <= indent.length && (item[2] === undefined) === (number === undefined))
      items.push([item[3]])
    else if (items.length > 0 && /^ {2,}\S/.test(lines[next]))
      items.at(-1).push(lines[next].replace(/^ {2}/, ''))
    else break
    next += 1
  }
  const block = { kind: 'list', ordered: number !== undefined, start: Number(number ?? 1) }
  return { block: { ...block, items: items.map((item) => parseBlocks(item.join('\n'), depth)) }, next }
}
