/** The bot in a process of its own, put together as in main.ts; it answers what its parent asks about the inside. */
import { loadConfig } from '../../src/config.ts'
import { startBot } from '../../src/discord/startBot.ts'
import { createLog } from '../../src/log.ts'
import { createServices } from '../../src/services/index.ts'

/** `idle`: answered when everything is delivered and in the gallery. `search`: in the gallery, answered with the ms it took. */
export type Question = { what: 'memory' | 'line' | 'idle' } | { what: 'search'; words: string; times: number }

/** What `line` is answered with: the forecast of each job that waits or is drawn, in seconds. */
export type Forecast = { interaction: string; secondsLeft: number | undefined }

export type Asked = { id: number; question: Question }
export type Answered = { id: number; value: unknown } | { id: 'ready' }

const MANY = 100_000

const config = loadConfig(process.env)
const services = await createServices(config, createLog(config))
const bot = await startBot(services)
const [guildId = ''] = config.guildIds

async function answer(question: Question): Promise<unknown> {
  if (question.what === 'memory') return process.memoryUsage().rss
  if (question.what === 'idle') return bot.idle()
  if (question.what === 'search') return search(question)
  const { jobs } = services.queue.line(guildId, MANY)
  return jobs.map(({ job, secondsLeft }): Forecast => ({
    interaction: job.origin.interactionId,
    secondsLeft,
  }))
}

function search({ words, times }: { words: string; times: number }): number[] {
  return Array.from({ length: times }, () => {
    const begun = performance.now()
    services.gallery.search(words, { guildId })
    return performance.now() - begun
  })
}

const say = (answered: Answered) => process.send?.(answered)
process.on('message', ({ id, question }: Asked) => {
  void answer(question).then((value) => say({ id, value }))
})
process.on('disconnect', () => void close())
say({ id: 'ready' })

async function close(): Promise<void> {
  await bot.close()
  await services.close()
  process.exit(0)
}
