/** One round: people ask in the same instant, and each gets their picture. */
import type { PersonClient } from '../../src/classroom/client.ts'
import { forecasts, told, type Etas } from './eta.ts'
import type { Stage } from './stage.ts'
import { storiesOf, type Story } from './stories.ts'

export type Round = {
  stories: Story[]
  /** The moment of the first command, in ms since 1970: for all of them the instant of asking. */
  beganAt: number
  etas: Etas
}

/** Resolves when everything that waits is delivered, also what others asked for before. */
export async function playRound(
  stage: Stage,
  who: readonly PersonClient[],
  command: (index: number) => string,
): Promise<Round> {
  const asked = await stage.typeAll(who, command)
  const line = await stage.bot.line()
  const lookedAt = Date.now()
  await stage.bot.idle()
  const stories = await storiesOf(asked, stage.reports)
  const beganAt = Math.min(...stories.map(({ sentAt }) => sentAt))
  return { stories, beganAt, etas: { forecast: forecasts(line, lookedAt, stories), told: told(stories) } }
}
