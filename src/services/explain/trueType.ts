/**
 * Glyph outlines out of a TrueType file, as SVG path data. Reads what our fonts have: `glyf` outlines and a format 4 `cmap`.
 * Tables as in the OpenType specification 1.9 (cmap, glyf, head, hhea, hmtx, loca).
 */

type Point = { x: number; y: number; onCurve: boolean }
type Contour = Point[]

/** Outlines in font units, y upwards. Glyph 0 is the box that stands for a missing character. */
export type TrueTypeFont = {
  unitsPerEm: number
  capHeight: number
  glyphIndex(codePoint: number): number
  advance(glyph: number): number
  contours(glyph: number): Contour[]
}

/** Throws RangeError when the bytes are not such a font. */
export function readTrueType(file: Buffer): TrueTypeFont {
  const tables = new Map<string, number>()
  for (let i = 0; i < file.readUInt16BE(4); i++) {
    const record = 12 + 16 * i
    tables.set(file.toString('latin1', record, record + 4), file.readUInt32BE(record + 8))
  }
  const table = (name: string): number => {
    const offset = tables.get(name)
    if (offset === undefined) throw new RangeError(`the font has no ${name} table`)
    return offset
  }
  const glyf = table('glyf')
  const loca = table('loca')
  const longOffsets = file.readInt16BE(table('head') + 50) === 1
  const hmtx = table('hmtx')
  const metrics = file.readUInt16BE(table('hhea') + 34)
  const glyphStart = (glyph: number) =>
    longOffsets ? file.readUInt32BE(loca + 4 * glyph) : 2 * file.readUInt16BE(loca + 2 * glyph)

  function contours(glyph: number, depth = 0): Contour[] {
    if (glyphStart(glyph) === glyphStart(glyph + 1) || depth > 4) return []
    const at = glyf + glyphStart(glyph)
    const count = file.readInt16BE(at)
    if (count >= 0) return simpleContours(file, at + 10, count)
    return readParts(file, at + 10).flatMap((part) =>
      contours(part.glyph, depth + 1).map((contour) =>
        contour.map(({ x, y, onCurve }) => ({
          x: part.a * x + part.c * y + part.dx,
          y: part.b * x + part.d * y + part.dy,
          onCurve,
        })),
      ),
    )
  }

  return {
    unitsPerEm: file.readUInt16BE(table('head') + 18),
    capHeight: file.readInt16BE(table('OS/2') + 88),
    glyphIndex: characterMap(file, table('cmap')),
    advance: (glyph) => file.readUInt16BE(hmtx + 4 * Math.min(glyph, metrics - 1)),
    contours: (glyph) => contours(glyph),
  }
}

function characterMap(file: Buffer, cmap: number): (codePoint: number) => number {
  let at = -1
  for (let i = 0; i < file.readUInt16BE(cmap + 2); i++) {
    const subtable = cmap + file.readUInt32BE(cmap + 8 + 8 * i)
    if (file.readUInt16BE(subtable) === 4) at = subtable
  }
  if (at < 0) throw new RangeError('the font has no format 4 character map')
  const segments = file.readUInt16BE(at + 6) / 2
  const ends = at + 14
  const starts = ends + 2 * segments + 2
  const deltas = starts + 2 * segments
  const offsets = deltas + 2 * segments
  return (codePoint) => {
    for (let i = 0; i < segments; i++) {
      if (codePoint > file.readUInt16BE(ends + 2 * i)) continue
      const start = file.readUInt16BE(starts + 2 * i)
      if (codePoint < start) return 0
      const delta = file.readUInt16BE(deltas + 2 * i)
      const offset = file.readUInt16BE(offsets + 2 * i)
      if (offset === 0) return (codePoint + delta) & 0xffff
      const glyph = file.readUInt16BE(offsets + 2 * i + offset + 2 * (codePoint - start))
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff
    }
    return 0
  }
}

function simpleContours(file: Buffer, at: number, count: number): Contour[] {
  if (count === 0) return []
  const ends = Array.from({ length: count }, (_, i) => file.readUInt16BE(at + 2 * i))
  const total = (ends.at(-1) ?? -1) + 1
  let cursor = at + 2 * count
  cursor += 2 + file.readUInt16BE(cursor)
  const flags: number[] = []
  while (flags.length < total) {
    const flag = file.readUInt8(cursor++)
    const repeats = flag & 8 ? file.readUInt8(cursor++) : 0
    for (let i = 0; i <= repeats; i++) flags.push(flag)
  }
  /** Coordinates are differences: one byte with a sign flag, two bytes, or "the same as before". */
  const coordinates = (short: number, same: number) => {
    let value = 0
    return flags.map((flag) => {
      if (flag & short) value += (flag & same ? 1 : -1) * file.readUInt8(cursor++)
      else if (!(flag & same)) {
        value += file.readInt16BE(cursor)
        cursor += 2
      }
      return value
    })
  }
  const xs = coordinates(2, 16)
  const ys = coordinates(4, 32)
  const points = flags.map((flag, i) => ({ x: xs[i] ?? 0, y: ys[i] ?? 0, onCurve: (flag & 1) === 1 }))
  return ends.map((end, i) => points.slice(i === 0 ? 0 : (ends[i - 1] ?? -1) + 1, end + 1))
}

type Part = { glyph: number; a: number; b: number; c: number; d: number; dx: number; dy: number }

/** The parts of a composite glyph (é is e with an accent), each with its own transformation. */
function readParts(file: Buffer, start: number): Part[] {
  const parts: Part[] = []
  let at = start
  for (let more = true; more;) {
    const flags = file.readUInt16BE(at)
    const glyph = file.readUInt16BE(at + 2)
    const wide = (flags & 1) !== 0
    const [dx, dy] = wide
      ? [file.readInt16BE(at + 4), file.readInt16BE(at + 6)]
      : [file.readInt8(at + 4), file.readInt8(at + 5)]
    at += wide ? 8 : 6
    const scale = () => {
      at += 2
      return file.readInt16BE(at - 2) / 16384
    }
    const part: Part = { glyph, a: 1, b: 0, c: 0, d: 1, dx, dy }
    if (flags & 0x08) part.a = part.d = scale()
    else if (flags & 0x40) [part.a, part.d] = [scale(), scale()]
    else if (flags & 0x80) [part.a, part.b, part.c, part.d] = [scale(), scale(), scale(), scale()]
    parts.push(part)
    more = (flags & 0x20) !== 0
  }
  return parts
}
