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
  const press = (message, customId, control, values) => {
    const { person } = room.here()
    const payload = { person, message: message.id, customId }
    return actOn(message, control, () => api.component(values ? { ...payload, values } : payload))
  }

  /** An entry of the menu of a message. */
  const menu = (name, message, control) => {
    const { person, channel } = room.here()
    return actOn(message, control, () =>
      api.command({ person, channel, type: 3, name, target: message.id }, {}),
    )
  }

  const actOn = async (message, control, sendIt) => {
    if (control.getAttribute('aria-busy') === 'true') return
    const { person } = room.here()
    const problemPlace = log.errorAt(message.id)
    if (problemPlace) fill(problemPlace)
    control.setAttribute('aria-busy', 'true')
    try {
      const outcome = await interactions.run(sendIt())
      showForm(outcome, person)
    } catch (problem) {
      const place = log.errorAt(message.id)
      if (place) fill(place, problem.message)
    } finally {
      control.removeAttribute('aria-busy')
    }
  }

  return { command, press, menu }
}
