import os from 'node:os'

/** Nice: 10 of 19 leaves a busy core to the bot's own thread for nine parts in ten. */
const NICE = 10

/**
 * For the beginning of a thread that computes: where cores are short, the thread that acknowledges commands goes first. Linux only,
 * where a thread has a priority of its own; elsewhere it would be that of the whole bot.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    os.setPriority(NICE)
  } catch {
    // Not allowed here, e.g. in a strict container: then all are equal.
  }
}
