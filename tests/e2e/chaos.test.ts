/** A short run of `npm run chaos` with a fixed seed: kills, faults and a full disk, and every promise is kept. */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makePlan } from '../../scripts/chaos/plan.ts'
import { runChaos } from '../../scripts/chaos/run.ts'
import type { Step } from '../../scripts/chaos/steps.ts'

const SEED = 12
const LASTS_MS = 8000

const ask = { do: 'ask', on: 'embedded', steps: 2, count: 1, seed: 1 } as const

/** It dies while a remix says "thinking" and is no job yet, and while somebody deletes a picture. */
const first: Step[] = [
  { at: 0, do: 'crash point', route: 'acknowledge', when: 'after', downFor: 0 },
  { ...ask, at: 100, person: 'Mei', tag: 'c9999', how: 'remix' },
  { ...ask, at: 3500, person: 'Ben', tag: 'c9998', how: 'imagine', deleteAfter: 0 },
  { at: 3500, do: 'crash point', route: 'remove', when: 'after', downFor: 0 },
  { ...ask, at: 3600, person: 'Ida', tag: 'c9997', how: 'experiment' },
  { ...ask, at: 3700, person: 'Noor', tag: 'c9996', how: 'imagine', on: 'shop' },
  { ...ask, at: 3800, person: 'Mei', tag: 'c9995', how: 'swapface', faces: ['Ada', 'Greta'] },
]

test('a class that is disturbed in every way gets all that it was promised, once', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'darkroom-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const plan = makePlan(SEED, LASTS_MS)
  const steps = [...first, ...plan.steps]
  const { broken, verdict, starts } = await runChaos({ ...plan, steps }, folder, () => undefined)
  expect(broken).toEqual([])
  // The plan did disturb something, and people did get pictures.
  expect(starts).toBeGreaterThan(1)
  expect(verdict.results).toBeGreaterThan(0)
}, 240_000)

test('the same seed makes the same plan, another one another', () => {
  expect(makePlan(7, 60_000)).toEqual(makePlan(7, 60_000))
  expect(makePlan(7, 60_000)).not.toEqual(makePlan(8, 60_000))
})
