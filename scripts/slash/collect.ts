/** Gathers the messages that a run brought, and writes their attachments to a folder. */
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { APIMessage } from 'discord-api-types/v10'
import { mediaOf, textOf, type PersonClient } from '../../src/classroom/client.ts'
import { isError } from '../../src/discord/render/errors.ts'
import { buttonsOf, CHANNEL } from './playSteps.ts'

export type Report = {
  ok: boolean
  messages: {
    channel: string
    author: string
    text: string
    attachments: { file: string | null; name: string; description: string | null }[]
    buttons: string[]
    ephemeral: boolean
  }[]
}

const EPHEMERAL = 64

/** Runs `play` and reports every message that is new after it, oldest first, as this person sees them. */
export async function collect(
  person: PersonClient,
  out: string | undefined,
  play: () => Promise<void>,
): Promise<Report> {
  const before = new Set((await everyMessage(person)).map(({ message }) => message.id))
  await play()
  const fresh = (await everyMessage(person)).filter(({ message }) => !before.has(message.id))
  if (out !== undefined) await mkdir(out, { recursive: true })
  const messages: Report['messages'] = []
  for (const { channel, message } of fresh) {
    messages.push({
      channel,
      author: message.author.global_name ?? message.author.username,
      text: textOf(message),
      attachments: await attachmentsOf(message, out),
      buttons: buttonsOf(message).flatMap(({ label }) => label ?? []),
      ephemeral: ((message.flags ?? 0) & EPHEMERAL) !== 0,
    })
  }
  const last = fresh.findLast(({ channel }) => channel === CHANNEL)
  return { ok: last !== undefined && !isError(last.message.components ?? []), messages }
}

async function everyMessage(person: PersonClient): Promise<{ channel: string; message: APIMessage }[]> {
  const { channels, threads } = await person.state()
  const all: { channel: string; message: APIMessage }[] = []
  for (const { id, name } of [...channels, ...threads]) {
    for (const message of await person.messages(id)) all.push({ channel: name, message })
  }
  return all.sort((a, b) => (BigInt(a.message.id) < BigInt(b.message.id) ? -1 : 1))
}

async function attachmentsOf(message: APIMessage, out: string | undefined) {
  const attachments: Report['messages'][number]['attachments'] = []
  for (const { name, url, description } of mediaOf(message)) {
    const file = out === undefined ? null : path.join(out, path.basename(name))
    if (file !== null) await writeFile(file, Buffer.from(await (await fetch(url)).arrayBuffer()))
    attachments.push({ file, name, description: description ?? null })
  }
  return attachments
}

/** What is reported when the command did not even reach the bot, e.g. because Discord itself refuses an option. */
export const refusal = (sentence: string): Report => ({
  ok: false,
  messages: [
    { channel: CHANNEL, author: 'Discord', text: sentence, attachments: [], buttons: [], ephemeral: true },
  ],
})
