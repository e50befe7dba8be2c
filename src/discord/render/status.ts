/** What is up, in words: for /status. Pure. */
import type { ModelInfo } from '../../domain.ts'
import { dollars, priceInWords } from '../../money.ts'
import type { PictureLimits } from '../../services/pictureLimits.ts'
import { count, plain } from './blocks.ts'
import { leftInWords } from './leftToday.ts'
import { placeInLine } from './progress.ts'

export type ModelStatus = {
  model: ModelInfo
  isUp: boolean
  waiting: number
  /** All its machines have just failed and are given a rest. */
  isAside?: boolean
  typical: { seconds: number; jobs: number } | undefined
}

export type Status = {
  isPaused: boolean
  /** The model when nobody names one; undefined when somebody has to choose. */
  usual: string | undefined
  models: readonly ModelStatus[]
  /** What is left today; absent when nothing costs money. */
  left?: { classUsd: number; personUsd: number } | undefined
  picturesLeft?: PictureLimits
  /** The first job in line of whoever asks. */
  mine?: { place: number; secondsLeft: number | undefined } | undefined
}

/** More would not fit into one message. */
const MOST_MODELS = 20

export function statusInWords({ isPaused, usual, models, left, picturesLeft = {}, mine }: Status): string {
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
  const pictures = leftInWords({ pictures: picturesLeft })
  if (pictures !== undefined) lines.push(pictures)
  if (mine) lines.push(`Your next one: ${placeInLine(mine.place, mine.secondsLeft)}`)
  return lines.join('\n')
}

function modelInWords({ model, isUp, isAside = false, waiting, typical }: ModelStatus): string {
  const line = waiting === 0 ? 'nobody waits' : count(waiting, 'job waits', 'jobs wait')
  return [
    `${isUp ? (isAside ? '🟠' : '🟢') : '🔴'} **${plain(model.id)}**: ${stateInWords(isUp, isAside)}`,
    line,
    typicalInWords(typical),
    priceInWords(model.price),
  ].join(', ')
}

function stateInWords(isUp: boolean, isAside: boolean): string {
  if (!isUp) return 'cannot be reached right now'
  return isAside ? 'has just failed and is tried again in a moment' : 'ready'
}

/** "usually 0.3 s", measured. */
export function typicalInWords(typical: ModelStatus['typical']): string {
  if (!typical) return 'not measured yet'
  const { seconds } = typical
  return `usually ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
}
