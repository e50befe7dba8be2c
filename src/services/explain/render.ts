/** A picture's making told in words and pictures: from a run made again, from frames seen meanwhile, or from the recipe alone. */
import type { ModelInfo, Drawing, InputImages, Run } from '../../domain.ts'
import type { KeptRun } from '../seenRuns.ts'
import { animationAlt, chartAlt, filmstripAlt } from './altTexts.ts'
import { drawAnimation } from './animation.ts'
import { beginningAlt, drawBefore, drawBeginning } from './beginning.ts'
import { drawChart } from './chart.ts'
import { factsOf } from './facts.ts'
import { drawFilmstrip } from './filmstrip.ts'
import type { ExplainedImage, Explanation } from './kept.ts'
import { drawNoiseStrip } from './noiseStrip.ts'
import { comparePixels, type PixelComparison } from './pixels.ts'
import { prescription, type Prescription } from './prescription.ts'
import { noiseStripAlt, recordAnimationAlt, recordStripAlt, scheduleAlt } from './recordAltTexts.ts'
import { drawRecordAnimation } from './recordAnimation.ts'
import { recordFactsOf } from './recordFacts.ts'
import { noRecordSentences, recordSentences } from './recordSentences.ts'
import { drawRecordStrip } from './recordStrip.ts'
import { drawScheduleChart } from './scheduleChart.ts'
import { noStepSentences, sentences } from './sentences.ts'

/**
 * `stored` is the file of the picture; `run` made it again; `seen` was kept while it was drawn. Neither: nothing is known of its steps, and
 * `better` is a model of the same place of whose runs something would be.
 */
export type RenderTask = {
  picture: Drawing
  stored: Uint8Array
  run?: Run
  seen?: KeptRun | undefined
  better?: Pick<ModelInfo, 'id' | 'price'> | undefined
  /** A remix: what it began from. */
  input?: InputImages | undefined
}

/** `comparison` of the pixels where the run was made again. */
export type Rendered = { explanation: Explanation; comparison?: PixelComparison }

/** Half a second of one core for the arithmetic alone, so it has a thread of its own (renderInWorker.ts). */
export async function render({ run, seen, ...task }: RenderTask): Promise<Rendered> {
  if (run) return renderRun({ run, ...task })
  const explanation = await (seen ? renderRecord({ seen, ...task }) : renderNoRecord(task))
  return { explanation: { ...explanation, images: [...(await beforeImage(task)), ...explanation.images] } }
}

/** Where no run can show it: the picture that a remix began from. */
async function beforeImage({ picture, input }: Omit<RenderTask, 'run' | 'seen'>): Promise<ExplainedImage[]> {
  if (!input) return []
  const alt = 'The picture that this remix began from, before any noise.'
  return [{ name: `before-${picture.id}.png`, data: await drawBefore(input), alt }]
}

type Made<K extends keyof RenderTask> = Pick<RenderTask, 'picture' | 'stored' | 'input'> &
  Required<Pick<RenderTask, K>>

async function renderRun({ run, picture, stored, input }: Made<'run'>): Promise<Rendered> {
  const comparison = await comparePixels(run.png, stored)
  const beginning: ExplainedImage[] = input
    ? [
        {
          name: `beginning-${picture.id}.png`,
          data: await drawBeginning(run, input, stored),
          alt: beginningAlt(run, input),
        },
      ]
    : []
  if (run.steps.length === 0) {
    const text = noStepSentences(run, picture, comparison)
    return { explanation: { text, images: beginning, matches: comparison.matches }, comparison }
  }
  const facts = factsOf(run)
  const [filmstrip, chart, animation] = await Promise.all([
    drawFilmstrip(run, facts),
    drawChart(facts),
    drawAnimation(run, facts),
  ])
  const { id, recipe } = picture
  const explanation = {
    text: sentences(facts, picture, comparison),
    images: [
      ...beginning,
      { name: `development-${id}.gif`, data: animation, alt: animationAlt(facts, recipe) },
      { name: `filmstrip-${id}.png`, data: filmstrip, alt: filmstripAlt(facts, recipe) },
      { name: `chart-${id}.png`, data: chart, alt: chartAlt(facts) },
    ],
    matches: comparison.matches,
  }
  return { explanation, comparison }
}

async function renderRecord({
  seen,
  picture,
  stored,
}: { seen: KeptRun } & Made<never>): Promise<Explanation> {
  const { id, recipe } = picture
  const facts = await recordFactsOf(seen, stored)
  // A run of another length than the recipe's did not follow its schedule as it stands.
  const prescribed = seen.steps === recipe.steps ? prescription(recipe) : undefined
  const [animation, strip, chart] = await Promise.all([
    drawRecordAnimation(seen, stored, facts),
    drawRecordStrip(seen, stored, facts),
    scheduleImage(id, prescribed),
  ])
  return {
    text: recordSentences(facts, recipe, prescribed),
    images: [
      { name: `seen-${id}.gif`, data: animation, alt: recordAnimationAlt(facts, recipe) },
      { name: `seen-${id}.png`, data: strip, alt: recordStripAlt(facts, recipe) },
      ...chart,
    ],
  }
}

async function renderNoRecord({
  picture,
  stored,
  better,
}: Omit<RenderTask, 'run' | 'seen'>): Promise<Explanation> {
  const { id, recipe } = picture
  const prescribed = prescription(recipe)
  const strip = await drawNoiseStrip(stored, recipe, prescribed)
  return {
    text: noRecordSentences(recipe, prescribed, better),
    images: [
      { name: `noise-added-${id}.png`, data: strip, alt: noiseStripAlt(recipe, prescribed) },
      ...(await scheduleImage(id, prescribed)),
    ],
  }
}

async function scheduleImage(id: string, prescribed: Prescription | undefined): Promise<ExplainedImage[]> {
  if (!prescribed) return []
  return [
    { name: `schedule-${id}.png`, data: await drawScheduleChart(prescribed), alt: scheduleAlt(prescribed) },
  ]
}
