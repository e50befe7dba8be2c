/** Types the command, presses the buttons and fills the forms, one after the other. */
import type { APIMessage } from 'discord-api-types/v10'
import type { ClientFile, InteractionEvent, PersonClient, Sent } from '../../src/classroom/client.ts'
import { parseSlash } from '../../src/classroom/slashText.ts'

export type Step = { kind: 'press' | 'fill'; value: string }

export const CHANNEL = 'studio'

/**
 * @param idle resolves when everything that the bot has begun is delivered and archived
 * @throws Error with a sentence when a step cannot be done
 */
export async function playSteps(
  person: PersonClient,
  command: string,
  files: Record<string, ClientFile>,
  steps: readonly Step[],
  idle: () => Promise<void>,
): Promise<void> {
  let form: InteractionEvent | undefined
  let fields: Record<string, string> = {}

  async function finish(sent: Sent): Promise<void> {
    const answer = await sent.answer()
    if (answer.state === 'failed') throw new Error('The bot did not answer.')
    form = answer.state === 'modal' ? answer : undefined
    await idle()
  }

  async function sendForm(): Promise<void> {
    if (!form) return
    const filled = form
    const typed = fields
    form = undefined
    fields = {}
    await finish(await person.fill(filled, typed))
  }

  await finish(await person.slash({ ...parseSlash(command, await person.state()), files }, CHANNEL))
  for (const { kind, value } of steps) {
    if (kind === 'press') {
      await sendForm()
      await finish(await pressOrChoose(person, value))
    } else {
      const [, field, typed] = /^([^=]+)=(.*)$/s.exec(value) ?? []
      if (field === undefined || typed === undefined)
        throw new Error(`--fill wants FIELD=TEXT, not "${value}".`)
      if (!form)
        throw new Error(
          `There is no form open to fill "${field}" in; --press the button that opens it first.`,
        )
      fields[field] = typed
    }
  }
  await sendForm()
}

/** The button with this label, else the menu that has such an option. */
async function pressOrChoose(person: PersonClient, label: string): Promise<Sent> {
  const messages = await person.messages(CHANNEL)
  for (const message of messages.toReversed()) {
    if (buttonsOf(message).some((button) => isCalled(button, label))) return person.press(message, label)
    for (const { custom_id = '', options = [] } of menusOf(message)) {
      const option = options.find((each) => each.label.toLowerCase() === label.toLowerCase())
      if (option) return person.select(message, custom_id, [option.value])
    }
  }
  const there = [
    ...new Set(
      messages
        .slice(-3)
        .flatMap(buttonsOf)
        .map(({ label }) => `"${label}"`),
    ),
  ]
  throw new Error(`No message has a button "${label}"; there are: ${there.join(', ') || 'none'}.`)
}

type Node = {
  type: number
  label?: string
  custom_id?: string
  components?: Node[]
  options?: { label: string; value: string }[]
}

const isCalled = ({ custom_id, label }: Node, asked: string): boolean =>
  custom_id === asked || label?.toLowerCase() === asked.toLowerCase()

/** The buttons of a message in reading order. */
export const buttonsOf = (message: APIMessage): Node[] => nodesOf(message, 2)

const menusOf = (message: APIMessage): Node[] => nodesOf(message, 3)

function nodesOf(message: APIMessage, wanted: number): Node[] {
  const nodes = (list: readonly Node[]): Node[] =>
    list.flatMap((node) => [node, ...nodes(node.components ?? [])])
  return nodes((message.components ?? []) as Node[]).filter(({ type }) => type === wanted)
}
