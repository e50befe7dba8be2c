/** What a person reads when something did not work. Pure. */
import { ComponentType, type APIMessageTopLevelComponent } from 'discord.js'
import type { Job } from '../../domain.ts'
import { button, colours, container, plain, rows, text, type View } from './blocks.ts'
import { toCommand } from './result.ts'

/** One sentence that says what to change; every error a person sees has this look. */
export function renderError(sentence: string): View {
  return { components: [container('error', [text(sentence)])] }
}

/** True for a message that came through the error door. */
export function isError(components: readonly { type: number; accent_color?: number | null }[]): boolean {
  const first = components[0]
  return first?.type === ComponentType.Container && first.accent_color === colours.error
}

/** The public message of a job that failed; the reason goes to its author only: in a private note, and with the button. */
export function renderNoPicture(job: Job): View {
  return {
    components: [
      container('working', [
        text(`No picture this time. ${plain(job.asker.name, 60)} was told why in a private note.`),
      ]),
      ...rows([button(`why:${job.id}`, 'Why?')]),
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
export function renderLateFailure(job: Job, sentence: string, link: string | undefined): View {
  const about = `<@${job.asker.id}>, about your picture${toCommand(link)}: ${sentence}`
  return { components: [container('error', [text(about)])] }
}

/** A plain private note. */
export function renderNote(sentence: string, more: APIMessageTopLevelComponent[] = []): View {
  return { components: [text(sentence), ...more] }
}
