/** Two machines that answer as AUTOMATIC1111 does until they are told to go wrong, each at an address that stays. */
import { startFakeAuto1111, type FakeAuto1111 } from '../../tests/support/fakeAuto1111/index.ts'
import type { MachineFault } from './steps.ts'

export type Machine = {
  address: string
  /** The model that both offer. */
  model: string
  goWrong(fault: MachineFault): Promise<void>
  /** Started anew, as by somebody who came to look. */
  heal(): Promise<void>
  close(): Promise<void>
}

const MS_PER_STEP = 40

export async function startMachine(): Promise<Machine> {
  let fake: FakeAuto1111 = await startFakeAuto1111({ msPerStep: MS_PER_STEP })
  const { address } = fake
  const port = Number(new URL(fake.url).port)
  let isBroken = false
  let change: Promise<void> = Promise.resolve()

  async function restart(): Promise<void> {
    if (!isBroken) return
    isBroken = false
    await fake.close()
    fake = await startFakeAuto1111({ msPerStep: MS_PER_STEP, port })
  }

  const does: Record<MachineFault, () => void | Promise<void>> = {
    'out of memory': () =>
      fake.fail({ kind: 'raise', error: 'OutOfMemoryError', message: 'CUDA out of memory', step: 1 }),
    fails: () => fake.fail({ kind: 'raise', error: 'RuntimeError', message: 'something', step: 1 }),
    garbage: () => fake.fail({ kind: 'answer', body: '{"images": ["bm90IGEgcGljdHVyZQ=="], "info": 7' }),
    'bad gateway': () => fake.fail({ kind: 'answer', body: '<html>502</html>', status: 502 }),
    'black picture': () => fake.fail({ kind: 'black' }),
    'dies in the middle': () => fake.fail({ kind: 'crash', step: 1 }),
    'hangs in the middle': () => fake.fail({ kind: 'hang', step: 1 }),
    'refuses connections': () => fake.close(),
    'answers nothing': () => fake.hang(),
    'lies about progress': () => {
      // Backwards, beyond the end, and no number at all.
      const lies = [0.9, 0.1, 17, -3, Number.NaN]
      let told = 0
      fake.engine.progress = () => lies[told++ % lies.length] ?? 0
    },
  }
  /** One change after another: a machine cannot be started while it is being stopped. */
  function inTurn(work: () => void | Promise<void>): Promise<void> {
    change = change.then(work)
    return change
  }

  return {
    address,
    model: fake.models[0]?.model_name ?? '',
    goWrong: (fault) =>
      inTurn(async () => {
        isBroken = true
        await does[fault]()
      }),
    heal: () => inTurn(restart),
    close: () => inTurn(() => fake.close()),
  }
}
