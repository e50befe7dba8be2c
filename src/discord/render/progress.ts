/** A job that waits or runs, in words, with a Cancel button. Pure. */
import { ButtonStyle } from 'discord.js'
import { isSwap, picturesOf, type Job, type Progress } from '../../domain.ts'
import { dollars } from '../../money.ts'
import { button, container, count, gallery, plain, rows, text, type Upload, type View } from './blocks.ts'
import { aboutSeconds } from './wait.ts'
import { whatWasAsked } from './whatWasAsked.ts'

const BAR_LENGTH = 20

export type JobProgress = {
  job: Job
  /** 1 is next. */
  place: number | undefined
  secondsLeft?: number | undefined
  progress: Progress | undefined
  /** What the model sees so far, if it was uploaded with this or an earlier edit. */
  preview?: { name: string; description: string } | undefined
  files?: Upload[]
}

/** The public message while a person waits. */
export function renderProgress({ job, place, secondsLeft, progress, preview, files }: JobProgress): View {
  const what = `**${plain(job.asker.name, 60)}** asked for ${whatWasAsked(job.request)}`
  const state = job.state === 'waiting' ? placeInLine(place, secondsLeft) : stepInWords(job, progress)
  const cost = job.reservedUsd === undefined ? '' : `\nAbout ${dollars(job.reservedUsd)}.`
  return {
    components: [
      container('working', [text(what), ...(preview ? [gallery([preview])] : []), text(state + cost)]),
      ...rows([button(`cancel:${job.id}`, 'Cancel', ButtonStyle.Secondary)]),
    ],
    ...(files ? { files } : {}),
  }
}

/** The public message of a job that waits while the bot is not there. Without Cancel: nobody would hear the press. */
export function renderPutOff(job: Job): View {
  const what = `**${plain(job.asker.name, 60)}** asked for ${whatWasAsked(job.request)}`
  const state = `The bot is being restarted; your ${picturesOf(job.request) > 1 ? 'pictures come' : 'picture comes'} afterwards.`
  return { components: [container('working', [text(what), text(state)])] }
}

/** "Place 4 in line: three requests come first. It will be ready in about 40 seconds." */
export function placeInLine(place: number | undefined, secondsLeft: number | undefined): string {
  if (place === undefined) return 'In line.'
  const where =
    place <= 1
      ? 'You are next in line.'
      : `Place ${place} in line: ${count(place - 1, 'request comes', 'requests come')} first.`
  const when =
    secondsLeft === undefined
      ? 'How long it takes is not known yet.'
      : `It will be ready in ${aboutSeconds(secondsLeft)}.`
  return `${where} ${when}`
}

function stepInWords(job: Job, progress: Progress | undefined): string {
  if (!progress || progress.step === 0) return progress?.note ?? begins(job)
  const { step, steps, pictureIndex } = progress
  const pictureCount = Math.max(progress.pictureCount, picturesOf(job.request))
  const which = pictureCount > 1 ? `Picture ${pictureIndex + 1} of ${pictureCount}, step` : 'Step'
  const done = (pictureIndex + step / steps) / pictureCount
  const bar = `${progressBar(done)} ${which} ${step} of ${steps}`
  return progress.note === undefined ? bar : `${bar}\n${progress.note}`
}

const begins = ({ request }: Job): string =>
  isSwap(request) ? 'The machine looks for the faces.' : 'The machine begins to draw.'

/** A bar of text, e.g. `█████░░░░░`; always beside words, for those who hear it. `done` is 0 to 1. */
export function progressBar(done: number): string {
  const full = Math.round(Math.min(1, Math.max(0, done)) * BAR_LENGTH)
  return `\`${'█'.repeat(full)}${'░'.repeat(BAR_LENGTH - full)}\``
}

/** What stays in the channel when a person cancelled. */
export function renderCancelled(job: Job): View {
  return { components: [container('working', [text(`Cancelled: ${whatWasAsked(job.request)}.`)])] }
}
