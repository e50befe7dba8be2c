/** Draws every kind of picture with words and prints a digest of their pixels: run with other font settings. */
import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { drawAnimation } from '../../src/services/explain/animation.ts'
import { drawChart } from '../../src/services/explain/chart.ts'
import { factsOf } from '../../src/services/explain/facts.ts'
import { drawFilmstrip } from '../../src/services/explain/filmstrip.ts'
import { drawNoiseStrip } from '../../src/services/explain/noiseStrip.ts'
import { prescription } from '../../src/services/explain/prescription.ts'
import { drawRecordAnimation } from '../../src/services/explain/recordAnimation.ts'
import { recordFactsOf } from '../../src/services/explain/recordFacts.ts'
import { drawRecordStrip } from '../../src/services/explain/recordStrip.ts'
import { drawScheduleChart } from '../../src/services/explain/scheduleChart.ts'
import { drawFamily } from '../../src/services/lineage/draw.ts'
import { gaussianRun } from './gaussianRun.ts'
import { samplePicture } from './samples.ts'
import { board, seenFrames } from './seenFrames.ts'

const run = gaussianRun({ steps: 3 })
const facts = factsOf(run)
const finished = await board(1)
const seen = { ...(await seenFrames({ 1: 0, 3: 1 }, { steps: 3 })), watched: 2 }
const recordFacts = await recordFactsOf(seen, finished)
const prescribed = prescription(run.recipe)
if (!prescribed) throw new Error('the recipe has a known schedule')
const picture = samplePicture()
const family = {
  members: [{ id: picture.id, picture, isAsked: true }],
  links: [],
  more: 0,
  isLarger: false,
}
const hash = createHash('sha256')
for (const drawing of [
  await drawFilmstrip(run, facts),
  await drawChart(facts),
  await drawAnimation(run, facts),
  await drawRecordStrip(seen, finished, recordFacts),
  await drawRecordAnimation(seen, finished, recordFacts),
  await drawNoiseStrip(finished, run.recipe, prescribed),
  await drawScheduleChart(prescribed),
  await drawFamily({ family, thumbs: new Map() }),
]) {
  hash.update(await sharp(drawing, { animated: true }).raw().toBuffer())
}
process.stdout.write(hash.digest('hex'))
