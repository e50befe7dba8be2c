/** From starting `npm start`'s program to the printed address of the page. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { repeated, seconds, type Part } from './figures.ts'
import type { Run } from './part.ts'

export async function benchStart({ folder, amount }: Run): Promise<Part> {
  const times: number[] = []
  for (let run = 0; run < amount(3, 1); run++) times.push(await startOnce(path.join(folder, `run${run}`)))
  const how = `npm start without a token, new data folder, median of ${times.length}`
  return { rows: [repeated('start to the page address', times, how, { show: seconds })] }
}

async function startOnce(dataDir: string): Promise<number> {
  const begun = performance.now()
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: { ...process.env, DISCORD_TOKEN: '', DATA_DIR: dataDir, PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let printed = ''
  for await (const chunk of child.stdout) {
    printed += String(chunk)
    if (/http:\/\/127\.0\.0\.1:\d+/.test(printed)) break
  }
  const took = performance.now() - begun
  child.kill('SIGTERM')
  await once(child, 'exit')
  return took
}
