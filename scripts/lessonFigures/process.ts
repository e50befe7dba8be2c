/** Lesson 2: the diffusion process. */
import { drawChart } from '../../src/services/explain/chart.ts'
import { factsOf } from '../../src/services/explain/facts.ts'
import { drawFilmstrip } from '../../src/services/explain/filmstrip.ts'
import { drawNoiseStrip } from '../../src/services/explain/noiseStrip.ts'
import type { Studio } from './studio.ts'

export async function process(studio: Studio): Promise<Record<string, Buffer>> {
  const wishes = { prompt: 'a fox on a teal background', steps: 20 }
  const run = await studio.run(wishes)
  const facts = factsOf(run)
  return {
    'adding-noise': await drawNoiseStrip(await studio.draw(wishes), studio.recipe(wishes), undefined),
    filmstrip: await drawFilmstrip(run, facts),
    'run-in-numbers': await drawChart(facts),
  }
}
