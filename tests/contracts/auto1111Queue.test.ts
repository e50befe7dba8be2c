/** Two machines behind the real queue. */
import { expect, it } from 'vitest'
import { ben, mei, noor, useStudio } from '../support/studio.ts'
import { useBackend, useFake } from '../support/useAuto1111.ts'

async function useTwo() {
  const fakes = [await useFake({ msPerStep: 5 }), await useFake({ msPerStep: 5 })] as const
  const machines = [
    await useBackend(fakes[0].url, { id: 'auto1111-1' }),
    await useBackend(fakes[1].url, { id: 'auto1111-2' }),
  ]
  return { fakes, studio: await useStudio({ machines }) }
}

it('draws on both machines, one job on each at a time', async () => {
  const { fakes, studio } = await useTwo()
  for (const person of [ben, mei, noor, ben]) await studio.ask(person, 'a lighthouse')
  studio.queue.start()
  await studio.queue.idle()
  for (const fake of fakes) {
    expect(fake.jobs().length).toBeGreaterThan(0)
    expect(fake.engine.waitingAtMost()).toBe(1)
  }
  expect(fakes[0].jobs().length + fakes[1].jobs().length).toBe(4)
})

it('draws a job on the other machine with the same model when its own crashes in the middle', async () => {
  const { fakes, studio } = await useTwo()
  fakes[0].fail({ kind: 'crash', step: 5 })
  const job = await studio.ask(ben, 'a lighthouse', { model: 'sd_xl_base_1.0' })
  studio.queue.start()
  await studio.queue.idle()
  expect(studio.queue.get(job.id)?.state).toBe('done')
  expect(fakes.map((fake) => fake.jobs().length)).toEqual([1, 1])
  expect(studio.gallery.ofJob(job.id)[0]?.recipe).toMatchObject({ model: 'sd_xl_base_1.0', seed: 7 })
})

it('does not load another checkpoint for each picture', async () => {
  const fake = await useFake({ msPerStep: 1 })
  const { ask, queue } = await useStudio({ machines: [await useBackend(fake.url)] })
  const [a, b] = ['v1-5-pruned-emaonly', 'sd_xl_base_1.0']
  const people = [ben, mei, noor, ...['204', '205', '206'].map((id) => ({ id, name: id }))]
  for (const [index, person] of people.entries())
    await ask(person, 'a lighthouse', { model: index % 2 ? b : a })
  queue.start()
  await queue.idle()
  expect(
    fake
      .jobs()
      .map((body) => (body['override_settings'] as { sd_model_checkpoint: string }).sd_model_checkpoint),
  ).toEqual([a, a, a, b, b, b])
})
