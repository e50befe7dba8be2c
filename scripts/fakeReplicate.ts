/**
 * npm run fake:replicate: a stand-in for Replicate on this machine, to try the bot with no account and for nothing.
 *
 * --port N   default 3456
 * --speed N  times are divided by it; default 1
 */
import { parseArgs } from 'node:util'
import { startFakeReplicate } from '../tests/support/fakeReplicate/index.ts'

const { values } = parseArgs({
  options: { port: { type: 'string', default: '3456' }, speed: { type: 'string', default: '1' } },
})
const fake = await startFakeReplicate({
  port: Number(values.port),
  speed: Number(values.speed),
  coldMs: 10_000,
})
process.stdout.write(`A stand-in for Replicate is at ${fake.apiUrl}. Start the bot with:

REPLICATE_API_TOKEN=${fake.token}
REPLICATE_API_URL=${fake.apiUrl}
REPLICATE_FILE_HOSTS=${fake.fileHost}
`)
process.on('SIGINT', () => void fake.close())
