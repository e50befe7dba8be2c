import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { drawAnimation, HOLD_MS } from '../../src/services/explain/animation.ts'
import { drawChart } from '../../src/services/explain/chart.ts'
import { factsOf } from '../../src/services/explain/facts.ts'
import { drawFilmstrip, filmstripSteps } from '../../src/services/explain/filmstrip.ts'
import { milestones } from '../../src/services/explain/milestones.ts'
import { palette } from '../../src/services/explain/palette.ts'
import { canDraw, textPath, textWidth } from '../../src/services/explain/text.ts'
import { gaussianRun } from '../support/gaussianRun.ts'

type Region = { left: number; top: number; width: number; height: number }

/** How many pixels of a region have (nearly) this colour. */
async function countColour(picture: Buffer, region: Region, colour: string): Promise<number> {
  const data = await sharp(picture).extract(region).removeAlpha().raw().toBuffer()
  const wanted = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  let count = 0
  for (let i = 0; i < data.length; i += 3) {
    if (wanted.every((value, channel) => Math.abs((data[i + channel] ?? 0) - value) <= 6)) count++
  }
  return count
}

/** Distance of the filmstrip's columns in pixels: 128 and a gap. */
const COLUMN = 144
const left = (column: number) => 32 + column * COLUMN

describe('the filmstrip', () => {
  it('shows at most 8 evenly spread steps with the first and the last', () => {
    expect(filmstripSteps(20)).toEqual([0, 3, 5, 8, 11, 14, 16, 19])
    expect(filmstripSteps(3)).toEqual([0, 1, 2])
    expect(filmstripSteps(1)).toEqual([0])
  })

  it('has the noisy state above the guess, and under each column its number and noise level', async () => {
    const run = gaussianRun({ steps: 20 })
    const facts = factsOf(run)
    const strip = await drawFilmstrip(run, facts)
    const { width, height } = await sharp(strip).metadata()
    expect(width).toBeLessThanOrEqual(1200)
    expect(height).toBeLessThan(800)
    for (const [column, step] of filmstripSteps(20).entries()) {
      const region = { left: left(column), top: 486, width: 128, height: 40 }
      expect(await countColour(strip, region, palette.text), `label of step ${step + 1}`).toBeGreaterThan(120)
      const bar = await countColour(strip, { ...region, top: 535, height: 1 }, palette.noise)
      expect(Math.abs(bar - (facts.noise[step] ?? 0) * 128), `noise bar of step ${step + 1}`).toBeLessThan(7)
      const middle = { left: left(column) + 64, width: 1, height: 1 }
      const pixel = async (top: number) =>
        [
          ...(await sharp(strip)
            .extract({ ...middle, top })
            .raw()
            .toBuffer()),
        ].slice(0, 3)
      const guess = await pixel(316 + 64)
      const value = (run.steps[step]?.guess[16 * 32 + 16] ?? 0) * 127.5 + 127.5
      expect(Math.abs((guess[0] ?? 0) - Math.min(255, Math.max(0, value)))).toBeLessThan(45)
    }
  })

  it('marks where the layout is settled from the first column that has it', async () => {
    const run = gaussianRun({ steps: 20, layout: 2 })
    const facts = factsOf(run)
    const first = filmstripSteps(20).findIndex((index) => index + 1 >= (facts.layoutStep ?? 99))
    expect(first).toBeGreaterThan(0)
    const strip = await drawFilmstrip(run, facts)
    const lineIn = (column: number) =>
      countColour(strip, { left: left(column), top: 456, width: 128, height: 12 }, palette.layout)
    expect(await lineIn(first)).toBeGreaterThan(400)
    expect(await lineIn(first - 1)).toBe(0)
  })

  it.each([1, 2, 5])('is drawn for %i steps too', async (steps) => {
    const run = gaussianRun({ steps })
    const { width, height, format } = await sharp(await drawFilmstrip(run, factsOf(run))).metadata()
    expect(format).toBe('png')
    expect(width).toBeGreaterThanOrEqual(600)
    expect(width).toBeLessThanOrEqual(1200)
    expect(height).toBeLessThan(1000)
  })
})

