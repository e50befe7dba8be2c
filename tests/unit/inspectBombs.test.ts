import { deflateSync, crc32 } from 'node:zlib'
import { expect, it } from 'vitest'
import { readRecipe } from '../../src/services/inspect/readRecipe.ts'
import { readPngText } from '../../src/services/pngText.ts'
import { pngWith } from '../support/recipeFiles.ts'

/** Files of strangers made to keep a program busy: each of these took seconds to a minute, or gigabytes, when nothing limited it. */
const PATIENCE_MS = 2000

async function quickly<T>(work: () => Promise<T> | T): Promise<T> {
  const started = performance.now()
  const result = await work()
  expect(performance.now() - started).toBeLessThan(PATIENCE_MS)
  return result
}

it('unpacks no more than a few megabytes of packed texts', async () => {
  const packed = deflateSync(Buffer.alloc(999_000, 'a'), { level: 9 })
  const bomb = await withChunks(
    Array.from({ length: 2000 }, (_, i) => [
      'zTXt',
      Buffer.concat([Buffer.from(`k${i}\0\0`, 'latin1'), packed]),
    ]),
  )
  const texts = await quickly(() => readPngText(bomb))
  expect(Object.keys(texts).length).toBeGreaterThan(1)
  expect(Object.values(texts).join('').length).toBeLessThan(9_000_000)
})

it('reads what stands before too many texts', async () => {
  const many: [string, Buffer][] = Array.from({ length: 5000 }, (_, i) => ['tEXt', Buffer.from(`k${i}\0v`)])
  const texts = readPngText(await withChunks([['tEXt', Buffer.from('parameters\0a cat')], ...many]))
  expect(texts['parameters']).toBe('a cat')
  expect(Object.keys(texts).length).toBeLessThan(1000)
})

it('looks once through a long row of spaces in EXIF', async () => {
  const text = Buffer.from(`${' '.repeat(300_000)}x`)
  const found = await quickly(async () => readRecipe(await withChunks([['eXIf', exifOf([text])]])))
  expect(found.recipe).toBeUndefined()
})

it('does not copy the same megabytes of EXIF for every tag that points to them', async () => {
  const block = exifOf(
    Array.from({ length: 500 }, () => Buffer.alloc(0)),
    3_000_000,
  )
  const before = process.memoryUsage().rss
  await quickly(async () => readRecipe(await withChunks([['eXIf', block]])))
  expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000)
})

it('counts the links of a workflow once, and walks once through what many ends share', async () => {
  const hub: Record<string, object> = { hub: { class_type: 'Hub', inputs: { x: 1 } } }
  for (let i = 0; i < 800; i++) hub[i] = { class_type: 'User', inputs: links(60, () => 'hub') }
  const shared: Record<string, object> = {}
  for (let i = 0; i < 600; i++) {
    shared[`a${i}`] = {
      class_type: 'Step',
      inputs: i < 3 ? { x: 1 } : links(14, (k) => `a${i - 3 - (i % 3) + (k % 3)}`),
    }
  }
  for (let i = 0; i < 2000; i++) shared[`end${i}`] = { class_type: 'End', inputs: links(1, () => 'a599') }
  for (const graph of [hub, shared]) {
    const file = await pngWith({ prompt: JSON.stringify(graph) })
    const found = await quickly(() => readRecipe(file))
    expect(found.why[0]).toMatch(/no sampler that I know/)
  }
})

const links = (count: number, to: (k: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, k) => [`in${k}`, [to(k), 0]]))

async function withChunks(chunks: [type: string, data: Buffer][]): Promise<Buffer> {
  const png = Buffer.from(await pngWith({}))
  const behindHeader = 33
  return Buffer.concat([
    png.subarray(0, behindHeader),
    ...chunks.map(([type, data]) => {
      const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
      const frame = Buffer.alloc(8)
      frame.writeUInt32BE(data.length, 0)
      frame.writeUInt32BE(crc32(body), 4)
      return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
    }),
    png.subarray(behindHeader),
  ])
}

/** An EXIF block whose texts stand behind each other; with `shared` all tags point to the same bytes. */
function exifOf(texts: readonly Buffer[], shared = 0): Buffer {
  const begin = 10 + texts.length * 12 + 4
  const head = Buffer.alloc(begin)
  head.write('II*\0', 0, 'latin1')
  head.writeUInt32LE(8, 4)
  head.writeUInt16LE(texts.length, 8)
  let at = begin
  for (const [i, text] of texts.entries()) {
    head.writeUInt16LE(0x010f, 10 + i * 12)
    head.writeUInt16LE(2, 12 + i * 12)
    head.writeUInt32LE(shared || text.length, 14 + i * 12)
    head.writeUInt32LE(at, 18 + i * 12)
    if (!shared) at += text.length
  }
  return Buffer.concat([head, ...texts, Buffer.alloc(shared, 'a')])
}
