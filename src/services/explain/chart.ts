/** The chart: three measures of one run over the same steps, each with its own scale, so that none hides another. */
import type { Facts } from './facts.ts'
import { milestones } from './milestones.ts'
import { palette } from './palette.ts'
import { canvas, dot, line, polygon, polyline, rect } from './svg.ts'
import { textPath, textWidth } from './text.ts'
import { percent } from './words.ts'

const WIDTH = 1200
const LEFT = 112
const RIGHT = 36
const PLOT = WIDTH - LEFT - RIGHT
const PANEL = 176
const TOP = 150
const STRIDE = PANEL + 78

type Panel = {
  title: string
  unit: string
  colour: string
  values: number[]
  form: 'area' | 'bars' | 'line'
  top: number
  most: number
}

/** PNG, 1200 px wide. */
export function drawChart(facts: Facts): Promise<Buffer> {
  const panels: Panel[] = [
    {
      title: 'Noise level',
      unit: 'share of noise in the state before each step',
      colour: palette.noise,
      values: facts.noise,
      form: 'area' as const,
      most: 1,
    },
    {
      title: 'Change of the guess',
      unit: 'since the step before, in % of black to white (RMS)',
      colour: palette.change,
      values: facts.change,
      form: 'bars' as const,
      most: roundUp(Math.max(...facts.change)),
    },
    {
      title: 'Pull of the prompt',
      unit: 'how far it moved the guess, before CFG, same scale (mean)',
      colour: palette.guidance,
      values: facts.guidance,
      form: 'line' as const,
      most: roundUp(Math.max(...facts.guidance)),
    },
  ].map((panel, i) => ({ ...panel, top: TOP + i * STRIDE }))
  const bottom = TOP + (panels.length - 1) * STRIDE + PANEL
  const shapes = [
    textPath('The run in numbers', 32, 56, { size: 34, weight: 'semiBold' }),
    ...milestoneLegend(facts),
    ...panels.flatMap((panel) => drawPanel(panel, facts.steps)),
    ...milestoneLines(facts, panels),
    ...stepAxis(facts.steps, bottom),
  ]
  return canvas(WIDTH, bottom + 92, shapes.join(''))
    .png()
    .toBuffer()
}

/** Middle of a step's column; every step is as wide as the others. */
function columnX(step: number, steps: number): number {
  return LEFT + ((step - 0.5) / steps) * PLOT
}

function drawPanel({ title, unit, colour, values, form, top, most }: Panel, steps: number): string[] {
  const bottom = top + PANEL
  const y = (value: number) => bottom - (value / most) * PANEL
  const grid = [0, 0.5, 1].flatMap((share) => [
    line(LEFT, y(share * most), WIDTH - RIGHT, y(share * most), {
      colour: palette.grid,
      width: share === 0 ? 3 : 1.5,
    }),
    textPath(percent(share * most), LEFT - 16, y(share * most) + 9, {
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

/** A line through all panels at each milestone; two at one step stand side by side. */
function milestoneLines(facts: Facts, panels: Panel[]): string[] {
  const same = facts.layoutStep === facts.detailStep
  return milestones(facts).flatMap(({ step, fill, dash }, i) => {
    const x = columnX(step, facts.steps) + (same ? (i === 0 ? -4 : 4) : 0)
    return panels.map(({ top }) => line(x, top - 6, x, top + PANEL, { colour: fill, width: 3.5, dash }))
  })
}

function milestoneLegend(facts: Facts): string[] {
  let right = WIDTH - RIGHT
  return milestones(facts)
    .toReversed()
    .flatMap(({ words, fill, dash }) => {
      const x = right - textWidth(words, { size: 25 })
      right = x - 48 - 36
      return [
        line(x - 48, 47, x - 10, 47, { colour: fill, width: 4, dash }),
        textPath(words, x, 56, { size: 25 }),
      ]
    })
}

function stepAxis(steps: number, bottom: number): string[] {
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

/** The next round number whose half is round too; at least 1 %. */
function roundUp(share: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(share, 0.01)))
  return ([1, 1.2, 1.6, 2, 3, 4, 6, 8].find((factor) => factor * power >= share * 0.999) ?? 10) * power
}
