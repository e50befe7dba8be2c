/**
 * npm run fake:auto1111: a machine that answers as AUTOMATIC1111 does and draws coloured squares, to try the bot with.
 *
 * --port N           default 7860
 * --ms-per-step N    default 100
 * --program NAME     a1111 (default), forge, sdnext or sdcpp
 * --auth USER:PASS   as --api-auth
 * --nowebui          as the flag of that name
 */
import { parseArgs } from 'node:util'
import { startFakeAuto1111, type FakeOptions } from '../tests/support/fakeAuto1111/index.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '7860' },
    'ms-per-step': { type: 'string', default: '100' },
    program: { type: 'string', default: 'a1111' },
    auth: { type: 'string' },
    nowebui: { type: 'boolean', default: false },
  },
})
const fake = await startFakeAuto1111({
  port: Number(values.port),
  msPerStep: Number(values['ms-per-step']),
  program: values.program as NonNullable<FakeOptions['program']>,
  noWebUi: values.nowebui,
  ...(values.auth === undefined ? {} : { auth: values.auth }),
})
process.stdout.write(`A stand-in for AUTOMATIC1111 (${values.program}): AUTO1111_URLS=${fake.address}\n`)
