/** The people of a class, each with what they do; everything that they see goes into one log. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connectPerson, type PersonClient } from '../../src/classroom/client.ts'
import { cancel, deleteAgain, deletePictures, fetchLost } from './afterwards.ts'
import { createEyes } from './eyes.ts'
import type { Command, Log } from './log.ts'
import { newcomer, people, type Ask, type PersonName } from './steps.ts'
import { modelOf, saysOf, type, type Models } from './typing.ts'

export type Crowd = {
  log: Log
  /** Their ids by their names. */
  ids: Record<PersonName, string>
  ask(step: Ask): Promise<void>
  /** Nobody waits any longer for a picture to delete. */
  stopWaiting(): void
  /** All is well again: who had something deleted and still sees it presses once more. */
  deleteAgain(): Promise<void>
  /** Everybody looks into /mine for what could not be shown to them. */
  fetchLost(): Promise<void>
  /** The threads of the gallery are known after this. */
  look(): Promise<void>
  close(): Promise<void>
}

const PRACTICE = path.join(import.meta.dirname, '../../data/lessons/pictures/apple.png')

/** @param log where all that they do and see is written down */
export async function gather(url: string, models: Models, log: Log): Promise<Crowd> {
  const picture = { name: 'apple.png', type: 'image/png', data: await readFile(PRACTICE) }
  const eyes = createEyes(log)
  const persons = new Map<string, PersonClient>()
  for (const name of [...people, newcomer]) {
    const person = await connectPerson(url, name)
    persons.set(name, person)
    eyes.watch(person)
  }
  const of = (name: PersonName) => persons.get(name) as PersonClient
  await (await of('Ida').slash('/class setup')).answer()

  return {
    log,
    ids: Object.fromEntries([...persons].map(([name, { me }]) => [name, me.id])) as Crowd['ids'],
    async ask(step) {
      const { tag, cancelAfter, deleteAfter } = step
      const person = of(step.person)
      const command: Command = {
        tag,
        says: saysOf(step),
        personId: person.me.id,
        model: modelOf(step, models),
        sentAt: Date.now(),
      }
      log.commands.push(command)
      await type(person, { step, command, models, picture })
      if (cancelAfter !== undefined) {
        await pause(cancelAfter)
        await cancel(person, command, eyes)
      }
      if (deleteAfter !== undefined) await deletePictures(person, { command, after: deleteAfter, eyes, log })
    },
    stopWaiting: () => eyes.stopWaiting(),
    async deleteAgain() {
      for (const person of persons.values()) await deleteAgain(person, eyes, log)
    },
    async fetchLost() {
      for (const person of persons.values()) await fetchLost(person, eyes, log)
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
