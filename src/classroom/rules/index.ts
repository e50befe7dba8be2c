/** Discord's cross-field rules that its OpenAPI schema cannot express, as pure functions over request bodies. */
export { checkCommand, checkCommandCount, checkCommands } from './commands.ts'
export { checkSnowflake, errorStatus, toErrorBody } from './errors.ts'
export type { RuleError } from './errors.ts'
export { checkForumPost, checkMessage } from './message.ts'
export type { ExistingMessage, MessageContext } from './message.ts'
export { checkCallback, checkModal } from './modal.ts'
