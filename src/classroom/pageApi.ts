/** What the page, `npm run slash`, tests and benchmarks call: JSON over HTTP, as one person of the class. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { BodyError, bodyObject, readBody } from './body.ts'
import type { PagePerson } from './clientTypes.ts'
import { ApiError } from './errors.ts'
import { askForChoices, commandsFor, sendCommand, type Actor } from './pageCommands.ts'
import { sendComponent, sendModal } from './pageComponents.ts'
import { PageError } from './pageError.ts'
import { channelPermissions, guildPermissions, has, Permission } from './permissions.ts'
import { asText } from './rules/errors.ts'
import type { State } from './state.ts'
import { isFromOtherSite } from './static.ts'
import type { Channel, Json, Member, MessageRecord, Upload } from './types.ts'
import { guildJson, messageJson } from './views.ts'

/** How many messages of a channel the page shows. */
const SHOWN = 200

type Input = { state: State; member: Member; query: URLSearchParams; body: Json; uploads: Upload[] }

const routes: Record<string, (input: Input) => unknown> = {
  'GET state': ({ state, member }) => pageState(state, member),
  'GET messages': (input) => pageMessages(input),
  'POST command': async (input) =>
    sent(await sendCommand(input.state, actorOf(input), input.body, input.uploads)),
  'POST autocomplete': async (input) => ({
    choices: await askForChoices(input.state, actorOf(input), input.body),
  }),
  'POST component': (input) => {
    const record = messageOf(input)
    const channel = channelOf(input, record.message.channel_id)
    return sent(sendComponent(input.state, { member: input.member, channel }, record, input.body))
  },
  'POST modal': async ({ state, member, body, uploads }) => {
    const opened = state.interactions.get(idOf(body.interaction))
    if (!opened) throw new PageError(404, 'This form is no longer open.')
    return sent(await sendModal(state, member, opened, body, uploads))
  },
}

const sent = ({ id }: { id: string }) => ({ interaction: id })

export async function handlePage(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  log: (line: string, data?: object) => void,
): Promise<void> {
  const answer = (status: number, body: unknown) =>
    response
      .writeHead(status, {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      })
      .end(JSON.stringify(body))
  try {
    if (isFromOtherSite(request)) throw new PageError(403, 'This is only for the classroom’s own page.')
    answer(200, await run(state, request, url))
  } catch (error) {
    request.resume()
    if (error instanceof PageError) return void answer(error.status, { error: error.message })
    if (error instanceof BodyError) {
      const isLarge = error.reason === 'too-large'
      return void answer(isLarge ? 413 : 400, {
        error: isLarge ? 'The file is too large.' : 'The request could not be read.',
      })
    }
    if (error instanceof ApiError) return void answer(error.status, { error: error.message })
    log('a request of the page failed', { err: error, path: url.pathname })
    answer(500, { error: 'Something broke in the classroom; please try again.' })
  }
}

async function run(state: State, request: IncomingMessage, url: URL): Promise<unknown> {
  const name = `${request.method} ${url.pathname.slice('/page/'.length)}`
  if (name === 'GET persons') return persons(state)
  const handler = routes[name]
  if (!handler) throw new PageError(404, 'The classroom has no such address.')
  const isPost = request.method === 'POST'
  const body = isPost ? await readBody(request, 'payload') : undefined
  const json = body ? bodyObject(body) : {}
  const person = isPost ? asText(json.person) : (url.searchParams.get('person') ?? '')
  const member = state.members.get(person)
  if (!member || member.user.bot) throw new PageError(404, 'This person is not in the class.')
  return handler({ state, member, query: url.searchParams, body: json, uploads: body?.uploads ?? [] })
}

function personOf(state: State, member: Member): PagePerson {
  const name = member.nick ?? member.user.global_name ?? member.user.username
  const instructor = has(guildPermissions(state, member), Permission.manageGuild)
  return { id: member.user.id, name, instructor, avatar: null }
}

const persons = (state: State): PagePerson[] =>
  state.members
    .values()
    .filter(({ user }) => !user.bot)
    .map((member) => personOf(state, member))

/** Whether a person sees a channel: by permission, or because the conversation is theirs. */
export function seesChannel(state: State, member: Member, channel: Channel): boolean {
  if (channel.recipients) return channel.recipients.some(({ id }) => id === member.user.id)
  return has(channelPermissions(state, member, channel), Permission.viewChannel)
}

/** A channel as the page shows it; a conversation gets the bot's name. */
export const pageChannel = (state: State, channel: Channel): Channel & { name: string } => ({
  ...channel,
  name: channel.name ?? state.bot.user.username,
})

function pageState(state: State, member: Member): unknown {
  const seen = state.channels.values().filter((channel) => seesChannel(state, member, channel))
  const named = seen.map((channel) => pageChannel(state, channel))
  return {
    guild: guildJson(state),
    channels: named.filter(({ thread_metadata }) => !thread_metadata),
    threads: named.filter(({ thread_metadata }) => thread_metadata),
    commands: commandsFor(state, member, seen[0]),
    persons: persons(state),
    me: personOf(state, member),
  }
}

/** Oldest first. */
function pageMessages(input: Input): unknown {
  const { state, member, query } = input
  const channel = channelOf(input, query.get('channel'))
  const records = state.store.messages(channel.id, { limit: SHOWN }, member.user.id)
  return records.toReversed().map((record) => messageJson(state, record))
}

const idOf = (value: unknown): string => (/^\d{1,19}$/.test(asText(value)) ? asText(value) : '0')

function channelOf({ state, member }: Pick<Input, 'state' | 'member'>, id: unknown): Channel {
  const channel = state.channels.get(idOf(id))
  if (!channel || !seesChannel(state, member, channel)) throw new PageError(404, 'There is no such channel.')
  return channel
}

const actorOf = (input: Input): Actor => ({
  member: input.member,
  channel: channelOf(input, input.body.channel),
})

function messageOf({ state, member, body }: Input): MessageRecord {
  const record = state.store.message(idOf(body.message))
  const isVisible = (record?.visibleTo ?? member.user.id) === member.user.id
  if (!record || !isVisible) throw new PageError(404, 'This message is gone.')
  return record
}
