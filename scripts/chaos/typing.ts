/** How one thing is asked for: the words of its command, and the form of an experiment. */
import type { ClientFile, InteractionEvent, PersonClient } from '../../src/classroom/client.ts'
import type { Command } from './log.ts'
import type { Ask } from './steps.ts'

export type Models = Record<Ask['on'], string>

/** What every message with its pictures says. */
export function saysOf({ tag, faces }: Ask): string {
  if (!faces) return tag
  const [face, onto] = faces.map((name) => `**practice face ${name}**`)
  return `the face of ${face} on ${onto}`
}

export const modelOf = ({ how, on }: Ask, models: Models): string =>
  how === 'swapface' ? 'faces' : models[on]

function wordsOf({ tag, how, on, steps, count, seed, faces }: Ask, models: Models): string {
  if (faces) return `/swapface face:${faces[0].toLowerCase()} onto:${faces[1].toLowerCase()}`
  const words = `prompt:"${tag} a red heart" model:${models[on]} seed:${seed}`
  if (how === 'experiment') return `/experiment variable:steps values:"2, ${steps + 2}" ${words}`
  // The shop draws what is large: that would be slow here.
  return `/${how} ${words} steps:${steps} count:${count}${on === 'shop' ? ' size:small' : ''}`
}

/** Types it; what is known of its interaction stands in the command afterwards. Rejects when there is no such command now. */
export async function type(
  person: PersonClient,
  { step, command, models, picture }: { step: Ask; command: Command; models: Models; picture: ClientFile },
): Promise<void> {
  const sent = await person.slash(
    wordsOf(step, models),
    'studio',
    step.how === 'remix' ? { image: picture } : {},
  )
  const form = await sent.answer()
  note(command, sent.interaction, form)
  if (form.state !== 'modal') return
  command.sentAt = Date.now()
  const filled = await person.fill(form, { 'What do you expect?': `It gets cleaner, says ${step.tag}` })
  note(command, filled.interaction, await filled.answer())
}

function note(command: Command, interaction: string, { state }: InteractionEvent): void {
  command.interaction = interaction
  command.state = state
  command.answeredAt = Date.now()
}
