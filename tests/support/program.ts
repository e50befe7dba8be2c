/** Our programs as they are started: in a process of their own, without any setting of this machine. */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { Classroom } from '../../src/classroom/index.ts'

const root = path.join(import.meta.dirname, '../..')

/** Gone after the test. `ended` resolves with the exit code; `said` grows with what is printed. */
export function runProgram(script: string, args: readonly string[], env: Record<string, string> = {}) {
  return runCommand([process.execPath, path.join(root, script), ...args], env)
}

/** The same for any command, e.g. a shell that starts one of our programs. */
export function runCommand([file = '', ...args]: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(file, args, {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'warn', ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { out: '', err: '' }
  child.stdout.on('data', (data: Buffer) => (said.out += String(data)))
  child.stderr.on('data', (data: Buffer) => (said.err += String(data)))
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  return { child, said, ended }
}

/** The settings with which the bot works in a classroom that is another process. */
export const inClassroom = ({ token, apiUrl, guildId }: Classroom): Record<string, string> => ({
  DISCORD_TOKEN: token,
  DISCORD_API_URL: apiUrl,
  DISCORD_GUILD_IDS: guildId,
})
