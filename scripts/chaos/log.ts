/** What is written down of a run while it goes on: what was typed, and everything that people saw. The judge reads only this. */
import type { APIMessage } from 'discord-api-types/v10'
import type { LiveEvent } from '../../src/classroom/client.ts'

export type Command = {
  tag: string
  /** Stands in every message that shows its pictures. */
  says: string
  personId: string
  model: string
  sentAt: number
  interaction?: string
  /** `deferred`: the bot has said that it will answer; undefined: it never did. */
  state?: 'deferred' | 'acknowledged' | 'failed' | 'modal'
  answeredAt?: number
}

/** What one person saw, and when (ms since 1970). */
export type Seen = { at: number; personId: string; event: LiveEvent }

/** Somebody wants the pictures of a command gone. */
export type Deletion = {
  tag: string
  /** Presses of the button under the picture, which are answered in private. */
  presses: string[]
  /** The question was answered with yes, at least once. */
  isMeant: boolean
}

/** `title`: the line in /mine under which somebody asked for a result that could be shown nowhere. */
export type Claim = { interaction: string; personId: string; title: string }

/** One prediction that the bot has bought. `status` as Replicate tells it when all is over. */
export type Purchase = { prompt: string; seed: unknown; status: string }

/**
 * When somebody may have seen nothing, or what they saw was older than it looked: the bot was dead, or Discord or the disk went
 * wrong. In ms since 1970. `interaction`: only who waits for this one; absent: everybody.
 */
export type Outage = { from: number; until: number; interaction?: string }

export type Log = {
  commands: Command[]
  seen: Seen[]
  deletions: Deletion[]
  claims: Claim[]
  purchases: Purchase[]
  outages: Outage[]
  /** The threads of the gallery: their names by their ids. */
  galleryThreads: Map<string, string>
}

export const createLog = (): Log => ({
  commands: [],
  seen: [],
  deletions: [],
  claims: [],
  purchases: [],
  outages: [],
  galleryThreads: new Map(),
})

const EPHEMERAL = 64

export const isPrivate = ({ flags }: Pick<APIMessage, 'flags'>): boolean => (Number(flags) & EPHEMERAL) !== 0
