/** What is up, in words: for /status. Pure. */
import type { ModelInfo } from '../../domain.ts'
import { dollars, priceInWords } from '../../money.ts'
import { count, plain } from './blocks.ts'

export type ModelStatus = {
  model: ModelInfo
  isUp: boolean
  waiting: number
  typical: { seconds: number; jobs: number } | undefined
}

export type Status = {
  isPaused: boolean
  /** The model when nobody names one; undefined when somebody has to choose. */
  usual: string | undefined
  models: readonly ModelStatus[]
  /** What is left today; absent when nothing costs money. */
  left?: { classUsd: number; personUsd: number } | undefined
}

/** More would not fit into one message. */
const MOST_MODELS = 20

export function statusInWords({ isPaused, usual, models, left }: Status): string {
  const shown = models.slice(0, MOST_MODELS)
  const hidden = models.length - shown.length
  const lines = [
    isPaused
      ? '⏸️ **The class is paused.** Nothing new is accepted; what was accepted before is still drawn.'
      : '▶️ **The class is open.** Type `/imagine` for a picture.',
    ...shown.map(modelInWords),
    ...(hidden > 0 ? [`and ${hidden} more; start to type one in \`/imagine model:\`.`] : []),
  ]
  if (models.length === 0) lines.push('No machine that draws is connected; please tell your instructor.')
  else if (usual === undefined) lines.push('Nobody has set a model for the class, so please name one.')
  else lines.push(`When you name no model, **${plain(usual)}** draws.`)
  if (left) {
    lines.push(
      `Left for today: ${dollars(left.personUsd)} for you, ${dollars(left.classUsd)} for the class. Free models cost nothing of it.`,
    )
  }
  return lines.join('\n')
}

function modelInWords({ model, isUp, waiting, typical }: ModelStatus): string {
  const line = waiting === 0 ? 'nobody waits' : count(waiting, 'job waits', 'jobs wait')
  return [
    `${isUp ? '🟢' : '🔴'} **${plain(model.id)}**: ${isUp ? 'ready' : 'cannot be reached right now'}`,
    line,
    typicalInWords(typical),
    priceInWords(model.price),
  ].join(', ')
}

/** "usually 0.3 s", measured. */
export function typicalInWords(typical: ModelStatus['typical']): string {
  if (!typical) return 'not measured yet'
  const { seconds } = typical
  return `usually ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
}
