/** The class that a new classroom starts with. */
import { randomBytes } from 'node:crypto'
import type { Ids } from './ids.ts'
import { everyonePermissions, Permission } from './permissions.ts'
import type { Channel, Member, Role, User } from './types.ts'

export type Guild = { id: string; name: string; owner_id: string; application_id: string; token: string }

export type Seed = { guild: Guild; roles: Role[]; members: Member[]; channels: Channel[] }

const CHANNELS = [
  { name: 'lessons', topic: 'What we try out together.' },
  { name: 'studio', topic: 'Make pictures here: type / to begin.' },
  { name: 'gallery', topic: 'Every picture of the class with its recipe, a thread for each day.' },
]

const STUDENTS: readonly string[] = ['Ben', 'Mei', 'Noor']

/** "Everything is a Remix": an instructor, three students, the bot, three channels. */
export function makeClass(
  ids: Ids,
  now: number,
  options: { token?: string; botPermissions: bigint; students?: readonly string[] },
): Seed {
  const guildId = ids.next()
  const joined = new Date(now).toISOString()
  const instructor = makeRole(ids.next(), 'Instructor', 1, {
    permissions:
      Permission.manageGuild | Permission.manageChannels | Permission.manageRoles | Permission.manageMessages,
  })
  const bot = makeUser(ids.next(), 'Darkroom', true)
  const botRole = makeRole(ids.next(), 'Darkroom', 2, { permissions: options.botPermissions, bot: bot.id })
  const everyone = makeRole(guildId, '@everyone', 0, { permissions: everyonePermissions })
  const member = (user: User, roles: string[]): Member => ({ user, nick: null, roles, joined_at: joined })
  const ida = makeUser(ids.next(), 'Ida')
  const students = (options.students ?? STUDENTS).map((name) => makeUser(ids.next(), name))
  const token = options.token ?? `classroom.${randomBytes(24).toString('base64url')}`
  return {
    guild: { id: guildId, name: 'Everything is a Remix', owner_id: ida.id, application_id: bot.id, token },
    roles: [everyone, instructor, botRole],
    members: [
      member(bot, [botRole.id]),
      member(ida, [instructor.id]),
      ...students.map((student) => member(student, [])),
    ],
    channels: CHANNELS.map(({ name, topic }, position) =>
      makeChannel(ids.next(), guildId, { type: 0, name, topic, position }),
    ),
  }
}

function makeUser(id: string, name: string, isBot = false): User {
  return {
    id,
    username: isBot ? name : name.toLowerCase(),
    global_name: isBot ? null : name,
    discriminator: isBot ? '4242' : '0',
    avatar: null,
    ...(isBot ? { bot: true as const } : {}),
    public_flags: 0,
    flags: 0,
    primary_guild: null,
  }
}

export function makeRole(
  id: string,
  name: string,
  position: number,
  { permissions, bot }: { permissions: bigint; bot?: string },
): Role {
  return {
    id,
    name,
    permissions: String(permissions),
    position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: bot !== undefined,
    mentionable: false,
    icon: null,
    unicode_emoji: null,
    flags: 0,
    ...(bot === undefined ? {} : { tags: { bot_id: bot } }),
  }
}

export function makeChannel(
  id: string,
  guildId: string,
  given: Pick<Channel, 'type'> & Partial<Channel>,
): Channel {
  return {
    id,
    flags: 0,
    last_message_id: null,
    guild_id: guildId,
    parent_id: null,
    topic: null,
    position: 0,
    nsfw: false,
    rate_limit_per_user: 0,
    permission_overwrites: [],
    ...given,
  }
}
