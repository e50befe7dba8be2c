/** The two moments that filmstrip, chart and alt texts mark, in words and colours. */
import type { Facts } from './facts.ts'
import { palette } from './palette.ts'

export type Milestone = { words: string; step: number; fill: string; dash: string }

/** As far as this run has them; a single step has nothing to settle. */
export function milestones({ steps, layoutStep, detailStep }: Facts): Milestone[] {
  if (steps === 1) return []
  return [
    { step: layoutStep, words: 'layout settled from step', fill: palette.layout, dash: '14 8' },
    { step: detailStep, words: 'half of the detail done at step', fill: palette.detail, dash: '4 7' },
  ].flatMap(({ step, words, ...style }) =>
    step === undefined ? [] : [{ ...style, step, words: `${words} ${step}` }],
  )
}
