/** The noise levels that a schedule prescribes, step by step: computed from the recipe, and labelled so. */
import { palette } from './palette.ts'
import { drawPanel, PANEL, type Panel, stepAxis, STRIDE, WIDTH } from './panels.ts'
import type { Prescription } from './prescription.ts'
import { canvas } from './svg.ts'
import { textPath } from './text.ts'

const TOP = 196

/** PNG, 1200 px wide. */
export function drawScheduleChart({ name, steps, sigma, noise }: Prescription): Promise<Buffer> {
  const panels: Panel[] = [
    {
      title: 'Noise level σ',
      unit: 'before each step, as samplers count it',
      colour: palette.noise,
      values: sigma,
      form: 'area',
      top: TOP,
      most: Math.max(1, Math.ceil(Math.max(...sigma) / 5) * 5),
      tick: String,
    },
    {
      title: 'Share of noise',
      unit: 'the same as σ / (1 + σ): below 50%, the picture outweighs the noise',
      colour: palette.guidance,
      values: noise,
      form: 'area',
      top: TOP + STRIDE,
      most: 1,
    },
  ]
  const bottom = TOP + STRIDE + PANEL
  const shapes = [
    textPath('What this schedule prescribes', 32, 56, { size: 34, weight: 'semiBold' }),
    textPath(
      `${name}, ${steps} ${steps === 1 ? 'step' : 'steps'}, Stable Diffusion’s noise levels: computed from the recipe, not measured`,
      32,
      100,
      { size: 25, fill: palette.quiet },
    ),
    ...panels.flatMap((panel) => drawPanel(panel, steps)),
    ...stepAxis(steps, bottom),
  ]
  return canvas(WIDTH, bottom + 92, shapes.join(''))
    .png()
    .toBuffer()
}
