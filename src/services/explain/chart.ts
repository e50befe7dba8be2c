/** The chart: three measures of one run over the same steps, each with its own scale, so that none hides another. */
import type { Facts } from './facts.ts'
import { milestones } from './milestones.ts'
import { palette } from './palette.ts'
import { columnX, drawPanel, PANEL, type Panel, RIGHT, stepAxis, STRIDE, WIDTH } from './panels.ts'
import { canvas, line } from './svg.ts'
import { textPath, textWidth } from './text.ts'

const TOP = 150

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

/** The next round number whose half is round too; at least 1 %. */
function roundUp(share: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(share, 0.01)))
  return ([1, 1.2, 1.6, 2, 3, 4, 6, 8].find((factor) => factor * power >= share * 0.999) ?? 10) * power
}
