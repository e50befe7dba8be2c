/**
 * The program on a disk that is really full: a file system of 4 MB in memory, which only this process and its children see. Where
 * the system does not allow that (not Linux, or no user namespaces), the test says that it skipped.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { open, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connectPerson, mediaOf, textOf } from '../../src/classroom/client.ts'
import { startClassroom } from '../../src/classroom/index.ts'
import { diskFullSentence } from '../../src/diskRoom.ts'
import { inClassroom, runCommand } from '../support/program.ts'
import { temporaryFolder } from '../support/studio.ts'

const MOUNT = 'mount -t tmpfs -o size=4m none "$DATA_DIR"'

/** Takes what room there is, to the last byte. */
async function fill(file: string): Promise<void> {
  const handle = await open(file, 'w')
  try {
    for (let size = 1 << 20; size > 0; size >>= 1) {
      const block = Buffer.alloc(size, 1)
      while ((await handle.write(block).catch(() => ({ bytesWritten: 0 }))).bytesWritten === size);
    }
  } finally {
    await handle.close()
  }
}

/** Runs the shell words in $THEN on a disk of its own. */
const OWN_DISK = ['sh', '-c', `exec unshare -rm sh -c '${MOUNT} && eval "$THEN"'`] as const

const isAllowed = spawnSync('sh', OWN_DISK.slice(1), {
  env: { ...process.env, DATA_DIR: '/tmp', THEN: 'true' },
})

test.skipIf(isAllowed.status !== 0)(
  'while the disk is full people read one sentence, and the bot goes on when there is room, also its log',
  async () => {
    const folder = await temporaryFolder()
    const classroom = await startClassroom({ port: 0, dataDir: await temporaryFolder() })
    onTestFinished(() => classroom.close())
    // The log lies on the same disk.
    const then = `exec "${process.execPath}" src/main.ts > "$DATA_DIR/log"`
    const program = runCommand(OWN_DISK, {
      THEN: then,
      ...inClassroom(classroom),
      DATA_DIR: folder,
      LOG_LEVEL: 'info',
    })
    /** The folder as the program sees it. */
    const disk = `/proc/${program.child.pid}/root${folder}`
    const ben = await connectPerson(classroom.url, 'Ben')
    onTestFinished(() => ben.close())
    const texts = async () => (await ben.messages('studio')).map((message) => textOf(message)).join('\n')
    const pictures = async () => (await ben.messages('studio')).flatMap((message) => mediaOf(message)).length
    await expect.poll(() => existsSync(path.join(disk, 'log')), { timeout: 20_000 }).toBe(true)
    const commands = async () => (await ben.state()).commands.length
    await expect.poll(commands, { timeout: 20_000 }).toBeGreaterThan(0)
    const draw = async () => (await ben.slash('/imagine prompt:"a red heart" steps:2')).answer()
    await expect.poll(() => draw().then(({ state }) => state), { timeout: 20_000 }).not.toBe('failed')
    await expect.poll(pictures, { timeout: 20_000 }).toBe(1)

    await fill(path.join(disk, 'filler'))
    await expect
      .poll(async () => (await draw(), await texts()), { timeout: 20_000, interval: 500 })
      .toContain(diskFullSentence)
    expect(program.child.exitCode).toBeNull()

    await rm(path.join(disk, 'filler'))
    // Whatever was accepted before the last page was used comes now, and new things are accepted.
    const before = await pictures()
    await draw()
    await expect.poll(pictures, { timeout: 30_000, interval: 300 }).toBeGreaterThan(before)
    const hanging = async () =>
      (await ben.messages('studio')).filter(
        (message) => mediaOf(message).length === 0 && !textOf(message).includes(diskFullSentence),
      )
    await expect
      .poll(async () => (await hanging()).map(textOf), { timeout: 40_000, interval: 300 })
      .toEqual([])
    expect(await readFile(path.join(disk, 'log'), 'utf8')).toContain('the disk is full')
    program.child.kill('SIGTERM')
    expect(await program.ended).toBe(0)
    expect(program.said.err).toBe('')
  },
  120_000,
)
