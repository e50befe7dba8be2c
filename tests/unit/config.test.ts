import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { configKeys, loadConfig } from '../../src/config.ts'
import { ConfigError } from '../../src/errors.ts'

it('needs nothing: every setting has a default', () => {
  expect(loadConfig({})).toEqual({
    discordToken: undefined,
    discordApiUrl: 'https://discord.com/api',
    discordFileHosts: ['cdn.discordapp.com', 'media.discordapp.net'],
    guildIds: [],
    auto1111Urls: [],
    replicateApiToken: undefined,
    replicateApiUrl: 'https://api.replicate.com/v1',
    replicateFileHosts: ['replicate.delivery'],
    dataDir: path.resolve('data/state'),
    port: 3000,
    logLevel: 'warn',
    maxWaitingPerPerson: 10,
    jobTimeoutSeconds: 600,
  })
})

it('reads the addresses of machines, with passwords, and refuses what is no address', () => {
  const { auto1111Urls } = loadConfig({ AUTO1111_URLS: 'http://u:p@lab:7860/, https://b.example' })
  expect(auto1111Urls).toEqual(['http://u:p@lab:7860', 'https://b.example'])
  expect(() => loadConfig({ AUTO1111_URLS: 'lab-pc' })).toThrow('http or https addresses')
})

it('takes empty settings as absent', () => {
  const empty = Object.fromEntries(configKeys.map((key) => [key, ' ']))
  expect(loadConfig(empty)).toEqual(loadConfig({}))
})

it('reads what is given', () => {
  const config = loadConfig({
    DISCORD_TOKEN: 'abc',
    DISCORD_GUILD_IDS: '123456789012345678, 223456789012345678',
    DISCORD_API_URL: 'http://127.0.0.1:3000/api/',
    PORT: '0',
  })
  expect(config).toMatchObject({
    discordToken: 'abc',
    guildIds: ['123456789012345678', '223456789012345678'],
    discordApiUrl: 'http://127.0.0.1:3000/api',
    port: 0,
  })
})

it('names every wrong setting in words', () => {
  const wrong = { PORT: 'many', LOG_LEVEL: 'loud', DISCORD_API_URL: 'discord', DISCORD_GUILD_IDS: 'my class' }
  const attempt = () => loadConfig(wrong)
  expect(attempt).toThrow(ConfigError)
  for (const key of Object.keys(wrong)) expect(attempt).toThrow(key)
  expect(attempt).toThrow('must be server ids, separated by commas')
})

it('explains each setting in .env.example, and no other', async () => {
  const lines = (await readFile('.env.example', 'utf8')).split('\n')
  const keys = lines.flatMap((line) => /^([A-Z0-9_]+)=$/.exec(line)?.[1] ?? [])
  const explained = keys.filter((key) => /^# \S/.test(lines[lines.indexOf(`${key}=`) - 1] ?? ''))
  expect(keys).toEqual(configKeys)
  expect(explained).toEqual(configKeys)
})

it('logs more on Discord than in the classroom, unless told otherwise', () => {
  expect(loadConfig({ DISCORD_TOKEN: 'a.b.c' }).logLevel).toBe('info')
  expect(loadConfig({ LOG_LEVEL: 'debug' }).logLevel).toBe('debug')
})
