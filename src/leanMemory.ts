/**
 * Loaded before the program (`--import`, in the script `start`): on Linux it starts it again, in the same process, with glibc told to
 * give memory back. Measured over 1,000 pictures: 340 MB instead of 533 MB.
 */
import { isMainThread } from 'node:worker_threads'
import { mallocSettings } from './mallocSettings.ts'

// Whoever has set one of them knows better.
const isUnset = Object.keys(mallocSettings).every((name) => process.env[name] === undefined)
if (process.platform === 'linux' && isMainThread && isUnset && process.execve) {
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  process.execve(process.execPath, again, { ...process.env, ...mallocSettings })
}
