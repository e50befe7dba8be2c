/** The program as it is started: what it prints, how it ends. */
import { readdir, readFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { connectPerson, mediaOf } from '../../src/classroom/client.ts'
import { exits } from '../../src/discord/exitCodes.ts'
import { startDarkroom } from '../support/darkroom.ts'
import { runCommand, runProgram } from '../support/program.ts'
import { temporaryFolder } from '../support/studio.ts'

test('a wrong setting ends the program with a readable text and its exit code', async () => {
  const { said, ended } = runProgram('src/main.ts', [], { PORT: 'many', DATA_DIR: await temporaryFolder() })
  expect(await ended).toBe(exits.config.code)
  expect(said.err).toContain('PORT')
  expect(said.err).not.toMatch(/\n\s+at /)
})

test('a wrong token ends the program with one sentence and its exit code', async () => {
  const darkroom = await startDarkroom({ setUp: false })
  onTestFinished(() => darkroom.close())
  const { said, ended } = runProgram('src/main.ts', [], {
    DATA_DIR: await temporaryFolder(),
    DISCORD_TOKEN: 'a-wrong-token',
    DISCORD_API_URL: darkroom.classroom.apiUrl,
  })
  expect(await ended).toBe(exits['wrong-token'].code)
  expect(said.err.trim()).toBe(exits['wrong-token'].sentence)
})

test('without a token the classroom opens with a finished example, and a signal ends it in good order', async () => {
  const { child, said, ended } = runProgram('src/main.ts', [], {
    DATA_DIR: await temporaryFolder(),
    PORT: '0',
  })
  const address = () => /http:\/\/127\.0\.0\.1:\d+/.exec(said.out)?.[0]
  await expect.poll(address, { timeout: 20_000 }).toBeDefined()
  const noor = await connectPerson(address() ?? '', 'Noor')
  const shown = async () => (await noor.messages('studio')).map((message) => mediaOf(message).length)
  await expect.poll(shown, { timeout: 25_000, interval: 200 }).toEqual([1, 3])
  await noor.close()
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(said.err).toBe('')
}, 60_000)

test('the words of npm start open it too; on Linux in one process, which gives memory back', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: { start: string } }
  const [node, ...words] = scripts.start.split(' ')
  expect(node).toBe('node')
  const env = { DATA_DIR: await temporaryFolder(), PORT: '0' }
  const { child, said, ended } = runCommand([process.execPath, ...words], env)
  await expect.poll(() => said.out, { timeout: 20_000 }).toContain('http://127.0.0.1:')
  const seen = (file: string) =>
    process.platform === 'linux' ? readFile(`/proc/${child.pid}/${file}`, 'utf8') : undefined
  expect((await seen('environ'))?.includes('MALLOC_ARENA_MAX=1')).not.toBe(false)
  expect((await seen('cmdline'))?.includes('src/main.ts')).not.toBe(false)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(said.err).toBe('')
}, 60_000)

test('npm run slash prints the messages as JSON and leaves picture, filmstrip, chart and animation', async () => {
  const out = await temporaryFolder()
  const command = ['imagine', 'prompt:a red heart', 'seed:7', 'steps:4']
  const options = ['--press', 'How was this made?', '--out', out, '--data', await temporaryFolder()]
  const { said, ended } = runProgram('scripts/slash.ts', [...command, ...options])
  expect(await ended).toBe(0)
  const report = JSON.parse(said.out) as { ok: boolean; messages: { channel: string; ephemeral: boolean }[] }
  expect(report.ok).toBe(true)
  expect(report.messages.filter(({ ephemeral }) => ephemeral).length).toBe(1)
  expect(report.messages.some(({ channel }) => channel.startsWith('Gallery '))).toBe(true)
  const kinds = (await readdir(out)).map((file) => file.replace(/-.*\./, '.'))
  expect(kinds.sort()).toEqual(['chart.png', 'development.gif', 'filmstrip.png', 'picture.png'])
}, 60_000)

test('npm run slash exits 1 with a sentence that names the limit', async () => {
  const { said, ended } = runProgram('scripts/slash.ts', [
    '/imagine prompt:"x" steps:9999',
    '--data',
    await temporaryFolder(),
  ])
  expect(await ended).toBe(1)
  const report = JSON.parse(said.out) as { ok: boolean; messages: { text: string }[] }
  expect(report.ok).toBe(false)
  expect(report.messages.at(-1)?.text).toMatch(/steps.* \d+.*9999/)
})

test('a second bot on the same data folder says so and ends; the first one goes on', async () => {
  const env = { DATA_DIR: await temporaryFolder(), PORT: '0' }
  const first = runProgram('src/main.ts', [], env)
  const address = () => /http:\/\/127\.0\.0\.1:\d+/.exec(first.said.out)?.[0]
  await expect.poll(address, { timeout: 20_000 }).toBeDefined()
  const second = runProgram('src/main.ts', [], env)
  expect(await second.ended).toBe(exits.config.code)
  expect(second.said.err.trim()).toBe(
    `Another Darkroom is already using the folder ${env.DATA_DIR}; stop it, or give this one its own DATA_DIR.`,
  )
  const ben = await connectPerson(address() ?? '', 'Ben')
  const sent = await ben.slash('/status')
  expect((await sent.answer()).state).not.toBe('failed')
  await ben.close()
  first.child.kill('SIGTERM')
  expect(await first.ended).toBe(0)
}, 60_000)
