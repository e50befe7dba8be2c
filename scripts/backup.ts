/**
 * npm run backup [-- FOLDER]: copies what the bot keeps (DATA_DIR), while it runs or not, and checks the copy.
 *
 * The default folder is data/backups/<date and time>. Everything goes along but explanations, which are drawn again when somebody asks.
 * Prints what was copied; exit code 1 with one sentence when no backup was made, or when the data lacks files.
 */
import path from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig, readEnvironment } from '../src/config.ts'
import { isDiskFull } from '../src/diskRoom.ts'
import { ConfigError } from '../src/errors.ts'
import { backUp } from './backup/backUp.ts'
import type { Counts } from './backup/check.ts'

/** 2026-11-25-1430 */
const dateAndTime = (at: Date): string =>
  at.toLocaleString('sv-SE').slice(0, 16).replace(' ', '-').replace(':', '')

const inWords = ({ jobs, pictures, inputs, seen, files, bytes }: Counts): string =>
  [
    `${jobs} jobs, ${pictures} pictures, ${inputs} pictures that others begin from, ${seen} runs that were watched`,
    `${files} files, ${(bytes / 1_000_000).toFixed(1)} MB; databases and files were checked`,
  ].join('\n')

try {
  const { positionals } = parseArgs({ allowPositionals: true })
  const { dataDir } = loadConfig(readEnvironment())
  const target = path.resolve(positionals[0] ?? path.join('data/backups', dateAndTime(new Date())))
  const { counts, missing } = await backUp(dataDir, target)
  process.stdout.write(`${inWords(counts)}\nThe backup is in ${target}\n`)
  if (missing.length > 0) {
    process.stderr.write(`The data itself lacks these files, or they are damaged:\n${missing.join('\n')}\n`)
    process.exitCode = 1
  }
} catch (error) {
  const isKnown = error instanceof ConfigError || isDiskFull(error)
  const sentence = isDiskFull(error)
    ? 'The disk is full, so no backup was made; make room, or name a folder on another disk.'
    : (error as Error).message
  process.stderr.write(`${isKnown ? sentence : String((error as Error).stack)}\n`)
  process.exitCode = 1
}
