/** The drawing of a family: where cards and lines go, how large it gets, and what is to be seen in it. */
import { randomBytes } from 'node:crypto'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { Relation } from '../../src/domain.ts'
import { palette } from '../../src/services/explain/palette.ts'
import { textWidth } from '../../src/services/explain/text.ts'
import { drawFamily } from '../../src/services/lineage/draw.ts'
import { drawnName, wrapped } from '../../src/services/lineage/drawText.ts'
import type { Family, Link } from '../../src/services/lineage/family.ts'
import { forestOf } from '../../src/services/lineage/forest.ts'
import { bestGeometry } from '../../src/services/lineage/geometry.ts'
import { samplePicture, sampleRecipe } from '../support/samples.ts'

/** A family from "child parent" pairs, all of it "again" if nothing else is said. */
function familyOf(
  count: number,
  pairs: readonly (readonly [number, number, Relation?])[],
  gone: number[] = [],
): Family {
  const members = Array.from({ length: count }, (_, i) => ({
    id: `p${i}`,
    isAsked: i === 0,
    picture: gone.includes(i)
      ? undefined
      : samplePicture({ id: `p${i}`, createdAt: i, recipe: sampleRecipe({ seed: i }) }),
  }))
  const links = pairs.map(([child, parent, relation = 'again']): Link => {
    return { childId: `p${child}`, parentId: `p${parent}`, relation }
  })
  return { members, links, more: 0, isLarger: false, ancestry: { members: [], links: [] } }
}
const chain = (count: number) =>
  familyOf(
    count,
    Array.from({ length: count - 1 }, (_, i) => [i + 1, i] as const),
  )
const star = (count: number) =>
  familyOf(
    count,
    Array.from({ length: count - 1 }, (_, i) => [i + 1, 0] as const),
  )
const bushy = (count: number) =>
  familyOf(
    count,
    Array.from({ length: count - 1 }, (_, i) => [i + 1, Math.floor((i * 7) / 10)] as const),
  )
/** Many children that each have one. */
const comb = (count: number) =>
  familyOf(
    count,
    Array.from(
      { length: count - 1 },
      (_, i) => [i + 1, i < count / 2 ? 0 : i + 1 - Math.floor(count / 2)] as const,
    ),
  )

function place(family: Family) {
  const geometry = bestGeometry(forestOf(family), family.members.length)
  const cards = [...geometry.layout.placed.values()].map((placed) => ({
    ...placed,
    ...geometry.corner(placed),
    id: placed.tree.member.id,
  }))
  return { geometry, cards }
}

describe.each([
  ['one', familyOf(1, [])],
  ['a chain of 5', chain(5)],
  ['a chain of 100', chain(100)],
  ['a star of 100', star(100)],
  ['a bush of 30', bushy(30)],
  ['a bush of 100', bushy(100)],
  ['a comb of 99', comb(99)],
  [
    'two parents',
    familyOf(4, [
      [3, 0, 'scene'],
      [3, 1, 'face'],
      [1, 2],
    ]),
  ],
  [
    'a circle',
    familyOf(3, [
      [0, 1],
      [1, 2],
      [2, 0],
    ]),
  ],
  [
    'its own parent',
    familyOf(2, [
      [0, 0],
      [1, 0],
    ]),
  ],
  ['strangers', familyOf(40, [])],
])('the family of %s', (_, family) => {
  const { geometry, cards } = place(family)
  const { width, height } = geometry.form

  it('has every picture once, inside the drawing, and none on another', () => {
    expect(cards.map(({ id }) => id).sort()).toEqual(family.members.map(({ id }) => id).sort())
    for (const [i, a] of cards.entries()) {
      expect(a.x).toBeGreaterThanOrEqual(0)
      expect(a.x + width).toBeLessThanOrEqual(geometry.width)
      expect(a.y).toBeGreaterThanOrEqual(100)
      expect(a.y + height).toBeLessThanOrEqual(geometry.height)
      for (const b of cards.slice(i + 1)) {
        const isApart = Math.abs(a.x - b.x) >= width || Math.abs(a.y - b.y) >= height
        expect(isApart, `${a.id} and ${b.id}`).toBe(true)
      }
    }
  })

  it('has parents above their children, or in the strip before', () => {
    for (const { parent, children } of geometry.layout.branches) {
      const from = geometry.layout.placed.get(parent)
      for (const child of children) {
        const to = geometry.layout.placed.get(child)
        const order = (placed: typeof from) => (placed ? placed.strip * 1000 + placed.row : -1)
        expect(order(to)).toBeGreaterThan(order(from))
      }
    }
  })

  it('keeps its words large enough to be read when one zooms in', () => {
    expect(geometry.scale).toBeGreaterThan(0.5)
  })
})

