/** What a classroom can be told and what it gives: the types of `startClassroom`. */
import type { Overwrite } from './types.ts'

/**
 * Answers one REST request in place of the classroom, once it is authorised or not. `after`: the classroom has done what was
 * asked all the same.
 */
export type Fault =
  | { kind: 'answer'; status: number; body?: unknown; headers?: Record<string, string>; after?: boolean }
  | { kind: 'rate-limit'; seconds: number; global?: boolean }
  | { kind: 'delay'; ms: number }
  | { kind: 'drop'; after?: boolean }
  /** Done as usual, but the answer waits; false: the line is cut instead of answering. */
  | { kind: 'hold'; until: () => Promise<boolean> }

/**
 * `reconnect`: op 7. `invalid`: op 9, the session is lost. `drop`: the line is cut; the session can be resumed.
 * A number: closed with this code, e.g. 4004 or 4014.
 */
export type GatewayDrop = 'reconnect' | 'invalid' | 'drop' | number

/** One REST request of the bot and what it was answered. */
export type Exchange = {
  method: string
  /** Decoded, without /api/v10, e.g. /webhooks/1/TOKEN/messages/@original */
  path: string
  query: Record<string, string | string[]>
  requestType: 'json' | 'multipart' | 'none'
  /** Of a multipart request its payload_json. */
  requestBody: unknown
  files: { field: string; name: string; type: string; size: number }[]
  status: number
  responseBody: unknown
}

export type ClassroomOptions = {
  /** 0: any free one. */
  port: number
  /** Messages and files are kept here. */
  dataDir: string
  log?: (line: string, data?: object) => void
  /** The bot's token; default: one that is made up once and kept. */
  token?: string
  /** Hears every REST request after it was answered. */
  observe?: (exchange: Exchange) => void
  /** Asked before every REST request; an answer replaces the usual one. For tests. */
  rest?: (request: { method: string; path: string; hasFiles: boolean }) => Fault | undefined
  /** Milliseconds since 1970; default Date.now. Decides ids, the 3-second and the 15-minute rule. */
  now?: () => number
  /** How long the bot may take for its first answer; Discord's 3000. */
  answerWithinMs?: number
  /** Bytes that one attachment may have; Discord's 10 MiB. */
  attachmentSizeLimit?: number
  /** Bits of the bot's own role in a new class; default: those of Darkroom's invite link. */
  botPermissions?: bigint
  /** Names of the students of a new class; default: Ben, Mei and Noor. */
  students?: readonly string[]
  /** Answer 429 beyond about Discord's usual limits (5 requests in 5 seconds per route and channel). Default false. */
  enforceRateLimits?: boolean
  /** Whether the application may use the privileged gateway intents; default false, as for a new application. */
  privilegedIntents?: boolean
  /** Between heartbeats; Discord's 41250. */
  heartbeatIntervalMs?: number
}

export type Classroom = {
  /** The page, e.g. http://127.0.0.1:3000 */
  url: string
  /** For DISCORD_API_URL. */
  apiUrl: string
  guildId: string
  token: string
  /** Disturbs every gateway connection: Discord's own ways of ending one, or a cut line. */
  dropGateway(how: GatewayDrop): void
  /** The bot is thrown out of the server: it loses its commands, and every request about the server is refused. */
  removeBot(): void
  /** It is invited again. */
  addBot(): void
  /** Changes what a role or member may do in a channel, as an instructor would in the settings. */
  setOverwrite(channelId: string, overwrite: Overwrite): void
  close(): Promise<void>
}
