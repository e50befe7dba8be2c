/**
 * One person of the class from a program: what the page does, for tests, `npm run slash` and benchmarks.
 * Speaks the page API over HTTP and WebSocket only.
 */
import type { APIMessage } from 'discord-api-types/v10'
import { openLive } from './clientLive.ts'
import { findComponent, modalFieldIds } from './clientMessages.ts'
import {
  ClassroomError,
  type ClientFile,
  type PagePerson,
  type PageState,
  type PersonClient,
  type Sent,
  type SlashInput,
  type SlashOption,
} from './clientTypes.ts'
import { parseSlash } from './slashText.ts'

export { mediaOf, textOf } from './clientMessages.ts'
export type * from './clientTypes.ts'

const ATTACHMENT = 11

/**
 * @param url the classroom's address, e.g. http://127.0.0.1:3000
 * @param personNameOrId e.g. Ida, Ben, Mei or Noor
 * @throws ClassroomError when nobody is called that, or a request is refused
 */
export async function connectPerson(url: string, personNameOrId: string): Promise<PersonClient> {
  const base = url.replace(/\/+$/, '')
  const persons = await call<PagePerson[]>(`${base}/page/persons`)
  const wanted = personNameOrId.toLowerCase()
  const me = persons.find(({ id, name }) => id === personNameOrId || name.toLowerCase() === wanted)
  if (!me) {
    const names = persons.map(({ name }) => name).join(', ')
    throw new ClassroomError(404, `Nobody in the class is called ${personNameOrId}; there are ${names}.`)
  }
  const live = await openLive(base, me.id)
  const query = `person=${me.id}`
  const state = () => call<PageState>(`${base}/page/state?${query}`)

  async function channelId(channel = 'studio'): Promise<string> {
    if (/^\d+$/.test(channel)) return channel
    const { channels, threads } = await state()
    const found = [...channels, ...threads].find(({ name }) => name === channel.replace(/^#/, ''))
    if (!found) throw new ClassroomError(404, `There is no channel #${channel}.`)
    return found.id
  }

  async function send(path: string, body: object, files: Record<string, ClientFile> = {}): Promise<Sent> {
    const answer = await post<{ interaction: string }>(
      `${base}/page/${path}`,
      { person: me?.id, ...body },
      files,
    )
    return { interaction: answer.interaction, answer: () => live.answerTo(answer.interaction) }
  }

  const parse = async (command: string | SlashInput): Promise<SlashInput> =>
    typeof command === 'string' ? parseSlash(command, await state()) : command

  return {
    me,
    state,
    messages: async (channel) =>
      call<APIMessage[]>(`${base}/page/messages?${query}&channel=${await channelId(channel)}`),
    async slash(command, channel, given) {
      const input = await parse(command)
      const files = { ...input.files, ...given }
      const options = withFiles(input.options ?? [], Object.keys(files))
      return send('command', { channel: await channelId(channel), type: 1, name: input.name, options }, files)
    },
    async menu(name, target, channel) {
      const { commands } = await state()
      const type = commands.find((one) => one.name === name && !isSlashCommand(one))?.type
      return send('command', { channel: await channelId(channel), type, name, target })
    },
    press: async (message, labelOrCustomId) =>
      send('component', { message: message.id, customId: findComponent(message, labelOrCustomId) }),
    select: async (message, customId, values) => send('component', { message: message.id, customId, values }),
    async fill(form, fields, files) {
      const ids = modalFieldIds(form.modal)
      const named = Object.entries(fields).map(([key, value]) => [ids.get(key) ?? key, value])
      const body = {
        interaction: form.id,
        customId: form.modal?.custom_id,
        fields: Object.fromEntries(named),
      }
      return send('modal', body, files)
    },
    async autocomplete(command, channel) {
      const { name, options = [] } = await parse(command)
      const body = { person: me.id, channel: await channelId(channel), name, options: withFocus(options) }
      const answer = await post<{ choices: { name: string; value: string | number }[] }>(
        `${base}/page/autocomplete`,
        body,
      )
      return answer.choices
    },
    on: live.on,
    close: live.close,
  }
}

const isSlashCommand = ({ type }: { type: number }): boolean => type === 1

/** Marks the last option as the one that is being typed, unless one is marked already. */
function withFocus(options: SlashOption[]): SlashOption[] {
  const last = options.at(-1)
  if (!last || options.some(({ focused }) => focused)) return options
  const focused = last.options ? { ...last, options: withFocus(last.options) } : { ...last, focused: true }
  return [...options.slice(0, -1), focused]
}

/** Files that no option names yet become options of their own, inside the subcommand if there is one. */
function withFiles(options: SlashOption[], names: string[]): SlashOption[] {
  const [first] = options
  if (first?.options) return [{ ...first, options: withFiles(first.options, names) }]
  const missing = names.filter((name) => !options.some((option) => option.name === name))
  return [...options, ...missing.map((name) => ({ name, type: ATTACHMENT, value: name }))]
}

async function post<T>(url: string, body: object, files: Record<string, ClientFile> = {}): Promise<T> {
  if (Object.keys(files).length === 0) {
    const headers = { 'content-type': 'application/json' }
    return call<T>(url, { method: 'POST', headers, body: JSON.stringify(body) })
  }
  const form = new FormData()
  form.append('payload', JSON.stringify(body))
  for (const [field, { name, type, data }] of Object.entries(files)) {
    form.append(`files[${field}]`, new Blob([new Uint8Array(data)], type ? { type } : {}), name)
  }
  return call<T>(url, { method: 'POST', body: form })
}

async function call<T>(url: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(url, init)
  const answer = (await response.json()) as T & { error?: string }
  if (!response.ok) throw new ClassroomError(response.status, answer.error ?? `status ${response.status}`)
  return answer
}
