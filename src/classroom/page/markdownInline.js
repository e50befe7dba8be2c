/** The marks inside a line: parsed into plain objects, so that it can be tested without a browser. */

/**
 * @typedef {string | {kind: 'strong' | 'em' | 'u' | 's' | 'spoiler', children: Inline[]}
 *   | {kind: 'code', text: string}
 *   | {kind: 'link', url: string, children: Inline[]}
 *   | {kind: 'user' | 'role' | 'channel', id: string}
 *   | {kind: 'command', name: string}
 *   | {kind: 'time', seconds: number, style: string | undefined}
 *   | {kind: 'break'}} Inline
 */

const DEEPEST = 12

/** Tried in this order at each place; `make` gets the match and a function that parses what is inside. */
const rules = [
  { mark: /\\([^a-zA-Z0-9\s])/y, make: (m) => m[1] },
  {
    mark: /(`+)([^`]|[^`][^]*?[^`])\1(?!`)/y,
    make: (m) => ({ kind: 'code', text: m[2].replace(/^ (.*) $/s, '$1') }),
  },
  {
    mark: /\[((?:\\.|[^\\\]])+)\]\(<?(https?:\/\/[^\s)>]+)>?(?:\s+"[^"]*")?\)/y,
    make: (m, inside) => ({ kind: 'link', url: m[2], children: inside(m[1]) }),
  },
  { mark: /<(https?:\/\/[^\s>]+)>/y, make: (m) => ({ kind: 'link', url: m[1], children: [m[1]] }) },
  {
    mark: /https?:\/\/[^\s<>]*[^\s<>.,:;"')\]!?]/y,
    make: (m) => ({ kind: 'link', url: m[0], children: [m[0]] }),
  },
  { mark: /<@!?(\d+)>/y, make: (m) => ({ kind: 'user', id: m[1] }) },
  { mark: /<@&(\d+)>/y, make: (m) => ({ kind: 'role', id: m[1] }) },
  { mark: /<#(\d+)>/y, make: (m) => ({ kind: 'channel', id: m[1] }) },
  { mark: /<\/([^:>]+):\d+>/y, make: (m) => ({ kind: 'command', name: m[1] }) },
  {
    mark: /<t:(-?\d+)(?::([tTdDfFR]))?>/y,
    make: (m) => ({ kind: 'time', seconds: Number(m[1]), style: m[2] }),
  },
  { mark: /<a?:(\w+):\d+>/y, make: (m) => `:${m[1]}:` },
  { mark: /\*\*(?=\S)([^]+?)\*\*(?!\*)/y, make: (m, inside) => ({ kind: 'strong', children: inside(m[1]) }) },
  { mark: /__(?=\S)([^]+?)__(?!_)/y, make: (m, inside) => ({ kind: 'u', children: inside(m[1]) }) },
  {
    mark: /\*(?=[^\s*])((?:\*\*[^*]+\*\*|[^*])+)\*(?!\*)/y,
    make: (m, inside) => ({ kind: 'em', children: inside(m[1]) }),
  },
  {
    mark: /(?<!\w)_(?=[^\s_])((?:__[^_]+__|[^_])+)_(?!\w)/y,
    make: (m, inside) => ({ kind: 'em', children: inside(m[1]) }),
  },
  { mark: /~~(?=\S)([^]+?)~~/y, make: (m, inside) => ({ kind: 's', children: inside(m[1]) }) },
  { mark: /\|\|([^]+?)\|\|/y, make: (m, inside) => ({ kind: 'spoiler', children: inside(m[1]) }) },
  { mark: /\n/y, make: () => ({ kind: 'break' }) },
]

/**
 * @param {string} text
 * @param {number} [depth]
 * @returns {Inline[]}
 */
export function parseInline(text, depth = 0) {
  if (depth > DEEPEST) return [text]
  /** @type {Inline[]} */
  const out = []
  let plain = ''
  const put = (node) => {
    if (typeof node === 'string') plain += node
    else {
      if (plain) out.push(plain)
      plain = ''
      out.push(node)
    }
  }
  let at = 0
  while (at < text.length) {
    const found = matchAt(text, at)
    if (found) {
      put(found.rule.make(found.match, (inner) => parseInline(inner, depth + 1)))
      at += found.match[0].length
    } else {
      put(text[at])
      at += 1
    }
  }
  if (plain) out.push(plain)
  return out
}

function matchAt(text, at) {
  for (const rule of rules) {
    rule.mark.lastIndex = at
    const match = rule.mark.exec(text)
    if (match) return { rule, match }
  }
  return undefined
}
