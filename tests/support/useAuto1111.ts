/** A fake machine and the backend that draws on it, both gone after the test. */
import { onTestFinished } from 'vitest'
import { createLog } from '../../src/log.ts'
import { createAuto1111, type MachineOptions } from '../../src/services/backends/auto1111/machine.ts'
import { startFakeAuto1111, type FakeOptions } from './fakeAuto1111/index.ts'

/** Faster than for a real machine. */
const quick = {
  timing: { pollMs: 5 },
  pauses: { firstRetryMs: 20, longestRetryMs: 50 },
  firstLookMs: 2000,
}

export async function useFake(options: FakeOptions = {}) {
  const fake = await startFakeAuto1111(options)
  onTestFinished(() => fake.close())
  return fake
}

export async function useBackend(address: string, options: Partial<MachineOptions> = {}) {
  const log = createLog({ logLevel: 'silent' })
  const backend = await createAuto1111({ id: 'auto1111-1', address, log, ...quick, ...options })
  onTestFinished(() => backend.close())
  return backend
}

export async function useMachine(options: FakeOptions = {}, changes: Partial<MachineOptions> = {}) {
  const fake = await useFake(options)
  return { fake, backend: await useBackend(fake.address, changes) }
}
