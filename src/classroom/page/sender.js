/** Sends what a person does (commands, presses, forms) and shows when it fails. */
import { fill } from './dom.js'
import { openModal } from './modal.js'
import { pendingNote } from './notes.js'

/**
 * @param {{room: import('./main.js').Room, log: ReturnType<typeof import('./log.js').createLog>,
 *   interactions: ReturnType<typeof import('./interactions.js').createInteractions>}} parts
 */
export function createSender({ room, log, interactions }) {
  const { api } = room

  /** The bot may answer with a form; its own answer may be another form. */
  const showForm = (outcome, person) => {
    if (outcome.state !== 'modal' || !outcome.modal) return
    openModal(outcome.modal, room, async (fields, files) => {
      const payload = { person, interaction: outcome.id, customId: outcome.modal.custom_id, fields }
      showForm(await interactions.run(api.modal(payload, files)), person)
    })
  }

  const command = async ({ label, name, options, files }) => {
    const { person, channel } = room.here()
    const note = pendingNote(room.me.name, label)
    log.note(note.node)
    log.follow()
    try {
      const outcome = await interactions.run(api.command({ person, channel, type: 1, name, options }, files))
      note.done()
      showForm(outcome, person)
    } catch (problem) {
      note.fail(problem.message, () => command({ label, name, options, files }))
    }
  }

  /** A button, or a select with its values. */
  const press = async (message, customId, control, values) => {
    if (control.getAttribute('aria-busy') === 'true') return
    const { person } = room.here()
    const problemPlace = log.errorAt(message.id)
    if (problemPlace) fill(problemPlace)
    control.setAttribute('aria-busy', 'true')
    try {
      const payload = { person, message: message.id, customId }
      const outcome = await interactions.run(api.component(values ? { ...payload, values } : payload))
      showForm(outcome, person)
    } catch (problem) {
      const place = log.errorAt(message.id)
      if (place) fill(place, problem.message)
    } finally {
      control.removeAttribute('aria-busy')
    }
  }

  return { command, press }
}
