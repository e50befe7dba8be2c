/** A class with its bot, each in a process of its own, and the people in this one. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connectPerson, type PersonClient } from '../../src/classroom/client.ts'
import { parseSlash } from '../../src/classroom/slashText.ts'
import type { Answered, Asked, Forecast, Question } from './bot.ts'
import type { ClassroomReport } from './classroom.ts'
import { mallocSettings } from '../../src/mallocSettings.ts'
import { areAcknowledged } from './stories.ts'

const INSTRUCTOR = 'Ida'
/** Between two looks whether everyone has been answered. */
const LOOK_MS = 5

export type Place = { guildId: string; channelId: string; students: readonly PersonClient[] }

export type Stage = Place & {
  /** The bot's. */
  dataDir: string
  /** What arrived at the classroom, oldest first. */
  reports: readonly ClassroomReport[]
  /** From starting the bot's process to the moment when it is ready, in ms. */
  startMs: number
  /** Everyone of `who` types their command in the same instant. @returns ids of the interactions, when all are acknowledged */
  typeAll: (who: readonly PersonClient[], command: (index: number) => string) => Promise<string[]>
  bot: {
    memory(): Promise<number>
    line(): Promise<Forecast[]>
    search(words: string, times: number): Promise<number[]>
    /** Everything is delivered and in the gallery. */
    idle(): Promise<void>
  }
  close(): Promise<void>
}

export type StageOptions = {
  /** For the class and the bot's data (in `bot`). */
  folder: string
  students: readonly string[]
  env?: Record<string, string>
  /** Fills the bot's data folder before it starts. */
  fill?: (place: Place, dataDir: string) => Promise<void>
}

/** As many names as there are people. */
export const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `Student${i + 1}`)

export async function openStage({ folder, students, env = {}, fill }: StageOptions): Promise<Stage> {
  const reports: ClassroomReport[] = []
  const classroom = start('classroom.ts', [path.join(folder, 'classroom'), JSON.stringify(students)])
  classroom.on('message', (report) => reports.push(report as ClassroomReport))
  await once(classroom, 'message')
  const [ready] = reports
  if (ready?.kind !== 'ready') throw new Error('the classroom did not start')
  const teacher = await connectPerson(ready.url, INSTRUCTOR)
  const people = await Promise.all(students.map((name) => connectPerson(ready.url, name)))
  // They type, but their pages are closed: to show every message to twenty pages is Discord's work, not that of these two cores.
  await Promise.all(people.map((person) => person.close()))
  const { channels } = await teacher.state()
  const channelId = channels.find(({ name }) => name === 'studio')?.id ?? ''
  const place = { guildId: ready.guildId, channelId, students: people }
  const dataDir = path.join(folder, 'bot')
  await fill?.(place, dataDir)

  const begun = performance.now()
  const bot = start('bot.ts', [], {
    DISCORD_TOKEN: ready.token,
    DISCORD_API_URL: ready.apiUrl,
    DISCORD_GUILD_IDS: ready.guildId,
    DATA_DIR: dataDir,
    MAX_WAITING_PER_PERSON: '1000',
    LOG_LEVEL: 'silent',
    ...env,
  })
  const ask = await questionsTo(bot)
  const startMs = performance.now() - begun
  await (await teacher.slash('/class setup')).answer()

  return {
    ...place,
    dataDir,
    reports,
    startMs,
    async typeAll(who, command) {
      // Read before, so that in the instant itself nothing but the commands is sent.
      const state = await teacher.state()
      const inputs = who.map((_, index) => parseSlash(command(index), state))
      const sent = await Promise.all(who.map((person, index) => person.slash(inputs[index]!, channelId)))
      const interactions = sent.map(({ interaction }) => interaction)
      while (!areAcknowledged(interactions, reports)) await pause(LOOK_MS)
      return interactions
    },
    bot: {
      memory: () => ask<number>({ what: 'memory' }),
      line: () => ask<Forecast[]>({ what: 'line' }),
      search: (words, times) => ask<number[]>({ what: 'search', words, times }),
      idle: () => ask<void>({ what: 'idle' }),
    },
    async close() {
      await end(bot)
      await teacher.close()
      await end(classroom)
    },
  }
}

/** Those of `npm start`; what it imports first is done by `env`. */
const flags = startFlags()
function startFlags(): string[] {
  const text = readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8')
  const { scripts } = JSON.parse(text) as { scripts: { start: string } }
  return scripts.start.split(' ').filter((word) => word.startsWith('--max'))
}

/** Nobody is left alone when the run itself is stopped. */
const children = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

function start(file: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const child = fork(path.join(import.meta.dirname, file), args, {
    execArgv: flags,
    env: { PATH: process.env['PATH'] ?? '', ...mallocSettings, ...env },
  })
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

async function questionsTo(bot: ChildProcess) {
  const waiting = new Map<number, (value: unknown) => void>()
  let last = 0
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>()
  bot.on('exit', (code) => reject(new Error(`the bot ended with ${code}`)))
  bot.on('message', (answered: Answered) => {
    if (answered.id === 'ready') return resolve()
    waiting.get(answered.id)?.(answered.value)
    waiting.delete(answered.id)
  })
  await ready
  return async <T>(question: Question): Promise<T> => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    waiting.set(++last, resolve)
    bot.send({ id: last, question } satisfies Asked)
    return (await promise) as T
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.disconnect()
  await gone
}
