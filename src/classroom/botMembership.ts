/** The bot leaves the server and comes back, as when an instructor removes it and opens the invite link again. */
import { apiError } from './errors.ts'
import { dispatch, type State } from './state.ts'
import type { Channel } from './types.ts'
import { guildCreateJson } from './views.ts'

export function removeBot(state: State): void {
  state.isBotHere = false
  for (const { id } of state.commands.values()) state.commands.delete(id)
  dispatch(state, 'GUILD_DELETE', { id: state.guild.id })
}

export function addBot(state: State): void {
  state.isBotHere = true
  dispatch(state, 'GUILD_CREATE', guildCreateJson(state, false))
}

/** @throws 50001 for channels of the server while the bot is not in it */
export function mustBeHere(state: State, channel: Channel): void {
  if (!state.isBotHere && channel.guild_id !== undefined) throw apiError('missingAccess')
}
