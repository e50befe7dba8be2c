/** The line of a class, for /queue. Says who waits for what kind of thing, never with which words. Pure. */
import { ButtonStyle, time, TimestampStyles, type APIButtonComponent } from 'discord.js'
import { isSwap, picturesOf, type JobRequest } from '../../domain.ts'
import type { JobUpdate, Line } from '../../services/queue.ts'
import { button, container, count, plain, rows, shorten, text, type View } from './blocks.ts'
import { aboutSeconds } from './wait.ts'
import { whatWasAsked } from './whatWasAsked.ts'

export type Viewer = { id: string; isInstructor: boolean }

/** With two more buttons and the rows of five that Discord allows. */
const MOST_CANCEL_BUTTONS = 15
const LONGEST_LABEL = 80

/** @param isPaused whether the class accepts nothing new */
export function renderQueue(line: Line, viewer: Viewer, isPaused: boolean): View {
  const hidden = line.drawn + line.waiting - line.jobs.length
  const lines = [
    summary(line),
    ...(isPaused ? ['⏸️ The class is paused: nothing new is accepted.'] : []),
    ...line.jobs.map((update) => jobInWords(update, viewer)),
    ...(hidden > 0 ? [`and ${hidden} more.`] : []),
  ]
  const mine = line.jobs.filter(({ job }) => viewer.isInstructor || job.asker.id === viewer.id)
  return {
    components: [
      container('working', [text(lines.join('\n'))]),
      ...rows([
        ...mine.slice(0, MOST_CANCEL_BUTTONS).map((update) => cancelButton(update, viewer)),
        button('queuelook:', 'Look again'),
        ...(viewer.isInstructor ? [pauseButton(isPaused)] : []),
      ]),
    ],
  }
}

function summary({ drawn, waiting }: Line): string {
  if (drawn + waiting === 0) return '**Nobody waits, and nothing is being drawn.**'
  const now =
    drawn === 0 ? 'Nothing is being drawn' : `${count(drawn, 'request is', 'requests are')} being drawn`
  const rest = waiting === 0 ? 'nobody waits' : count(waiting, 'waits', 'wait')
  return `**${now.replace(/^./, (letter) => letter.toUpperCase())}, ${rest}.**`
}

function jobInWords({ job, place, secondsLeft }: JobUpdate, viewer: Viewer): string {
  const isMine = job.asker.id === viewer.id
  const what = isMine
    ? `**you**: ${kindInWords(job.request)}, ${whatWasAsked(job.request, 60)}`
    : `**${plain(job.asker.name, 60)}**: ${kindInWords(job.request)}`
  const since = `asked ${time(Math.round(job.createdAt / 1000), TimestampStyles.RelativeTime)}`
  const left =
    secondsLeft === undefined ? 'how long is not known yet' : `ready in ${aboutSeconds(secondsLeft)}`
  return `${place === undefined ? '🎨 Being drawn' : `Place ${place}`}, ${what}; ${since}, ${left}`
}

/** "two pictures", "an experiment of nine pictures", "a remix", "a face swap". */
function kindInWords(request: JobRequest): string {
  if (isSwap(request)) return 'a face swap'
  const pictures = picturesOf(request)
  if (request.experiment) return `an experiment of ${count(pictures, 'picture')}`
  const one = request.initImage === undefined ? 'picture' : 'remix'
  return pictures === 1 ? `a ${one}` : count(pictures, one, one === 'remix' ? 'remixes' : 'pictures')
}

function cancelButton({ job, place }: JobUpdate, viewer: Viewer): APIButtonComponent {
  const whose = job.asker.id === viewer.id ? 'mine' : `that of ${job.asker.name}`
  const which = place === undefined ? 'being drawn' : `place ${place}`
  return button(
    `dequeue:${job.id}`,
    shorten(`Cancel ${whose} (${which}: ${kindInWords(job.request)})`, LONGEST_LABEL),
    ButtonStyle.Secondary,
  )
}

const pauseButton = (isPaused: boolean): APIButtonComponent =>
  isPaused
    ? button('queueresume:', 'Resume: accept new requests', ButtonStyle.Primary)
    : button('queuepause:', 'Pause: accept nothing new', ButtonStyle.Secondary)
