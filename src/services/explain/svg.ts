/** The few SVG shapes that our pictures need. Text is drawn by text.ts, never with <text>. */
import sharp, { type Sharp } from 'sharp'
import { palette } from './palette.ts'

export type Box = { x: number; y: number; width: number; height: number }

export function rect({ x, y, width, height }: Box, fill: string, radius = 0, opacity = 1): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" fill-opacity="${opacity}"/>`
}

export type Stroke = { colour: string; width: number; dash?: string }

export function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  { colour, width, dash }: Stroke,
): string {
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash}"`
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}" stroke-width="${width}"${dashes}/>`
}

export function polyline(points: readonly (readonly [number, number])[], { colour, width }: Stroke): string {
  const path = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"/>`
}

export function polygon(
  points: readonly (readonly [number, number])[],
  fill: string,
  opacity: number,
): string {
  const path = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')
  return `<polygon points="${path}" fill="${fill}" fill-opacity="${opacity}"/>`
}

export function dot(x: number, y: number, radius: number, fill: string): string {
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}" fill="${fill}"/>`
}

export function ring(x: number, y: number, radius: number, { colour, width }: Stroke): string {
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}" fill="none" stroke="${colour}" stroke-width="${width}"/>`
}

/** A sharp picture of shapes on our ground, one unit = one pixel. */
export function canvas(width: number, height: number, shapes: string): Sharp {
  const ground = rect({ x: 0, y: 0, width, height }, palette.ground)
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`
  return sharp(Buffer.from(`${head}${ground}${shapes}</svg>`)).removeAlpha()
}
