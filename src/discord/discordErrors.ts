/** Discord's own error codes, sorted by what they mean for us. */
import { DiscordAPIError, RESTJSONErrorCodes as Code } from 'discord.js'
import { LostAnswer } from './requestOnce.ts'

/** The private way of answering is gone: expired, never acknowledged in time, or the message was deleted. */
const GONE: readonly (string | number)[] = [
  Code.UnknownWebhook,
  Code.UnknownInteraction,
  Code.UnknownMessage,
  Code.InvalidWebhookToken,
]

/** The bot may not do it there, or the place is no more. Trying again does not help. */
const CLOSED: readonly (string | number)[] = [
  Code.MissingAccess,
  Code.MissingPermissions,
  Code.UnknownChannel,
  Code.UnknownGuild,
  Code.ThreadLocked,
  Code.UnknownUser,
  Code.CannotSendMessagesToThisUser,
  Code.CannotSendMessagesToThisUserDueToHavingNoMutualGuilds,
]

const TOO_LARGE: readonly (string | number)[] = [
  Code.RequestEntityTooLarge,
  Code.FileUploadedExceedsMaximumSize,
]

/** The system's codes for a network that does not carry us to Discord. Codes of files (ENOENT, ENOSPC) are not among them. */
const NETWORK =
  /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL|E(HOST|NET)(UNREACH|DOWN)|ENETRESET|UND_ERR_[A-Z_]+)$/

export type DiscordFailure = 'gone' | 'closed' | 'too-large' | 'refused' | 'unreachable'

/** What a failed request means. Undefined: it is not a failure of Discord at all. */
export function discordFailure(error: unknown): DiscordFailure | undefined {
  if (error instanceof DiscordAPIError) {
    if (GONE.includes(error.code)) return 'gone'
    if (CLOSED.includes(error.code)) return 'closed'
    if (TOO_LARGE.includes(error.code)) return 'too-large'
    // 401: the bot's own token is refused, so nothing goes until there is a new one (`watchForFatal.ts` ends the program).
    return error.status >= 500 || error.status === 429 || error.status === 401 ? 'unreachable' : 'refused'
  }
  if (!(error instanceof Error)) return undefined
  const isNetwork =
    error.name === 'HTTPError' ||
    error instanceof LostAnswer ||
    // After a 401 @discordjs/rest has forgotten the token.
    error.message.startsWith('Expected token to be set') ||
    error.name === 'AbortError' ||
    ('code' in error && typeof error.code === 'string' && NETWORK.test(error.code)) ||
    error.message === 'fetch failed' ||
    error.message === 'other side closed'
  return isNetwork ? 'unreachable' : undefined
}

/** A second acknowledgement of the same interaction; nothing is left to say. */
export const isAlreadyAcknowledged = (error: unknown): boolean =>
  error instanceof DiscordAPIError && error.code === Code.InteractionHasAlreadyBeenAcknowledged
