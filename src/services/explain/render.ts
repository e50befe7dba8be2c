/** A run told in words and pictures. */
import type { Picture, Run } from '../../domain.ts'
import { animationAlt, chartAlt, filmstripAlt } from './altTexts.ts'
import { drawAnimation } from './animation.ts'
import { drawChart } from './chart.ts'
import { factsOf } from './facts.ts'
import { drawFilmstrip } from './filmstrip.ts'
import type { Explanation } from './kept.ts'
import { comparePixels, type PixelComparison } from './pixels.ts'
import { sentences } from './sentences.ts'

/** `stored` is the file of the picture that the run made again. */
export type RenderTask = { run: Run; picture: Picture; stored: Uint8Array }

export type Rendered = { explanation: Explanation; comparison: PixelComparison }

/** Half a second of one core for the arithmetic alone, so it has a thread of its own (renderInWorker.ts). */
export async function render({ run, picture, stored }: RenderTask): Promise<Rendered> {
  const comparison = await comparePixels(run.png, stored)
  const facts = factsOf(run)
  const [filmstrip, chart, animation] = await Promise.all([
    drawFilmstrip(run, facts),
    drawChart(facts),
    drawAnimation(run, facts),
  ])
  const { id, recipe } = picture
  const explanation = {
    text: sentences(facts, picture, comparison),
    facts,
    matches: comparison.matches,
    filmstrip: { name: `filmstrip-${id}.png`, data: filmstrip, alt: filmstripAlt(facts, recipe) },
    chart: { name: `chart-${id}.png`, data: chart, alt: chartAlt(facts) },
    animation: { name: `development-${id}.gif`, data: animation, alt: animationAlt(facts, recipe) },
  }
  return { explanation, comparison }
}
