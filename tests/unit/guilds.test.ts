import { Collection, type Client, type Interaction } from 'discord.js'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import type { BotContext } from '../../src/discord/context.ts'
import { dispatch } from '../../src/discord/dispatch.ts'
import { createGuilds } from '../../src/discord/guilds.ts'
import { createLog } from '../../src/log.ts'

const lines: string[] = []
const log = createLog({ ...loadConfig({}), logLevel: 'trace' }, { write: (line) => void lines.push(line) })

function clientIn(...ids: string[]) {
  const cache = new Collection(ids.map((id) => [id, { id, name: `Class ${id}` }]))
  return { guilds: { cache } } as unknown as Client
}

describe('the servers that are served', () => {
  test('are those of the list in which the bot is', () => {
    const guilds = createGuilds(clientIn('1', '2'), ['2', '3'], log)
    guilds.look()
    expect(guilds.served()).toEqual(['2'])
    expect([guilds.isServed('1'), guilds.isServed('2'), guilds.isServed(null)]).toEqual([false, true, false])
  })

  test('without a list are the only one there is, and stay it when another one joins', () => {
    const client = clientIn('1')
    const guilds = createGuilds(client, [], log)
    guilds.look()
    client.guilds.cache.set('2', { id: '2', name: 'Strangers' } as never)
    guilds.look()
    expect(guilds.served()).toEqual(['1'])
  })

  test('without a list are none when there are several, and the log says which line to add', () => {
    lines.length = 0
    const guilds = createGuilds(clientIn('1', '2'), [], log)
    guilds.look()
    expect(guilds.served()).toEqual([])
    expect(lines.join('')).toContain('DISCORD_GUILD_IDS=1,2')
  })

  test('without a list begin with the first that the bot joins', () => {
    const client = clientIn()
    const guilds = createGuilds(client, [], log)
    guilds.look()
    client.guilds.cache.set('5', { id: '5', name: 'Class 5' } as never)
    guilds.look()
    expect(guilds.served()).toEqual(['5'])
  })
})

test('in another server every command is refused politely, in private, and nothing runs', async () => {
  const replies: { flags: readonly number[]; components: unknown }[] = []
  const interaction = {
    id: '9',
    guildId: '666',
    commandName: 'imagine',
    user: { id: '7' },
    inCachedGuild: () => true,
    isAutocomplete: () => false,
    isCommand: () => true,
    isRepliable: () => true,
    reply: (options: (typeof replies)[number]) => Promise.resolve(replies.push(options)),
  } as unknown as Interaction
  const guilds = createGuilds(clientIn('1'), ['1'], log)
  guilds.look()
  // No registry and no services: touching one of them would be told as a bug.
  const signal = new AbortController().signal
  await dispatch(interaction, { guilds, log, signal } as BotContext)
  expect(replies.length).toBe(1)
  expect(replies[0]?.flags).toContain(64)
  expect(JSON.stringify(replies[0]?.components)).toContain('works for another class')
})
