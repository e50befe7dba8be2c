/** Discord's own error answers: an HTTP status, a code and a sentence. */
import { errorStatus, toErrorBody, type RuleError } from './rules/index.ts'
import type { Json } from './types.ts'

export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly body: Json

  constructor(status: number, body: Json) {
    super(String(body.message))
    this.status = status
    this.body = body
  }
}

/** Names and numbers of Discord's documentation, "JSON Error Codes". */
const table = {
  unauthorized: [401, 0, '401: Unauthorized'],
  notFound: [404, 0, '404: Not Found'],
  badRequest: [400, 0, '400: Bad Request'],
  unknownChannel: [404, 10003, 'Unknown Channel'],
  unknownGuild: [404, 10004, 'Unknown Guild'],
  unknownMember: [404, 10007, 'Unknown Member'],
  unknownMessage: [404, 10008, 'Unknown Message'],
  unknownRole: [404, 10011, 'Unknown Role'],
  unknownUser: [404, 10013, 'Unknown User'],
  unknownWebhook: [404, 10015, 'Unknown Webhook'],
  unknownInteraction: [404, 10062, 'Unknown interaction'],
  unknownCommand: [404, 10063, 'Unknown application command'],
  entityTooLarge: [413, 40005, 'Request entity too large'],
  alreadyAcknowledged: [400, 40060, 'Interaction has already been acknowledged.'],
  missingAccess: [403, 50001, 'Missing Access'],
  notYourMessage: [403, 50005, 'Cannot edit a message authored by another user'],
  noMutualServer: [403, 50278, 'Cannot send messages to this user due to having no mutual guilds'],
  missingPermissions: [403, 50013, 'Missing Permissions'],
  systemMessage: [403, 50021, 'Cannot execute action on a system message'],
  wrongChannelType: [400, 50024, 'Cannot execute action on this channel type'],
  invalidWebhookToken: [401, 50027, 'Invalid Webhook Token'],
  invalidJson: [400, 50109, 'The request body contains invalid JSON.'],
  threadArchived: [400, 50083, 'Thread is archived'],
  threadExists: [400, 160004, 'A thread has already been created for this message'],
} as const satisfies Record<string, readonly [number, number, string]>

/** The error to throw. */
export function apiError(name: keyof typeof table): ApiError {
  const [status, code, message] = table[name]
  return new ApiError(status, { message, code })
}

/** Throws 50035 with the paths of the fields (or the code that stands for the whole request) unless the list is empty. */
export function refuse(errors: RuleError[]): void {
  if (errors.length === 0) return
  const body = toErrorBody(errors)
  throw new ApiError(errorStatus(body), body)
}

/** 50035 for one field. */
export function badField(path: string[], code: string, message: string): ApiError {
  return new ApiError(400, toErrorBody([{ path, code, message }]))
}
