/** People who type commands and cancel some of them, and the log of everything that they see in the class. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { APIMessage } from 'discord-api-types/v10'
import { connectPerson, type LiveEvent, type PersonClient } from '../../src/classroom/client.ts'
import { people, type Step } from './plan.ts'

export type Command = {
  tag: string
  personId: string
  model: string
  sentAt: number
  interaction?: string
  /** `deferred`: the bot has said that it will answer; undefined: it never did. */
  state?: 'deferred' | 'acknowledged' | 'failed' | 'modal'
  answeredAt?: number
}

/** What one person saw, and when (ms since 1970). */
export type Seen = { at: number; personId: string; event: LiveEvent }

export type Log = {
  commands: Command[]
  seen: Seen[]
  /** The threads of the gallery: their names by their ids. */
  galleryThreads: Map<string, string>
}

type Ask = Extract<Step, { do: 'ask' }>

export type Crowd = {
  log: Log
  ask(step: Ask): Promise<void>
  /** The threads of the gallery are known after this. */
  look(): Promise<void>
  close(): Promise<void>
}

const PRACTICE = path.join(import.meta.dirname, '../../data/lessons/pictures/apple.png')
const EPHEMERAL = 64

export const isPrivate = ({ flags }: Pick<APIMessage, 'flags'>): boolean => (Number(flags) & EPHEMERAL) !== 0

export async function gather(url: string, models: Record<Ask['on'], string>): Promise<Crowd> {
  const picture = await readFile(PRACTICE)
  const log: Log = { commands: [], seen: [], galleryThreads: new Map() }
  const persons = new Map<string, PersonClient>()
  for (const name of people) {
    const person = await connectPerson(url, name)
    persons.set(name, person)
    // What everybody sees is written down once.
    const isWitness = persons.size === 1
    person.on((event) => {
      const isOwn = 'message' in event && 'flags' in event.message && isPrivate(event.message)
      if (isWitness || isOwn) log.seen.push({ at: Date.now(), personId: person.me.id, event })
    })
  }
  const of = (name: Ask['person']) => persons.get(name) as PersonClient
  await (await of('Ida').slash('/class setup')).answer()

  function messageOf(interaction: string): APIMessage | undefined {
    for (const { event } of log.seen.toReversed()) {
      if (event.type !== 'message-update' && event.type !== 'message-create') continue
      const { message } = event
      if (message.interaction_metadata?.id === interaction && !isPrivate(message)) return message
    }
    return undefined
  }

  async function cancel(person: PersonClient, interaction: string, after: number): Promise<void> {
    await pause(after)
    const message = messageOf(interaction)
    // Perhaps it has no such button yet, or not any more, or is gone.
    if (message) await person.press(message, 'Cancel').catch(() => undefined)
  }

  return {
    log,
    async ask({ person: name, tag, how, on, steps, count, seed, cancelAfter }) {
      const person = of(name)
      const command: Command = { tag, personId: person.me.id, model: models[on], sentAt: Date.now() }
      log.commands.push(command)
      const words = `prompt:"${tag} a red heart" model:${models[on]} steps:${steps} count:${count} seed:${seed}`
      const files = how === 'remix' ? { image: { name: 'apple.png', type: 'image/png', data: picture } } : {}
      const sent = await person.slash(`/${how} ${words}`, 'studio', files)
      command.interaction = sent.interaction
      const { state } = await sent.answer()
      command.state = state
      command.answeredAt = Date.now()
      if (cancelAfter !== undefined) await cancel(person, sent.interaction, cancelAfter)
    },
    async look() {
      const { channels, threads } = await of('Ida').state()
      const gallery = channels.find(({ name }) => name === 'gallery')?.id
      for (const thread of threads) {
        const { parent_id: parent } = thread as { parent_id?: string }
        if (parent === gallery) log.galleryThreads.set(thread.id, thread.name)
      }
    },
    async close() {
      for (const person of persons.values()) await person.close()
    },
  }
}