describe('the chart', () => {
  it('draws each milestone as a line at its step through all three charts', async () => {
    const facts = factsOf(gaussianRun({ steps: 20, layout: 2, detail: 0.2 }))
    const chart = await drawChart(facts)
    expect(await sharp(chart).metadata()).toMatchObject({ width: 1200, format: 'png' })
    expect(milestones(facts)).toHaveLength(2)
    for (const { step, fill } of milestones(facts)) {
      const x = Math.round(112 + ((step - 0.5) / 20) * 1052)
      for (const top of [150, 404, 658]) {
        expect(await countColour(chart, { left: x - 3, top, width: 6, height: 176 }, fill)).toBeGreaterThan(
          60,
        )
      }
    }
  })

  it('draws a bar as high as the change of the guess', async () => {
    const facts = factsOf(gaussianRun({ steps: 12, layout: 0.4, detail: 0.2 }))
    const chart = await drawChart(facts)
    const heights = await Promise.all(
      facts.change.map((_, i) => {
        const x = Math.round(112 + ((i + 0.5) / 12) * 1052) - 15
        return countColour(chart, { left: x, top: 398, width: 1, height: 182 }, palette.change)
      }),
    )
    expect(heights[0]).toBe(0)
    const scale = Math.max(...heights) / Math.max(...facts.change)
    heights
      .slice(1)
      .forEach((height, i) => expect(Math.abs(height - (facts.change[i + 1] ?? 0) * scale)).toBeLessThan(5))
  })

  it('has words: title, panel titles, units and axis labels', async () => {
    const chart = await drawChart(factsOf(gaussianRun({ steps: 12 })))
    expect(
      await countColour(chart, { left: 28, top: 20, width: 320, height: 50 }, palette.text),
    ).toBeGreaterThan(800)
    for (const top of [108, 362, 616]) {
      const title = { left: 140, top, width: 180, height: 34 }
      expect(await countColour(chart, title, palette.text)).toBeGreaterThan(300)
    }
    expect(
      await countColour(chart, { left: 0, top: 140, width: 104, height: 700 }, palette.quiet),
    ).toBeGreaterThan(500)
  })
})

describe('the animation', () => {
  it('is a repeating GIF below 2 MB that holds its last frame for 2 s', async () => {
    const run = gaussianRun({ steps: 50 })
    const gif = await drawAnimation(run, factsOf(run))
    const { format, width, pages, delay, loop } = await sharp(gif, { animated: true }).metadata()
    expect({ format, width, pages, loop }).toEqual({ format: 'gif', width: 560, pages: 25, loop: 0 })
    expect(delay?.at(-1)).toBe(HOLD_MS)
    expect(new Set(delay?.slice(0, -1)).size).toBe(1)
    expect(gif.length).toBeLessThan(2_000_000)
  })
})

describe('text in pictures', () => {
  it('has glyphs for every character we use', () => {
    expect(canDraw('The model’s guess: 0123456789.,%()× σ “abc” … äéñőŁ Жя λ', 'regular')).toBe(true)
    expect(canDraw('How the picture developed', 'semiBold')).toBe(true)
    expect(canDraw('漢')).toBe(false)
  })

  it('is as wide as it is measured and stands where it is put', async () => {
    const style = { size: 40, fill: '#ffffff', anchor: 'end' as const }
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="80"><rect width="400" height="80"/>${textPath('Hélène', 380, 60, style)}</svg>`
    const { info } = await sharp(Buffer.from(svg))
      .trim({ threshold: 40 })
      .toBuffer({ resolveWithObject: true })
    const width = textWidth('Hélène', style)
    expect(Math.abs(info.width - width)).toBeLessThan(8)
    expect(Math.abs(-(info.trimOffsetLeft ?? 0) - (380 - width))).toBeLessThan(5)
    expect(Math.abs(-(info.trimOffsetTop ?? 0) + info.height - 60)).toBeLessThan(3)
  })

  it('has the same pixels with the usual fonts, with none, and with other hinting', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'darkroom-fonts-'))
    const script = path.join(import.meta.dirname, '../support/drawExplanation.ts')
    const settings = (inner: string) => `<?xml version="1.0"?><fontconfig>${inner}</fontconfig>`
    const rough =
      '<match target="font"><edit name="antialias" mode="assign"><bool>false</bool></edit><edit name="hintstyle" mode="assign"><const>hintfull</const></edit></match>'
    try {
      await writeFile(path.join(folder, 'none.conf'), settings(''))
      await writeFile(path.join(folder, 'rough.conf'), settings(rough))
      const digest = async (env: NodeJS.ProcessEnv) =>
        (await promisify(execFile)(process.execPath, [script], { env: { ...process.env, ...env } })).stdout
      const digests = await Promise.all([
        digest({}),
        digest({ FONTCONFIG_FILE: path.join(folder, 'none.conf') }),
        digest({ FONTCONFIG_FILE: path.join(folder, 'rough.conf') }),
      ])
      expect(digests[0]).toMatch(/^[0-9a-f]{64}$/u)
      expect(new Set(digests).size).toBe(1)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }, 30_000)
})
