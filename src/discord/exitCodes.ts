/** Why the program may end, each with its own exit code and one sentence for whoever set it up. */

export const exits = {
  config: {
    code: 1,
    sentence: 'The settings are wrong; see the lines above.',
  },
  'wrong-token': {
    code: 2,
    sentence:
      'Discord does not accept DISCORD_TOKEN; copy the bot token again from the Developer Portal (Bot, Reset Token) into .env.',
  },
  'disallowed-intents': {
    code: 3,
    sentence:
      'Discord refused the gateway intents; Darkroom asks only for "Guilds", so please check that the application is a plain bot in the Developer Portal.',
  },
  'missing-permissions': {
    code: 5,
    sentence:
      'Darkroom may not register its commands in the class server; open the invite link above once more (it adds what is missing), then start it again.',
  },
  'revoked-token': {
    code: 6,
    sentence:
      'Discord stopped accepting DISCORD_TOKEN while Darkroom ran, so it was probably reset; put the new token into .env and start again. Accepted jobs are kept.',
  },
  unreachable: {
    code: 7,
    sentence:
      'Discord cannot be reached; check the network (and DISCORD_API_URL, if you set it), then start again.',
  },
} as const satisfies Record<string, { code: number; sentence: string }>

export type ExitReason = keyof typeof exits

/** Thrown (or handed to `onFatal`) when the bot cannot go on; the message is for people, the cause for the log. */
export class FatalError extends Error {
  override readonly name = 'FatalError'
  readonly reason: ExitReason

  constructor(reason: ExitReason, cause?: unknown) {
    super(exits[reason].sentence, { cause })
    this.reason = reason
  }

  /** The program's exit code. */
  get exitCode(): number {
    return exits[this.reason].code
  }
}

/** What a failed login or a closed gateway means. Undefined: not fatal by itself. */
export function fatalReason(error: unknown): ExitReason | undefined {
  const { message, code, status } = error as { message?: unknown; code?: unknown; status?: unknown }
  if (code === 'TokenInvalid' || status === 401) return 'wrong-token'
  if (message === 'Authentication failed') return 'wrong-token'
  if (message === 'Used disallowed intents' || message === 'Used invalid intents') return 'disallowed-intents'
  return undefined
}

/** What the close codes of the gateway mean after which discord.js does not come back. */
export function fatalCloseCode(code: number): ExitReason | undefined {
  if (code === 4004) return 'revoked-token'
  if (code === 4013 || code === 4014) return 'disallowed-intents'
  return undefined
}
