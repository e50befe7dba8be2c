/** The real bot as a child process, started again whenever it ends: what systemd or Docker do. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const root = path.join(import.meta.dirname, '../..')
/** "Discord cannot be reached": the one reason for which the bot may give up while Discord is disturbed. */
const UNREACHABLE = 7
/** "The settings are wrong": it cannot start on a full disk. */
const NOT_STARTED = 1
/** A start on a disk that was full just now may end a little later. */
const START_MS = 5000
const LONGEST_START_MS = 60_000

export type BotKeeper = {
  starts: number
  /** Ends that nobody ordered. */
  oddEnds: string[]
  /** kill -9, and started again after that pause. */
  kill(downFor: number): void
  /** The next start comes after that pause: somebody else has killed it. */
  wasKilled(downFor: number): void
  /** No file may grow for a while, as on a full disk. */
  fillDisk(ms: number): 'full' | 'no bot' | 'impossible here'
  /** Resolves when it is ready. */
  ready(): Promise<void>
  /** SIGTERM. @returns the exit code, or undefined when it had to be killed */
  close(): Promise<number | undefined>
}

/** @param options `onStart` hears the process id as soon as there is one */
export function keepBot(options: {
  env: Record<string, string>
  logFile: string
  onStart: (pid: number) => void
  onReady: () => void
  onEnd: () => void
}): BotKeeper {
  let child: ChildProcess | undefined
  let downFor = 0
  let isOrdered = false
  let isClosing = false
  let diskFullUntil = 0
  let isReady = Promise.withResolvers<void>()

  function start(): void {
    if (isClosing) return
    keeper.starts += 1
    isOrdered = false
    const started = spawn(process.execPath, [path.join(root, 'src/main.ts')], {
      cwd: root,
      env: { PATH: process.env['PATH'] ?? '', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    if (started.pid !== undefined) options.onStart(started.pid)
    const log = (data: Buffer) => {
      appendFileSync(options.logFile, data)
      if (!data.includes('Darkroom is ready')) return
      options.onReady()
      isReady.resolve()
    }
    started.stdout.on('data', log)
    started.stderr.on('data', log)
    started.on('close', (code, signal) => void ended(code, signal))
  }

  async function ended(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    appendFileSync(options.logFile, `--- ended: ${code ?? signal}, ${new Date().toISOString()}\n`)
    isReady = Promise.withResolvers()
    options.onEnd()
    if (isClosing) return
    const mayEnd = code === UNREACHABLE || (code === NOT_STARTED && Date.now() < diskFullUntil)
    if (!isOrdered && signal !== 'SIGKILL' && !mayEnd) {
      keeper.oddEnds.push(`the bot ended by itself: ${code ?? signal}`)
    }
    await pause(isOrdered || signal === 'SIGKILL' ? downFor : 500)
    start()
  }

  const keeper: BotKeeper = {
    starts: 0,
    oddEnds: [],
    kill(ms) {
      downFor = ms
      isOrdered = true
      child?.kill('SIGKILL')
    },
    wasKilled(ms) {
      downFor = ms
      isOrdered = true
    },
    fillDisk(ms) {
      const pid = String(child?.pid)
      const limit = (bytes: string) =>
        execFileSync('prlimit', ['--pid', pid, `--fsize=${bytes}:unlimited`], { stdio: 'ignore' })
      try {
        limit('0')
      } catch (error) {
        const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
        return isMissing ? 'impossible here' : 'no bot'
      }
      diskFullUntil = Date.now() + ms + START_MS
      setTimeout(() => {
        try {
          limit('unlimited')
        } catch {
          // It was killed meanwhile, and the limit with it.
        }
      }, ms)
      return 'full'
    },
    async ready() {
      const late = pause(LONGEST_START_MS, undefined, { ref: false }).then(() => {
        throw new Error(`The bot was not ready in ${LONGEST_START_MS / 1000} s; see ${options.logFile}`)
      })
      await Promise.race([isReady.promise, late])
    },
    async close() {
      isClosing = true
      const last = child
      if (!last || last.exitCode !== null || last.signalCode !== null) return undefined
      const exit = new Promise<number | undefined>((resolve) =>
        last.once('close', (code) => resolve(code ?? undefined)),
      )
      last.kill('SIGTERM')
      const timer = setTimeout(() => last.kill('SIGKILL'), 20_000)
      const code = await exit
      clearTimeout(timer)
      return code
    },
  }
  // Nobody is left alone when the run itself is stopped.
  process.on('exit', () => child?.kill('SIGKILL'))
  start()
  return keeper
}
