/** What a person reads when something did not work. Pure. */
import { ComponentType, type APIMessageTopLevelComponent } from 'discord.js'
import type { Job } from '../../domain.ts'
import { colours, container, plain, text, type View } from './blocks.ts'

/** One sentence that says what to change; every error a person sees has this look. */
export function renderError(sentence: string): View {
  return { components: [container('error', [text(sentence)])] }
}

/** True for a message that came through the error door. */
export function isError(components: readonly { type: number; accent_color?: number | null }[]): boolean {
  const first = components[0]
  return first?.type === ComponentType.Container && first.accent_color === colours.error
}

/** The public message of a job that failed; the reason goes to its author only. */
export function renderNoPicture(job: Job): View {
  return {
    components: [
      container('working', [
        text(`No picture this time. ${plain(job.asker.name, 60)} was told why in a private note.`),
      ]),
    ],
  }
}

/** The public message when an answer that was announced to everyone could not be given. */
export function renderNoAnswer(name: string): View {
  return {
    components: [
      container('working', [text(`That did not work. ${plain(name, 60)} was told why in a private note.`)]),
    ],
  }
}

/** A failed job whose private way of answering has expired: it mentions the author in the channel. */
export function renderLateFailure(job: Job, sentence: string): View {
  return {
    components: [container('error', [text(`<@${job.asker.id}>, about your picture: ${sentence}`)])],
  }
}

/** A plain private note. */
export function renderNote(sentence: string, more: APIMessageTopLevelComponent[] = []): View {
  return { components: [text(sentence), ...more] }
}
