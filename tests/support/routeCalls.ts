/** One request for each route of the classroom that the feature bot does not use, and for what is not there. */
import { RequestMethod } from 'discord.js'

type Ids = { guild: string; channel: string; thread: string; app: string; user: string }

type Call = (ids: Ids) => { method: RequestMethod; path: `/${string}`; body?: unknown }

const get =
  (path: (ids: Ids) => `/${string}`): Call =>
  (ids) => ({ method: RequestMethod.Get, path: path(ids) })

export const routeCalls: [string, Call][] = [
  ['the application', get(() => '/applications/@me')],
  ['the application of the token', get(() => '/oauth2/applications/@me')],
  ['the bot', get(() => '/users/@me')],
  ['a user', get(({ user }) => `/users/${user}`)],
  ['a guild', get(({ guild }) => `/guilds/${guild}`)],
  ['a guild’s members', get(({ guild }) => `/guilds/${guild}/members`)],
  ['a role', get(({ guild }) => `/guilds/${guild}/roles/${guild}`)],
  ['a channel', get(({ channel }) => `/channels/${channel}`)],
  ['a thread', get(({ thread }) => `/channels/${thread}`)],
  ['pins', get(({ channel }) => `/channels/${channel}/messages/pins`)],
  ['pins, older route', get(({ channel }) => `/channels/${channel}/pins`)],
  ['archived threads', get(({ channel }) => `/channels/${channel}/threads/archived/public`)],
  ['archived private threads', get(({ channel }) => `/channels/${channel}/threads/archived/private`)],
  ['members of a thread', get(({ thread }) => `/channels/${thread}/thread-members`)],
  ['commands', get(({ app, guild }) => `/applications/${app}/guilds/${guild}/commands`)],
  ['commands of the application', get(({ app }) => `/applications/${app}/commands`)],
  [
    'the bot’s nick name',
    ({ guild }) => ({
      method: RequestMethod.Patch,
      path: `/guilds/${guild}/members/@me`,
      body: { nick: 'Dark' },
    }),
  ],
  [
    'a conversation',
    ({ user }) => ({
      method: RequestMethod.Post,
      path: '/users/@me/channels',
      body: { recipient_id: user },
    }),
  ],
  [
    'joining a thread',
    ({ thread, user }) => ({
      method: RequestMethod.Put,
      path: `/channels/${thread}/thread-members/${user}`,
    }),
  ],
  ['a member of a thread', get(({ thread, user }) => `/channels/${thread}/thread-members/${user}`)],
  [
    'leaving a thread',
    ({ thread, user }) => ({
      method: RequestMethod.Delete,
      path: `/channels/${thread}/thread-members/${user}`,
    }),
  ],
  [
    'an unknown command',
    ({ app }) => ({ method: RequestMethod.Delete, path: `/applications/${app}/commands/1` }),
  ],
  ['an unknown message', get(({ channel }) => `/channels/${channel}/messages/1`)],
  ['an unknown channel', get(() => '/channels/1')],
  [
    'an unknown interaction',
    () => ({ method: RequestMethod.Post, path: '/interactions/1/none/callback', body: { type: 5 } }),
  ],
  ['an unknown webhook', get(() => '/webhooks/1/none/messages/@original')],
]
