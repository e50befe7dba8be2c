/**
 * What a run shows, as numbers. Pure: the same run gives the same facts. Guesses are measured as they are shown, cut off at black and
 * white.
 */
import type { Run } from '../../domain.ts'
import { lookOf, type Look } from './colourWords.ts'
import { blurToCells, fineDetail, RANGE, rmsDifference, showable } from './planes.ts'

/** The layout counts as settled while the blurred guess is this near to the blurred picture (RMS, share of black-to-white). */
export const LAYOUT_TOLERANCE = 0.05

/** Step numbers count from 1, as people read them; shares are 0..1 of the range from black to white. One entry per step in lists. */
export type Facts = {
  steps: number
  width: number
  height: number
  sigma: number[]
  /** Share of noise in the state before the step: sigma / (1 + sigma). */
  noise: number[]
  /** RMS between the guess and the final picture, both blurred to 8 x 8. */
  layoutDistance: number[]
  /** First step from which on that distance stays within 5 %. */
  layoutStep?: number
  /** RMS between this guess and the one before; 0 for the first step, which has none before it. */
  change: number[]
  changePeak?: number
  /** The same for the fine detail only (the guess minus its 8 x 8 blur). */
  detailChange: number[]
  /** Step at which half of all change in fine detail is done. */
  detailStep?: number
  /** Mean difference that the prompt makes to the guess, before scaling by CFG. */
  guidance: number[]
  guidanceMean: number
  guidancePeak?: number
  /** True when the last guess is the picture. */
  endsAtGuess: boolean
  firstLook: Look
  finalLook: Look
  unknownWords: string[]
}

/** Throws RangeError for a run without steps. */
export function factsOf(run: Run): Facts {
  const first = run.steps[0]
  if (!first) throw new RangeError('a run has at least one step')
  const final = showable(run.final)
  const guesses = run.steps.map((step) => showable(step.guess))
  const finalCells = blurToCells(final, run)
  const layoutDistance = guesses.map((guess) => rmsDifference(blurToCells(guess, run), finalCells))
  const change = changes(guesses)
  const detailChange = changes(guesses.map((guess) => fineDetail(guess, run)))
  const guidance = run.steps.map((step) => step.guidance / RANGE)
  return {
    steps: run.steps.length,
    width: run.width,
    height: run.height,
    sigma: run.steps.map((step) => step.sigma),
    noise: run.steps.map(({ sigma }) => sigma / (1 + sigma)),
    layoutDistance,
    ...optional('layoutStep', settledFrom(layoutDistance, LAYOUT_TOLERANCE)),
    change,
    ...optional('changePeak', peak(change)),
    detailChange,
    ...optional('detailStep', halfDone(detailChange)),
    guidance,
    guidanceMean: guidance.reduce((sum, value) => sum + value, 0) / guidance.length,
    ...optional('guidancePeak', peak(guidance)),
    endsAtGuess: rmsDifference(guesses.at(-1) ?? final, final) < 1e-3,
    firstLook: lookOf(first.guess, run),
    finalLook: lookOf(run.final, run),
    unknownWords: run.unknownWords,
  }
}

function changes(pictures: Float32Array[]): number[] {
  return pictures.map((picture, i) => {
    const before = pictures[i - 1]
    return before ? rmsDifference(picture, before) : 0
  })
}

function settledFrom(distances: number[], tolerance: number): number | undefined {
  const lastFar = distances.findLastIndex((distance) => distance > tolerance)
  return lastFar === distances.length - 1 ? undefined : lastFar + 2
}

function halfDone(amounts: number[]): number | undefined {
  const total = amounts.reduce((sum, amount) => sum + amount, 0)
  if (total === 0) return undefined
  let done = 0
  return amounts.findIndex((amount) => (done += amount) >= total / 2) + 1
}

function peak(values: number[]): number | undefined {
  const most = Math.max(...values)
  return most > 0 ? values.indexOf(most) + 1 : undefined
}

function optional<K extends string>(key: K, value: number | undefined): { [P in K]?: number } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: number })
}
