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

const NO_ANSWER = 'That did not work.'

/** The public message when an answer that was announced to everyone could not be given. */
export const renderNoAnswer = (name: string): View =>
  inPublic(`${NO_ANSWER} ${plain(name, 60)} was told why in a private note.`)

/** True for the message above. */
export const isNoAnswer = (components: readonly unknown[]): boolean =>
  JSON.stringify(components).includes(`"${NO_ANSWER} `)

/** What takes its place when nobody knows whether that note arrived: a second one could be one too many. */
export const renderLostNote = (): View =>
  inPublic('That did not work, and the note that says why may have been lost; please ask once more.')

const inPublic = (sentence: string): View => ({ components: [container('working', [text(sentence)])] })

/** A failed job whose private way of answering has expired: it mentions the author in the channel. */
export function renderLateFailure(job: Job, sentence: string, link: string | undefined): View {
  const about = `<@${job.asker.id}>, about your picture${toCommand(link)}: ${sentence}`
  return { components: [container('error', [text(about)])] }
}

/** A plain private note. */
export function renderNote(sentence: string, more: APIMessageTopLevelComponent[] = []): View {
  return { components: [text(sentence), ...more] }
}
