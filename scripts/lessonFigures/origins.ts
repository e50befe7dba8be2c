/** Lesson 1: GANs, VAEs, diffusion. */
import { palette } from '../../src/services/explain/palette.ts'
import { frame } from '../../src/services/explain/frames.ts'
import { line, rect } from '../../src/services/explain/svg.ts'
import { textPath } from '../../src/services/explain/text.ts'
import sharp from 'sharp'
import { arrow, card, MARGIN, panel, resized, SMALL, strip, WIDTH } from './cards.ts'
import type { Studio } from './studio.ts'

export async function origins(studio: Studio): Promise<Record<string, Buffer>> {
  return {
    'three-machines': await threeMachines(studio),
    'latent-size': await latentSize(studio),
    'few-cells': await fewCells(studio),
  }
}

/** One row each: what goes in, what is done how often, what comes out. */
async function threeMachines(studio: Studio): Promise<Buffer> {
  const run = await studio.run({ prompt: 'a sunflower', steps: 20 })
  const size = { width: run.width, height: run.height }
  const small = { width: 148, height: 148 }
  const rowTops = [150, 372, 594]
  const shapes = [
    ...(
      [
        ['GAN', 'two networks in contest', palette.guidance],
        ['VAE', 'squeeze and rebuild', palette.layout],
        ['Diffusion', 'many small steps', palette.change],
      ] as const
    ).flatMap(([name, words, colour], i) => [
      textPath(name, MARGIN, (rowTops[i] ?? 0) + 60, { size: 34, weight: 'semiBold', fill: colour }),
      textPath(words, MARGIN, (rowTops[i] ?? 0) + 98, { size: SMALL, fill: palette.quiet }),
      line(MARGIN, (rowTops[i] ?? 0) - 28, WIDTH - MARGIN, (rowTops[i] ?? 0) - 28, {
        colour: palette.grid,
        width: 2,
      }),
    ]),
    ...row(rowTops[0] ?? 0, palette.guidance, [
      ['generator', 'makes a picture', 'in one pass'],
      ['discriminator', 'real or made?'],
      ['verdict', 'teaches both'],
    ]),
    ...row(rowTops[1] ?? 0, palette.layout, [
      ['encoder', 'picture to a', 'few numbers'],
      ['latent', 'a smooth map', 'of pictures'],
      ['decoder', 'numbers to', 'a picture'],
    ]),
  ]
  const shown = [0, 7, 10, 13, 19]
  const left = (i: number) => 380 + i * 160
  const pictures = await Promise.all(
    shown.map(async (index, i) => {
      const planes = i === shown.length - 1 ? run.final : (run.steps[index]?.noisy ?? run.final)
      return {
        ...(await frame(planes, size, small, i === shown.length - 1 ? 'smooth' : 'dots')),
        left: left(i),
        top: rowTops[2] ?? 0,
      }
    }),
  )
  const labels = ['noise', '', '', '', 'picture'].map((word, i) =>
    textPath(word, left(i) + 74, 782, { size: SMALL, anchor: 'middle', fill: palette.quiet }),
  )
  const title = { title: 'Three ways to teach a machine to make pictures' }
  return card(title, 806, [...shapes, ...labels], pictures)
}

/** Three boxes with arrows between them. */
function row(y: number, colour: string, boxes: readonly (readonly string[])[]): string[] {
  return boxes.flatMap((lines, i) => {
    const x = 380 + i * 276
    const box = panel({ x, y, width: 236, height: 140 }, lines, colour)
    return i === 0 ? [box] : [arrow(x - 36, y + 70, x - 4, y + 70), box]
  })
}

/** 512 x 512 x 3 numbers beside 64 x 64 x 4, true to scale. */
async function latentSize(studio: Studio): Promise<Buffer> {
  const picture = await studio.draw({ prompt: 'a red heart on a blue background' })
  const side = 384
  const top = 180
  const latent = side / 8
  const x = 760
  const shapes = [
    textPath('the picture', MARGIN, top - 14, { size: SMALL, fill: palette.change }),
    textPath('512 × 512 dots × 3 colours', MARGIN + side + 36, top + 60, { size: 30 }),
    textPath('= 786,432 numbers', MARGIN + side + 36, top + 104, {
      size: 34,
      weight: 'semiBold',
      fill: palette.change,
    }),
    textPath('its latent', MARGIN + side + 36, top + 192, { size: SMALL, fill: palette.layout }),
    ...[0, 1, 2, 3].map((i) =>
      rect(
        { x: MARGIN + side + 36 + i * (latent + 10), y: top + 212, width: latent, height: latent },
        palette.layout,
        4,
        0.95 - 0.2 * i,
      ),
    ),
    textPath('64 × 64 cells × 4 channels', x - 60, top + 246, { size: 30 }),
    textPath('= 16,384 numbers', MARGIN + side + 36, top + 322, {
      size: 34,
      weight: 'semiBold',
      fill: palette.layout,
    }),
    textPath('48 times fewer', MARGIN + side + 36, top + 370, { size: 34, weight: 'semiBold' }),
  ]
  const words = {
    title: 'What Stable Diffusion really works on',
    note: 'Drawn true to scale: the four green squares are the whole latent',
  }
  return card(words, top + side + 32, shapes, [{ input: await resized(picture, side), left: MARGIN, top }])
}

/** The same face kept in fewer and fewer cells: averaged, then drawn large again. No VAE, but the same shortage. */
async function fewCells(studio: Studio): Promise<Buffer> {
  const face = await studio.draw({ prompt: 'a grinning face', seed: 3 })
  const kept = async (cells: number) =>
    sharp(await sharp(face).resize(cells, cells, { kernel: 'lanczos3' }).png().toBuffer())
      .resize(512, 512, { kernel: 'cubic' })
      .png()
      .toBuffer()
  return strip(
    {
      title: 'Why small faces suffer',
      note: 'One face, kept in fewer and fewer cells, then made large again',
    },
    [
      { png: face, label: 'as drawn' },
      ...(await Promise.all(
        [24, 12, 6].map(async (cells) => ({ png: await kept(cells), label: `${cells} × ${cells} cells` })),
      )),
    ],
  )
}
