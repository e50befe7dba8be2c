// Renders the curated emoji and collects their words: writes icons.bin (N x 5 sizes x 64 x 64 RGBA) and icons.json.
// Usage: node prepare.mjs [OUT_DIR]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import sharp from 'sharp'

const require = createRequire(import.meta.url)
const out = process.argv[2] ?? 'out'
const SIDE = 64
/** The drawing's own side: as it is, "small", "tiny", "big" (its edges are cut off), one of several things. */
const DRAWING = [56, 38, 24, 76, 30]

const chosen = JSON.parse(readFileSync(new URL('emoji.json', import.meta.url), 'utf8'))
const emojibase = require('emojibase-data/en/data.json')
const emojilib = require('emojilib/dist/emoji-en-US.json')
const icons = require('@iconify-json/fluent-emoji-flat/icons.json')
const chars = require('@iconify-json/fluent-emoji-flat/chars.json')

const iconOf = (hexcode) => {
  const code = hexcode.toLowerCase().replaceAll('-fe0f', '')
  return chars[code] ?? chars[`${code}-fe0f`] ?? chars[hexcode.toLowerCase()]
}
const edges = (width) => ({ top: width, bottom: width, left: width, right: width })
const middle = (side) => ({ left: (side - SIDE) >> 1, top: (side - SIDE) >> 1, width: SIDE, height: SIDE })
const drawn = (body, side) =>
  sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="${side}" height="${side}">${body}</svg>`))
    .resize(side, side)
    .extract(side > SIDE ? middle(side) : { left: 0, top: 0, width: side, height: side })
    .ensureAlpha()
    .extend({ ...edges(Math.max(0, (SIDE - side) >> 1)), background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .raw()
    .toBuffer()

const list = []
const pixels = []
for (const emoji of emojibase) {
  const name = chosen.includes(emoji.label) && iconOf(emoji.hexcode)
  if (!name || !icons.icons[name]) continue
  const tags = new Set([...(emoji.tags ?? []), ...(emojilib[emoji.emoji] ?? []).map((tag) => tag.replaceAll('_', ' '))])
  list.push({ emoji: emoji.emoji, label: emoji.label, group: emoji.group, tags: [...tags] })
  for (const side of DRAWING) pixels.push(await drawn(icons.icons[name].body, side))
}
mkdirSync(out, { recursive: true })
writeFileSync(join(out, 'icons.bin'), Buffer.concat(pixels))
writeFileSync(join(out, 'icons.json'), JSON.stringify(list, null, 1))
process.stdout.write(`${list.length} of ${chosen.length} emoji\n`)
