/** Lesson 4: samplers, steps and seeds. */
import { palette } from '../../src/services/explain/palette.ts'
import { line, polyline, dot } from '../../src/services/explain/svg.ts'
import { textPath } from '../../src/services/explain/text.ts'
import { percent } from '../../src/services/explain/words.ts'
import { schedules } from '../../src/services/schedules.ts'
import { card, type Cell, MARGIN, SMALL, strip, WIDTH } from './cards.ts'
import type { Studio } from './studio.ts'

export async function samplers(studio: Studio): Promise<Record<string, Buffer>> {
  return {
    'four-seeds': await fourSeeds(studio),
    'steps-sweep': await stepsSweep(studio),
    'samplers-side-by-side': await samplersSideBySide(studio),
    'two-schedules': await twoSchedules(),
  }
}

async function fourSeeds(studio: Studio): Promise<Buffer> {
  const cells: Cell[] = []
  for (const seed of [1, 2, 3, 4])
    cells.push({ png: await studio.draw({ prompt: 'a lemon', seed }), label: `seed ${seed}` })
  return strip(
    { title: 'Four seeds, one prompt', note: '“a lemon”, 20 steps: only the starting noise changes' },
    cells,
  )
}

async function stepsSweep(studio: Studio): Promise<Buffer> {
  const cells: Cell[] = []
  for (const steps of [1, 2, 5, 10, 40]) {
    const png = await studio.draw({ prompt: 'a fox on a teal background', steps, sampler: 'Euler' })
    cells.push({ png, label: steps === 1 ? '1 step' : `${steps} steps` })
  }
  return strip(
    {
      title: 'Five separate journeys, not five moments of one',
      note: 'Euler, all from the noise of seed 7, each with its own number of steps',
    },
    cells,
  )
}

async function samplersSideBySide(studio: Studio): Promise<Buffer> {
  const cells: Cell[] = []
  for (const sampler of ['Euler', 'Euler a'])
    for (const steps of [10, 20, 40, 80]) {
      const png = await studio.draw({ prompt: 'a frog', sampler, scheduler: 'Karras', steps })
      cells.push({
        png,
        label: `${sampler}, ${steps} steps`,
        colour: sampler === 'Euler' ? palette.noise : palette.change,
      })
    }
  return strip(
    {
      title: 'One settles, the other keeps changing',
      note: '“a frog”, seed 7: Euler above, ancestral Euler a below',
    },
    cells,
    4,
  )
}

/** How much noise is left after each step, for the two schedules that students meet most. */
function twoSchedules(): Promise<Buffer> {
  const steps = 10
  const [left, right, top, bottom] = [130, WIDTH - MARGIN - 20, 160, 540]
  const x = (step: number) => left + (step / steps) * (right - left)
  const y = (share: number) => bottom - share * (bottom - top)
  const curve = (levels: number[], colour: string) => {
    const points = [...levels, 0].map((sigma, step) => [x(step), y(sigma / (1 + sigma))] as const)
    return polyline(points, { colour, width: 5 }) + points.map(([px, py]) => dot(px, py, 9, colour)).join('')
  }
  const shapes = [
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
      line(left, y(share), right, y(share), { colour: palette.grid, width: share === 0 ? 3 : 1.5 }),
      textPath(percent(share), left - 16, y(share) + 10, { size: SMALL, fill: palette.quiet, anchor: 'end' }),
    ]),
    ...Array.from({ length: steps + 1 }, (_, step) =>
      textPath(String(step), x(step), bottom + 42, { size: SMALL, fill: palette.quiet, anchor: 'middle' }),
    ),
    textPath('steps done', (left + right) / 2, bottom + 84, { size: SMALL, anchor: 'middle' }),
    curve(schedules.Normal.levels(steps), palette.noise),
    curve(schedules.Karras.levels(steps), palette.change),
    textPath('Normal', x(7.15), y(0.51), { size: 34, weight: 'semiBold', fill: palette.noise }),
    textPath('Karras', x(4.95), y(0.29), {
      size: 34,
      weight: 'semiBold',
      fill: palette.change,
      anchor: 'end',
    }),
  ]
  return card(
    {
      title: 'Two schedules for ten steps',
      note: 'Share of noise that is left: Karras is through with most of it sooner',
    },
    bottom + 116,
    shapes,
  )
}
