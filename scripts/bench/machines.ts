/** Stand-ins for AUTOMATIC1111 that all offer the same model. */
import { startFakeAuto1111, type FakeAuto1111 } from '../../tests/support/fakeAuto1111/index.ts'
import { median } from './figures.ts'

export type Machines = {
  /** For AUTO1111_URLS. */
  addresses: string
  model: string
  /** What one needs for a picture without any bot, in ms: the median of a few bare calls. */
  bareMs(steps: number): Promise<number>
  close(): Promise<void>
}

const BARE_CALLS = 3

export async function startMachines(count: number, msPerStep: number): Promise<Machines> {
  const fakes: FakeAuto1111[] = []
  for (let index = 0; index < count; index++) fakes.push(await startFakeAuto1111({ msPerStep }))
  const [first] = fakes
  return {
    addresses: fakes.map(({ address }) => address).join(','),
    model: first?.models[0]?.model_name ?? '',
    async bareMs(steps) {
      const times: number[] = []
      for (let call = 0; call <= BARE_CALLS; call++) {
        const begun = performance.now()
        const answer = await fetch(`${first?.url}/sdapi/v1/txt2img`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ prompt: 'a lighthouse', seed: call, steps, width: 512, height: 512 }),
        })
        await answer.json()
        // The first one also loads what encodes pictures.
        if (call > 0) times.push(performance.now() - begun)
      }
      return median(times)
    },
    async close() {
      for (const fake of fakes) await fake.close()
    },
  }
}
