/** The class in memory, written through to the store. Messages, which may be many, are read from the store. */
import type { ClassroomOptions } from './options.ts'
import type { Hub } from './hub.ts'
import { createIds, type Ids } from './ids.ts'
import { invitedBotPermissions } from './permissions.ts'
import { makeClass, type Guild } from './seed.ts'
import { openStore, type Store } from './store.ts'
import type { Channel, Command, InteractionRecord, Json, Member, Role, ThreadMember } from './types.ts'

/** A map whose changes are kept. */
type Kept<T> = {
  get(id: string): T | undefined
  values(): T[]
  set(id: string, value: T): void
  delete(id: string): void
}

export type State = {
  store: Store
  hub: Hub
  ids: Ids
  now: () => number
  /** Of this process; known once it listens. */
  origin: string
  guild: Guild
  token: string
  bot: Member
  roles: Kept<Role>
  /** By user id. */
  members: Kept<Member>
  /** Channels, threads and conversations. */
  channels: Kept<Channel>
  /** By thread id. */
  threadMembers: Kept<ThreadMember[]>
  commands: Kept<Command>
  interactions: Kept<InteractionRecord>
  answerWithinMs: number
  attachmentSizeLimit: number
  /** The bot is a member of the server. */
  isBotHere: boolean
  /** Nothing can be kept any more. */
  isClosed: boolean
  close(): void
}

/** An interaction's token works for 15 minutes; its record is kept a little longer to tell "expired" from "unknown". */
export const TOKEN_LIFE_MS = 15 * 60 * 1000
const KEEP_INTERACTIONS_MS = 24 * 60 * 60 * 1000
const TEN_MEBIBYTES = 10 * 2 ** 20

/** Opens `dataDir`, or fills it with a new class. */
export function createState(options: ClassroomOptions, hub: Hub): State {
  const now = options.now ?? Date.now
  const store = openStore(options.dataDir)
  const ids = createIds(now)
  ids.after(store.newestId())
  if (store.all('guild').size === 0) plant(store, ids, now(), options)
  const [guild] = store.all<Guild>('guild').values()
  const members = keep<Member>(store, 'member')
  const bot = guild && members.get(guild.application_id)
  if (!guild || !bot) throw new Error(`The class in ${options.dataDir} is damaged`)
  const interactions = keep<InteractionRecord>(store, 'interaction')
  for (const { id, createdAt } of interactions.values()) {
    if (createdAt < now() - KEEP_INTERACTIONS_MS) interactions.delete(id)
  }
  const state: State = {
    store,
    hub,
    ids,
    now,
    origin: '',
    guild,
    token: options.token ?? guild.token,
    bot,
    roles: keep(store, 'role'),
    members,
    channels: keep(store, 'channel'),
    threadMembers: keep(store, 'threadMembers'),
    commands: keep(store, 'command'),
    interactions,
    answerWithinMs: options.answerWithinMs ?? 3000,
    attachmentSizeLimit: options.attachmentSizeLimit ?? TEN_MEBIBYTES,
    isBotHere: true,
    isClosed: false,
    close() {
      state.isClosed = true
      store.close()
    },
  }
  return state
}

function plant(store: Store, ids: Ids, now: number, options: ClassroomOptions): void {
  const { guild, roles, members, channels } = makeClass(ids, now, {
    ...(options.token === undefined ? {} : { token: options.token }),
    ...(options.students === undefined ? {} : { students: options.students }),
    botPermissions: options.botPermissions ?? invitedBotPermissions,
  })
  store.transaction(() => {
    store.put('guild', guild.id, guild)
    for (const role of roles) store.put('role', role.id, role)
    for (const member of members) store.put('member', member.user.id, member)
    for (const channel of channels) store.put('channel', channel.id, channel)
  })
}

function keep<T>(store: Store, kind: string): Kept<T> {
  const map = store.all<T>(kind)
  return {
    get: (id) => map.get(id),
    values: () => [...map.values()],
    set(id, value) {
      map.set(id, value)
      store.put(kind, id, value)
    },
    delete(id) {
      map.delete(id)
      store.remove(kind, id)
    },
  }
}

/** Tells the gateway and the pages. */
export function dispatch(state: State, type: string, data: Json, visibleTo?: string): void {
  state.hub.emit({ kind: 'dispatch', type, data, ...(visibleTo === undefined ? {} : { visibleTo }) })
}
