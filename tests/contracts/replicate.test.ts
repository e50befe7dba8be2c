/** Replicate as every backend must behave, over real HTTP against a stand-in on loopback. */
import { afterAll, beforeAll } from 'vitest'
import { createLog } from '../../src/log.ts'
import { readModels } from '../../src/services/backends/replicate/registry.ts'
import { createReplicate } from '../../src/services/backends/replicate/replicate.ts'
import { startFakeReplicate, type FakeReplicate } from '../support/fakeReplicate/index.ts'
import { behavesLikeABackend } from './backend.ts'

let fake: FakeReplicate
beforeAll(async () => void (fake = await startFakeReplicate({ predictMs: 150 })))
afterAll(() => fake.close())

behavesLikeABackend('Replicate', async () => {
  return await createReplicate({
    token: fake.token,
    apiUrl: fake.apiUrl,
    fileHosts: [fake.fileHost],
    models: await readModels('data/models'),
    jobTimeoutSeconds: 60,
    log: createLog({ logLevel: 'silent' }),
    timing: { pollMs: 20, maxPollMs: 20, settleMs: 20, jitterMs: 1 },
  })
})
