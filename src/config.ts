/** The settings a person may give, read once from the environment. `.env.example` lists them; a test compares. */
import path from 'node:path'
import { z } from 'zod'
import { ConfigError } from './errors.ts'

/** With commas or spaces between them. */
const list = z.string().transform((text) => text.split(/[\s,]+/).filter(Boolean))

const address = (error: string) =>
  z.url({ protocol: /^https?$/, error }).transform((url) => url.replace(/\/+$/, ''))

const snowflakes = list.pipe(
  z.array(z.string().regex(/^\d{15,21}$/, 'must be server ids, separated by commas')),
)

const addresses = list.pipe(z.array(address('must be http or https addresses, separated by commas')))

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const schema = z.object({
  DISCORD_TOKEN: z.string().regex(/^\S+$/, 'must not contain spaces').optional(),
  DISCORD_GUILD_IDS: snowflakes.default([]),
  DISCORD_API_URL: address('must be an http or https address').default('https://discord.com/api'),
  DISCORD_FILE_HOSTS: list.default(['cdn.discordapp.com', 'media.discordapp.net']),
  AUTO1111_URLS: addresses.default([]),
  REPLICATE_API_TOKEN: z.string().regex(/^\S+$/, 'must not contain spaces').optional(),
  REPLICATE_API_URL: address('must be an http or https address').default('https://api.replicate.com/v1'),
  REPLICATE_FILE_HOSTS: list.default(['replicate.delivery']),
  DATA_DIR: z.string().default('data/state'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  LOG_LEVEL: z.enum(logLevels).optional(),
  MAX_WAITING_PER_PERSON: z.coerce.number().int().min(1).max(1000).default(10),
  JOB_TIMEOUT_SECONDS: z.coerce.number().int().min(1).max(86_400).default(600),
})

/** Every key that `.env.example` has to explain. */
export const configKeys: readonly string[] = Object.keys(schema.shape)

export type Config = {
  /** Absent: the offline classroom is started. */
  discordToken?: string | undefined
  /** Without a trailing slash and without the version, e.g. https://discord.com/api */
  discordApiUrl: string
  /** Hosts (with a port where it is not the usual one) from which attachments are downloaded. */
  discordFileHosts: string[]
  /** The class servers; empty: the only server the bot is in. */
  guildIds: string[]
  /** Each may hold `user:password@`. */
  auto1111Urls: string[]
  /** Absent: Replicate is not used. */
  replicateApiToken?: string | undefined
  replicateApiUrl: string
  /** Hosts (and their subdomains; with a port where it is not the usual one) from which finished pictures are downloaded. */
  replicateFileHosts: string[]
  /** Absolute path. */
  dataDir: string
  port: number
  logLevel: (typeof logLevels)[number]
  maxWaitingPerPerson: number
  jobTimeoutSeconds: number
}

/** The environment with what `.env` in the working folder adds to it; the file may be absent. */
export function readEnvironment(): NodeJS.ProcessEnv {
  try {
    process.loadEnvFile()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  return process.env
}

/**
 * Reads the settings from environment variables; empty ones count as absent.
 * @throws ConfigError that names every wrong key in words
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(
    configKeys
      .map((key) => [key, env[key]?.trim()])
      .filter(([, value]) => value !== undefined && value !== ''),
  )
  const result = schema.safeParse(given)
  if (!result.success) {
    throw new ConfigError(`The settings are wrong (see .env.example):\n${z.prettifyError(result.error)}`)
  }
  const values = result.data
  return {
    discordToken: values.DISCORD_TOKEN,
    discordApiUrl: values.DISCORD_API_URL,
    discordFileHosts: values.DISCORD_FILE_HOSTS,
    guildIds: values.DISCORD_GUILD_IDS,
    auto1111Urls: values.AUTO1111_URLS,
    replicateApiToken: values.REPLICATE_API_TOKEN,
    replicateApiUrl: values.REPLICATE_API_URL,
    replicateFileHosts: values.REPLICATE_FILE_HOSTS,
    dataDir: path.resolve(values.DATA_DIR),
    port: values.PORT,
    // In the classroom whoever started it reads the page, not the log.
    logLevel: values.LOG_LEVEL ?? (values.DISCORD_TOKEN === undefined ? 'warn' : 'info'),
    maxWaitingPerPerson: values.MAX_WAITING_PER_PERSON,
    jobTimeoutSeconds: values.JOB_TIMEOUT_SECONDS,
  }
}
