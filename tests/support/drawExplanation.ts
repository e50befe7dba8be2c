/** Draws the filmstrip, chart and animation of one fixed run and prints a digest of their pixels: run with other font settings. */
import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { drawAnimation } from '../../src/services/explain/animation.ts'
import { drawChart } from '../../src/services/explain/chart.ts'
import { factsOf } from '../../src/services/explain/facts.ts'
import { drawFilmstrip } from '../../src/services/explain/filmstrip.ts'
import { gaussianRun } from './gaussianRun.ts'

const run = gaussianRun({ steps: 3 })
const facts = factsOf(run)
const hash = createHash('sha256')
for (const picture of [
  await drawFilmstrip(run, facts),
  await drawChart(facts),
  await drawAnimation(run, facts),
]) {
  hash.update(await sharp(picture, { animated: true }).raw().toBuffer())
}
process.stdout.write(hash.digest('hex'))