describe('the drawing', () => {
  const square = (colour: string) =>
    sharp({ create: { width: 64, height: 64, channels: 3, background: colour } })
      .png()
      .toBuffer()

  it('is a PNG of at most 4096 px a side and 8 MB, also with a hundred pictures of noise', async () => {
    const raw = { width: 256, height: 256, channels: 3 } as const
    const noise = await sharp(randomBytes(256 * 256 * 3), { raw })
      .png()
      .toBuffer()
    const family = star(100)
    const thumbs = new Map(family.members.map(({ id }) => [id, noise]))
    const drawn = await drawFamily({ family, thumbs })
    const { format, width, height } = await sharp(drawn).metadata()
    expect(format).toBe('png')
    expect(Math.max(width, height)).toBeLessThanOrEqual(4096)
    expect(drawn.length).toBeLessThan(8_000_000)
  })

  it('has fewer colours, and then fewer pixels, where it would be too large a file', async () => {
    const raw = { width: 256, height: 256, channels: 3 } as const
    const noise = await sharp(randomBytes(256 * 256 * 3), { raw })
      .png()
      .toBuffer()
    const task = { family: chain(6), thumbs: new Map(chain(6).members.map(({ id }) => [id, noise])) }
    const whole = await drawFamily(task)
    const [lighter, tiny] = [await drawFamily(task, whole.length - 1), await drawFamily(task, 60_000)]
    expect(lighter.length).toBeLessThan(whole.length)
    expect(tiny.length).toBeLessThanOrEqual(60_000)
    const widthOf = async (file: Buffer) => (await sharp(file).metadata()).width
    expect(await widthOf(lighter)).toBe(await widthOf(whole))
    expect(await widthOf(tiny)).toBeLessThan(await widthOf(whole))
  })

  it('shows thumbnails, marks the asked picture, and has an empty place for a deleted one', async () => {
    const family = familyOf(
      3,
      [
        [1, 0],
        [2, 1],
      ],
      [1],
    )
    const thumbs = new Map([
      ['p0', await square('#ff0000')],
      ['p2', await square('#0000ff')],
    ])
    const drawn = await drawFamily({ family, thumbs })
    const { geometry, cards } = place(family)
    const { data, info } = await sharp(drawn).raw().toBuffer({ resolveWithObject: true })
    const at = (x: number, y: number) =>
      [0, 1, 2].map((i) => data[(y * info.width + x) * info.channels + i] ?? 0)
    const thumbOf = (i: number) => at((cards[i]?.x ?? 0) + 60, (cards[i]?.y ?? 0) + 60)
    const edgeOf = (i: number) => at(cards[i]?.x ?? 0, (cards[i]?.y ?? 0) + 80)
    expect(geometry.scale).toBe(1)
    expect(thumbOf(0)).toEqual([255, 0, 0])
    expect(thumbOf(1)).toEqual(bytes(palette.ground))
    expect(thumbOf(2)).toEqual([0, 0, 255])
    expect(edgeOf(0)).toEqual(bytes(palette.layout))
    expect(edgeOf(2)).not.toEqual(bytes(palette.layout))
  })

  it('wraps words to their room and keeps a value together with what it became', () => {
    const style = { size: 20 }
    const lines = wrapped('changed, seed 12 → 7, steps 20 → 8, guidance 5 → 7', 150, 3, style)
    for (const line of lines) expect(textWidth(line, style)).toBeLessThanOrEqual(150)
    expect(lines).toHaveLength(3)
    expect(lines.join('\n')).not.toMatch(/→\n|\n→/)
    expect(lines[2]).toMatch(/…$/)
    expect(wrapped('Donaudampfschifffahrtsgesellschaft', 100, 2, style)[0]).toMatch(/^Donau.*…$/)
    expect(wrapped('short', 100, 2, style)).toEqual(['short'])
  })

  it('has a word where our font cannot write a name', () => {
    expect(drawnName('Ben 🎨')).toBe('Ben …')
    expect(drawnName('李小龙')).toBe('a student')
    expect(drawnName('Zoë Wiśniewska')).toBe('Zoë Wiśniewska')
  })
})

const bytes = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
