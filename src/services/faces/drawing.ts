/** Marks on pictures: numbered boxes and the mesh, drawn as shapes (text as outlines, see explain/text.ts). */
import { line, rect } from '../explain/svg.ts'
import { textPath, textWidth } from '../explain/text.ts'
import { type Landmarks, pointAt, triangles } from './landmarks.ts'
import { type Area, type Picture, toSharp } from './pixels.ts'

const colours = { edge: '#ffe66d', shadow: '#16171c', quiet: '#b4bac6' }

/** Boxes with numbers that can be read on any ground; the chosen one is bright, the others are grey. */
export function boxShapes(
  faces: readonly { box: Area }[],
  { width, height }: { width: number; height: number },
  chosen?: number,
): string {
  const thick = Math.max(2, Math.round(Math.max(width, height) / 220))
  return faces
    .map(({ box }, i) => {
      const colour = chosen === undefined || chosen === i + 1 ? colours.edge : colours.quiet
      const size = Math.max(14, Math.min(Math.max(width, height) / 16, Math.max(box.width * 0.34, 14)))
      const number = String(i + 1)
      const badge = {
        width: textWidth(number, { size, weight: 'semiBold' }) + size * 0.7,
        height: size * 1.25,
      }
      const x = Math.max(0, Math.min(width - badge.width, box.x))
      const y = box.y >= badge.height ? box.y - badge.height : Math.min(height - badge.height, box.y)
      return (
        frame(box, colours.shadow, thick * 2) +
        frame(box, colour, thick) +
        rect(
          { x: x - thick, y: y - thick, width: badge.width + thick * 2, height: badge.height + thick * 2 },
          colours.shadow,
          size * 0.2,
        ) +
        rect({ x, y, ...badge }, colour, size * 0.15) +
        textPath(number, x + badge.width / 2, y + size * 0.98, {
          size,
          weight: 'semiBold',
          fill: colours.shadow,
          anchor: 'middle',
        })
      )
    })
    .join('')
}

function frame({ x, y, width, height }: Area, colour: string, thick: number): string {
  const stroke = { colour, width: thick }
  const [right, bottom] = [x + width, y + height]
  const half = thick / 2
  return (
    line(x - half, y, right + half, y, stroke) +
    line(x - half, bottom, right + half, bottom, stroke) +
    line(x, y, x, bottom, stroke) +
    line(right, y, right, bottom, stroke)
  )
}

/** The triangles of the mesh as thin lines, and its points. */
export function meshShapes(landmarks: Landmarks): string {
  let edges = ''
  const drawn = new Set<number>()
  for (const [a, b, c] of triangles) {
    for (const [from, to] of [
      [a, b],
      [b, c],
      [c, a],
    ] as const) {
      const key = Math.min(from, to) * 1000 + Math.max(from, to)
      if (drawn.has(key)) continue
      drawn.add(key)
      const [x1, y1] = pointAt(landmarks, from)
      const [x2, y2] = pointAt(landmarks, to)
      edges += `M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}`
    }
  }
  let points = ''
  for (let i = 0; i < landmarks.length / 2; i++) {
    const [x, y] = pointAt(landmarks, i)
    points += `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="1.5" fill="${colours.edge}"/>`
  }
  return `<path d="${edges}" fill="none" stroke="#ffffff" stroke-opacity="0.7" stroke-width="0.8"/>${points}`
}

/** The picture with shapes on it, as PNG. */
export function drawOver(picture: Picture, shapes: string): Promise<Uint8Array> {
  return toSharp(picture)
    .composite([{ input: asSvg(shapes, picture) }])
    .png()
    .toBuffer()
}

export function asSvg(shapes: string, { width, height }: { width: number; height: number }): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes}</svg>`,
  )
}
