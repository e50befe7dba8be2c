import { DiscordAPIError } from 'discord.js'
import { expect, it } from 'vitest'
import { createLog } from '../../src/log.ts'

const TOKEN = 'aW50ZXJhY3Rpb246Q0FOQVJZ-interaction-canary'
const WORDS = 'a secret garden with a canary'
const BOT_TOKEN = 'made-up-bot-token-canary'

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = ''
  const log = createLog(
    { logLevel: 'trace', discordToken: BOT_TOKEN },
    { write: (line) => void (text += line) },
  )
  write(log)
  for (const line of text.trim().split('\n')) JSON.parse(line)
  return text
}

/** What discord.js throws when an answer to a command is refused. */
function discordError(): DiscordAPIError {
  const body = { files: [], body: { content: WORDS } }
  const url = `https://discord.com/api/v10/webhooks/120/${TOKEN}/messages/@original`
  const raw = { code: 50_035, message: 'Invalid Form Body' }
  return new DiscordAPIError(raw, 50_035, 400, 'PATCH', url, body)
}

it('prints neither tokens nor words of a Discord error, but its code and route', () => {
  const text = logged((log) => {
    const error = discordError()
    log.error(error)
    log.error({ err: error }, 'could not answer')
    log.error({ reason: error, nested: [{ error }] })
    log.error({ err: new Error('outer', { cause: error }) })
    log.child({ error }).warn('from a child')
  })
  expect(text).not.toContain('canary')
  expect(text).toContain('50035')
  expect(text).toContain('/webhooks/120/[hidden]/messages/@original')
})

it('hides tokens and prompts by the name of their key, however deep', () => {
  const recipe = { model: 'emoji', prompt: WORDS, negativePrompt: WORDS }
  const text = logged((log) => {
    log.info({ prompt: WORDS, interactionToken: TOKEN, job: { request: recipe, origin: { token: TOKEN } } })
    log.info({ rawError: { words: WORDS }, requestBody: { json: WORDS }, negative: WORDS })
    log.child({ prompt: WORDS, interaction_token: TOKEN }).info('from a child')
    log.child({ job: { request: recipe } }).info('from a child')
    log
      .child({ part: 'a' })
      .child({ requestBody: { json: WORDS } })
      .info('from a grandchild')
    log.info({ deep: { a: { b: { c: { d: { e: { f: { prompt: WORDS } } } } } } } })
  })
  expect(text).not.toContain('canary')
  expect(text).toContain('emoji')
})

it('hides tokens inside sentences and addresses', () => {
  const realistic = `${'M'.repeat(26)}.${'G'.repeat(6)}.${'x'.repeat(38)}`
  const text = logged((log) => {
    log.info(`POST /interactions/130/${TOKEN}/callback took long`)
    log.info(`logging in as ${BOT_TOKEN}`)
    log.info({ url: 'http://ida:canary@lab-pc:7860' }, `not ${realistic}`)
  })
  expect(text).not.toContain('canary')
  expect(text).not.toContain(realistic)
  expect(text).toContain('/interactions/130/[hidden]/callback took long')
})

it('hides the key of Replicate, whether it looks like one or not', () => {
  let text = ''
  const log = createLog(
    { logLevel: 'trace', replicateApiToken: 'made-up-key-canary' },
    { write: (line) => void (text += line) },
  )
  log.info({ headers: { Cookie: 'made-up-key-canary' } }, 'Bearer made-up-key-canary')
  log.error({ err: new Error('r8_CanaryCanaryCanaryCanaryCanaryCanary was refused') })
  expect(text).not.toMatch(/canary/i)
  expect(text).toContain('was refused')
})

it('keeps what helps: message, stack, cause and kind', () => {
  const text = logged((log) => {
    const cause = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' })
    log.warn({ err: Object.assign(new Error('no answer', { cause }), { kind: 'unavailable' }) })
  })
  expect(JSON.parse(text)).toMatchObject({
    level: 'warn',
    err: {
      message: 'no answer',
      kind: 'unavailable',
      stack: expect.stringContaining('log.test.ts') as string,
      cause: { message: 'connect refused', code: 'ECONNREFUSED' },
    },
  })
})
