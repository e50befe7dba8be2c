/** Threads that compute stand back where cores are short. */
import { readdir, readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { startThread } from '../../src/services/thread.ts'

/** The nice value of every thread of this process. */
async function niceValues(): Promise<number[]> {
  const threads = await readdir('/proc/self/task')
  const stats = await Promise.all(
    threads.map((id) => readFile(`/proc/self/task/${id}/stat`, 'utf8').catch(() => '')),
  )
  // proc(5): the 19th field; the second one is a name in brackets that may hold spaces.
  return stats.filter((stat) => stat !== '').map((stat) => Number(stat.split(') ').at(-1)?.split(' ')[16]))
}

it.runIf(process.platform === 'linux')(
  'only the thread that computes gets a lower priority, not the whole bot',
  async () => {
    const before = Math.max(...(await niceValues()))
    const thread = startThread<unknown, unknown, unknown>({
      file: new URL('../../src/services/faces/worker.ts', import.meta.url),
      isEager: true,
      toError: () => new Error('failed'),
      toGone: (how) => new Error(how),
    })
    await expect.poll(niceValues, { timeout: 10_000 }).toContain(10)
    expect(before).toBeLessThan(10)
    expect((await niceValues()).filter((nice) => nice === before).length).toBeGreaterThan(1)
    await thread.close()
  },
)
