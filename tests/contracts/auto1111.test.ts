import { afterAll } from 'vitest'
import { createLog } from '../../src/log.ts'
import { createAuto1111 } from '../../src/services/backends/auto1111/machine.ts'
import { startFakeAuto1111, type FakeAuto1111, type FakeOptions } from '../support/fakeAuto1111/index.ts'
import { behavesLikeABackend } from './backend.ts'

const log = createLog({ logLevel: 'silent' })
const fakes: FakeAuto1111[] = []
afterAll(() => Promise.all(fakes.map((fake) => fake.close())))

const machines: [string, FakeOptions][] = [
  ['AUTOMATIC1111', {}],
  ['Forge with a password', { program: 'forge', auth: 'bot:p@ss wörd' }],
  ['AUTOMATIC1111 with --nowebui', { noWebUi: true }],
]

for (const [name, options] of machines) {
  behavesLikeABackend(name, async () => {
    const fake = await startFakeAuto1111({ msPerStep: 10, ...options })
    fakes.push(fake)
    return createAuto1111({ id: 'auto1111-1', address: fake.address, log, timing: { pollMs: 5 } })
  })
}
