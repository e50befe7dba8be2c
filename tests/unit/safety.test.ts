import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import type { ImageRequest } from '../../src/domain.ts'
import { createSafety } from '../../src/services/safety.ts'
import { createSettings } from '../../src/services/settings.ts'
import { plainModel } from '../support/memoryBackend.ts'
import { temporaryFolder } from '../support/studio.ts'

const request = (prompt: string, negativePrompt = '', cfgScale = 5): ImageRequest => ({
  model: plainModel.id,
  prompt,
  negativePrompt,
  seed: 7,
  steps: 20,
  cfgScale,
  sampler: 'Euler',
  scheduler: 'Karras',
  width: 64,
  height: 64,
  count: 1,
})

const noSettings = { guild: () => Promise.resolve({ blockedWords: [], allowedWords: [] }) }
const safety = await createSafety({ settings: noSettings })

const isRefused = (prompt: string, ...rest: [string?, number?]) =>
  safety.check(request(prompt, ...rest)).then(
    () => false,
    () => true,
  )

it.each([
  'a nude man',
  'NUDES',
  'a n u d e man',
  'n.u.d.e',
  'n-u_d e',
  'nu-de',
  'nüdé',
  'nuuuude',
  'nud3',
  's3x',
  'p0rn',
  'рorn with a Cyrillic p',
  'n\u200Bude',
  'ｎｕｄｅ',
  '(nude:1.3)',
  'self-harm',
  'selfharm',
  'Heil  Hitler!',
  'a swa$tika',
  'number 1488',
])('refuses %j', async (prompt) => {
  expect(await isRefused(prompt)).toBe(true)
})

it.each([
  'a red heart',
  'the town of Scunthorpe in Essex and Sussex',
  'a cocktail for a classic Shakespeare assassin',
  'grapes, drapes, therapist, analysis, peacock, Dickens, spices',
  'two great tits on a branch',
  'a swimming child',
  'a child in a garden, a teenager reading',
  'a 5 s b 8 0 0 8',
  'the number 8008 and 5318008',
  'sous-vide, e.g. 3 x 5',
  'gorgeous Gore­ville', // a soft hyphen inside a name
  'голова и рот, ça va',
])('lets %j pass', async (prompt) => {
  expect(await isRefused(prompt)).toBe(false)
})

it('answers kindly and does not repeat the word', async () => {
  const refusal = await safety.check(request('a nude swastika')).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ name: 'UserError', code: 'content-refused' })
  expect(String(refusal)).toContain('please say it in another way')
  expect(String(refusal)).not.toMatch(/nude|swastika/)
})

it('looks at the negative prompt too, because it is shown under the picture', async () => {
  expect(await isRefused('a portrait', 'nude, gore')).toBe(true)
  expect(await isRefused('a portrait', 'blurry, extra fingers')).toBe(false)
})

it('comes to an end over a prompt of one letter, whatever word is on the list', async () => {
  const settings = createSettings(path.join(await temporaryFolder(), 'settings.db'))
  const local = await createSafety({ settings })
  await settings.update('100', { blockedWords: ['xxxxxx', 'boooooo'] })
  for (const prompt of [`${'x'.repeat(499)}q`, `b${'o'.repeat(498)}q`, `${'k'.repeat(499)}q`])
    expect(await local.refuses(prompt, '100')).toBe(false)
  expect(await local.refuses('a xxxxxxxxx', '100')).toBe(true)
  await settings.close()
})

it('takes what an instructor adds as words, not as the syntax of the list', async () => {
  const settings = createSettings(path.join(await temporaryFolder(), 'settings.db'))
  const local = await createSafety({ settings })
  await settings.update('100', { blockedWords: ['rock + roll'] })
  expect(await local.refuses('rock and then a roll', '100')).toBe(false)
  expect(await local.refuses('rock roll', '100')).toBe(true)
  await settings.close()
})

it('gives back the request as it was, and not to be changed any more', async () => {
  const asked = request('a red heart')
  const checked = await safety.check(asked)
  expect(checked).toEqual(asked)
  expect(Object.isFrozen(checked)).toBe(true)
})

it('lets instructors add and allow words for their server, but not minors in a sexual context', async () => {
  const settings = createSettings(path.join(await temporaryFolder(), 'settings.db'))
  const local = await createSafety({ settings })
  await settings.update('100', { blockedWords: ['Clown', '猫', '...'], allowedWords: ['Nude', 'naked'] })
  const refused = 'content-refused'
  await expect(local.check(request('two clowns'), '100')).rejects.toMatchObject({ code: refused })
  await expect(local.check(request('かわいい猫の絵'), '100')).rejects.toMatchObject({ code: refused })
  await local.check(request('two clowns'), '101')
  await local.check(request('a nude in charcoal'), '100')
  await expect(local.check(request('a nude in charcoal'), '101')).rejects.toMatchObject({ code: refused })
  await expect(local.check(request('a nude child'), '100')).rejects.toMatchObject({ code: refused })
  await settings.close()
})

const vocabulary = 'data/models/emoji/vocab.json'
it.skipIf(!existsSync(vocabulary))('lets nearly every word pass that the embedded model knows', async () => {
  const words = readFileSync(vocabulary, 'utf8').match(/\p{L}{3,}/gu) ?? []
  const refused: string[] = []
  for (const word of new Set(words)) if (await isRefused(word)) refused.push(word)
  expect(refused.filter((word) => word !== 'sexy')).toEqual([])
})
