/** Panels of charts over the steps of a run: heading, grid, curve and the axis below them all. */
import { palette } from './palette.ts'
import { dot, line, polygon, polyline, rect } from './svg.ts'
import { textPath, textWidth } from './text.ts'
import { percent } from './words.ts'

export const WIDTH = 1200
const LEFT = 112
export const RIGHT = 36
export const PANEL = 176
/** Distance from panel to panel. */
export const STRIDE = PANEL + 78
const PLOT = WIDTH - LEFT - RIGHT

export type Panel = {
  title: string
  unit: string
  colour: string
  /** One a step. */
  values: number[]
  form: 'area' | 'bars' | 'line'
  top: number
  /** Value at the upper edge. */
  most: number
  /** A value as the axis has it; per cent if left out. */
  tick?: (value: number) => string
}

/** Middle of a step's column; every step is as wide as the others. */
export function columnX(step: number, steps: number): number {
  return LEFT + ((step - 0.5) / steps) * PLOT
}

export function drawPanel(
  { title, unit, colour, values, form, top, most, tick = percent }: Panel,
  steps: number,
): string[] {
  const bottom = top + PANEL
  const y = (value: number) => bottom - (value / most) * PANEL
  const grid = [0, 0.5, 1].flatMap((share) => [
    line(LEFT, y(share * most), WIDTH - RIGHT, y(share * most), {
      colour: palette.grid,
      width: share === 0 ? 3 : 1.5,
    }),
    textPath(tick(share * most), LEFT - 16, y(share * most) + 9, {
      size: 25,
      fill: palette.quiet,
      anchor: 'end',
    }),
  ])
  const heading = [
    rect({ x: LEFT, y: top - 38, width: 20, height: 20 }, colour, 4),
    textPath(title, LEFT + 32, top - 20, { size: 27, weight: 'semiBold' }),
    textPath(unit, LEFT + 32 + textWidth(title, { size: 27, weight: 'semiBold' }) + 18, top - 20, {
      size: 24,
      fill: palette.quiet,
    }),
  ]
  const points = values.map((value, i) => [columnX(i + 1, steps), y(value)] as const)
  return [...heading, ...grid, ...curve(form, points, bottom, colour, PLOT / steps)]
}

type Points = readonly (readonly [number, number])[]

function curve(
  form: Panel['form'],
  points: Points,
  bottom: number,
  colour: string,
  column: number,
): string[] {
  if (form === 'bars') {
    const width = Math.min(56, Math.max(3, column * 0.62))
    // The first step has no step before it, so it has no bar.
    return points.slice(1).map(([x, y]) => {
      const height = Math.max(2, bottom - y)
      return rect({ x: x - width / 2, y: bottom - height, width, height }, colour, Math.min(4, width / 4))
    })
  }
  const dots = column > 16 ? points.map(([x, y]) => dot(x, y, 6, colour)) : []
  const first = points[0]?.[0] ?? LEFT
  const last = points.at(-1)?.[0] ?? LEFT
  const under = form === 'area' ? [polygon([[first, bottom], ...points, [last, bottom]], colour, 0.16)] : []
  return [...under, polyline(points, { colour, width: 4 }), ...dots]
}

export function stepAxis(steps: number, bottom: number): string[] {
  const every = [1, 2, 5, 10, 20, 50].find((stride) => steps / stride <= 13) ?? 100
  const shown = Array.from({ length: steps }, (_, i) => i + 1).filter(
    (step) => step === 1 || step % every === 0,
  )
  return [
    ...shown.map((step) =>
      textPath(String(step), columnX(step, steps), bottom + 36, {
        size: 25,
        fill: palette.quiet,
        anchor: 'middle',
      }),
    ),
    textPath(steps === 1 ? 'the only step' : 'step', LEFT + PLOT / 2, bottom + 72, {
      size: 25,
      anchor: 'middle',
    }),
  ]
}
