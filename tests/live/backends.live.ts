/**
 * npm run test:live: the contract of every backend against the real servers named in the environment. Draws for real: Replicate
 * costs money (some cents). What is not named is skipped loudly.
 */
import path from 'node:path'
import { it } from 'vitest'
import { loadConfig, readEnvironment } from '../../src/config.ts'
import type { BackendDefinition } from '../../src/services/backend.ts'
import auto1111 from '../../src/services/backends/auto1111/index.ts'
import replicate from '../../src/services/backends/replicate/index.ts'
import { createLog } from '../../src/log.ts'
import { createFaceKit } from '../../src/services/faceKit.ts'
import { behavesLikeABackend } from '../contracts/backend.ts'

const config = { ...loadConfig(readEnvironment()), dataDir: path.resolve('data/live') }
const log = createLog({ ...config, logLevel: 'warn' })

/** Only the machine with this number, so that a failure names it. */
function live(name: string, definition: BackendDefinition, index: number): void {
  behavesLikeABackend(name, async () => {
    const machines = await definition.create(config, log, createFaceKit())
    const machine = machines[index]
    for (const other of machines) if (other !== machine) await other.close()
    if (!machine) throw new Error(`${name} is not there`)
    return machine
  })
}

// oxlint-disable vitest/expect-expect -- it only says that nothing was tried
const skip = (name: string, key: string) =>
  it(`${name}: skipped, because ${key} is not set`, (context) => context.skip(`${key} is not set`))

if (config.auto1111Urls.length === 0) skip('AUTOMATIC1111', 'AUTO1111_URLS')
for (const index of config.auto1111Urls.keys()) live(`AUTOMATIC1111 machine ${index + 1}`, auto1111, index)
if (config.replicateApiToken === undefined) skip('Replicate', 'REPLICATE_API_TOKEN')
else live('Replicate', replicate, 0)
