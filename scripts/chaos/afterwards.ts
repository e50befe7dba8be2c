/** What people do with what they got: cancel it, delete it, or ask for what could be shown nowhere. */
import { ComponentType, type APIMessage } from 'discord-api-types/v10'
import { setTimeout as pause } from 'node:timers/promises'
import { textOf, type PersonClient } from '../../src/classroom/client.ts'
import type { Eyes } from './eyes.ts'
import { isPrivate, type Command, type Deletion, type Log } from './log.ts'
import { messagesOf, picturesIn } from './messages.ts'

/** A picture that has not come after this is not waited for. */
const PICTURE_MS = 60_000
const ANSWER_MS = 4000

export async function cancel(person: PersonClient, { interaction }: Command, eyes: Eyes): Promise<void> {
  const message = await eyes.message((each) => answers(each, interaction) && !isPrivate(each))
  // Perhaps it has no such button yet, or not any more, or is gone.
  if (message) await person.press(message, 'Cancel').catch(() => undefined)
}

const answers = (message: APIMessage, interaction: string | undefined) =>
  interaction !== undefined && message.interaction_metadata?.id === interaction

/** Waits for the pictures of a command, and has them deleted a moment later. */
export async function deletePictures(
  person: PersonClient,
  { command, after, eyes, log }: { command: Command; after: number; eyes: Eyes; log: Log },
): Promise<void> {
  const isResult = (each: APIMessage) =>
    picturesIn(each).length > 0 && textOf(each).includes(command.says) && hasButton(each, 'delete:')
  const message = await eyes.messageInChaos(isResult, PICTURE_MS)
  if (!message) return
  await pause(after)
  const deletion: Deletion = { tag: command.tag, presses: [], isMeant: false }
  log.deletions.push(deletion)
  await pressDelete(person, { message, deletion, eyes })
}

const hasButton = (message: APIMessage, begin: string) =>
  JSON.stringify(message.components).includes(`"${begin}`)

/** Presses Delete and says yes. What becomes of it stands in the private answer, if the bot lives so long. */
async function pressDelete(
  person: PersonClient,
  { message, deletion, eyes }: { message: APIMessage; deletion: Deletion; eyes: Eyes },
): Promise<void> {
  const press = async (shown: APIMessage, label: string): Promise<string | undefined> => {
    // It may be gone already.
    const sent = await person.press(shown, label).catch(() => undefined)
    await sent?.answer()
    return sent?.interaction
  }
  const interaction = await press(message, 'Delete')
  if (interaction === undefined) return
  deletion.presses.push(interaction)
  const question = await eyes.message((each) => answers(each, interaction) && isPrivate(each), ANSWER_MS)
  if (!question || !hasButton(question, 'delete:')) return
  const yes = await press(question, 'Yes, delete')
  if (yes === undefined) return
  deletion.isMeant = true
  deletion.presses.push(yes)
}

/** Who said yes and still sees the pictures presses once more. */
export async function deleteAgain(person: PersonClient, eyes: Eyes, log: Log): Promise<void> {
  for (const deletion of log.deletions.filter(({ isMeant }) => isMeant)) {
    const command = log.commands.find(({ tag }) => tag === deletion.tag)
    if (command?.personId !== person.me.id) continue
    const left = messagesOf(log).find(
      ({ text, pictures, isDeleted, message }) =>
        // A direct message has no buttons.
        pictures.size > 0 && !isDeleted && text.includes(command.says) && hasButton(message, 'delete:'),
    )
    if (left) await pressDelete(person, { message: left.message, deletion, eyes })
  }
}

/** What could be shown to somebody nowhere lies in /mine: they have each of it shown. */
export async function fetchLost(person: PersonClient, eyes: Eyes, log: Log): Promise<void> {
  const sent = await person.slash('/mine')
  await sent.answer()
  const isList = (each: APIMessage) => answers(each, sent.interaction) && textOf(each) !== ''
  const list = await eyes.message(isList, ANSWER_MS)
  let title = ''
  for (const component of list?.components ?? []) {
    if (component.type === ComponentType.TextDisplay) title = component.content
    if (component.type === ComponentType.Section) title = JSON.stringify(component.components)
    if (component.type !== ComponentType.ActionRow || !list) continue
    for (const each of component.components) {
      if (!('custom_id' in each) || !each.custom_id.startsWith('minejob:')) continue
      const shown = await person.press(list, each.custom_id)
      log.claims.push({ interaction: shown.interaction, personId: person.me.id, title })
      await shown.answer()
    }
  }
}
