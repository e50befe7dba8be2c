/** Does every step of a plan at its time. */
import { setTimeout as pause } from 'node:timers/promises'
import type { BotKeeper } from './bot.ts'
import type { Order } from './classroom.ts'
import type { Crowd } from './crowd.ts'
import type { Machine } from './machines.ts'
import type { Outages } from './outages.ts'
import type { Shop } from './shop.ts'
import type { Plan, Step } from './steps.ts'

export type Stage = {
  bot: BotKeeper
  crowd: Crowd
  machines: readonly [Machine, Machine]
  shop: Shop
  outages: Outages
  order: (given: Order) => unknown
  count: (what: string) => void
  say: (line: string) => void
}

/** Does every step at its time. @returns what people still wait for */
export async function play(plan: Plan, stage: Stage): Promise<Promise<void>[]> {
  const begun = Date.now()
  const asked: Promise<void>[] = []
  for (const step of plan.steps) {
    await pause(Math.max(0, begun + step.at - Date.now()))
    if (step.do === 'ask') {
      // In a moment without any bot the commands are not even known.
      const begin = step.whenUp ? stage.bot.ready() : Promise.resolve()
      asked.push(begin.then(() => stage.crowd.ask(step)).catch(() => stage.count('not even asked')))
    } else doStep(step, stage)
  }
  await pause(Math.max(0, begun + plan.lasts - Date.now()))
  return asked
}

function doStep(step: Exclude<Step, { do: 'ask' }>, stage: Stage): void {
  const { bot, machines, shop, outages, order, count, say } = stage
  switch (step.do) {
    case 'kill':
      count('kill -9 at a random moment')
      say('kill -9')
      return bot.kill(step.downFor)
    case 'machine': {
      const machine = machines[step.machine]
      count(`machine: ${step.fault}`)
      void machine.goWrong(step.fault)
      return void setTimeout(() => void machine.heal(), step.healAfter).unref()
    }
    case 'shop':
      count(`Replicate: ${step.fault}`)
      shop.goWrong(step.fault)
      return void setTimeout(() => shop.heal(), step.healAfter).unref()
    case 'full disk': {
      const filled = bot.fillDisk(step.lasts)
      if (filled === 'full') outages.late({ from: Date.now(), lasts: step.lasts })
      if (filled !== 'impossible here')
        return count(filled === 'full' ? 'full disk' : 'full disk, bot was down')
      count('full disk (NOT TRIED)')
      return say('THE DISK COULD NOT BE FILLED: there is no prlimit here, so a full disk was not tried.')
    }
    case 'gateway':
      count(`gateway: ${step.how}`)
      return void order(step)
    case 'tokens expire':
      count('all tokens expire')
      return void order(step)
    case 'studio closes':
      count('the studio closes')
      outages.late({ from: Date.now(), lasts: step.lasts })
      return void order(step)
    case 'crash point':
    case 'discord':
      return void order(step)
  }
}
