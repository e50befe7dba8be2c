/** Parts of the classroom that need no server. */
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { toKeptAddress, keptAddress, withAddresses } from '../../src/classroom/addresses.ts'
import type { PageState } from '../../src/classroom/clientTypes.ts'
import { safeFilename } from '../../src/classroom/files.ts'
import { createIds, timeOfId } from '../../src/classroom/ids.ts'
import { imageSize } from '../../src/classroom/media.ts'
import { createRouter, route } from '../../src/classroom/rest/router.ts'
import { parseSlash } from '../../src/classroom/slashText.ts'
import { invitedBotPermissions } from '../../src/classroom/permissions.ts'
import { invitePermissions } from '../../src/discord/permissions.ts'

test('ids always grow, also within a millisecond and when the clock goes back', () => {
  let now = Date.UTC(2026, 10, 1)
  const ids = createIds(() => now)
  const given = [ids.next(), ids.next()]
  expect(timeOfId(given[0]!)).toBe(now)
  now -= 5000
  given.push(ids.next())
  ids.after('99999999999999999')
  given.push(ids.next())
  ids.after('1999999999999999999')
  given.push(ids.next())
  const numbers = given.map(BigInt)
  expect(numbers).toEqual(numbers.toSorted((a, b) => (a < b ? -1 : 1)))
  expect(new Set(given).size).toBe(5)
  expect(given[4]).toBe('2000000000000000000')
})

describe('pictures', () => {
  const picture = sharp({ create: { width: 37, height: 21, channels: 3, background: '#a54' } })
  const files: [string, () => Promise<Buffer>][] = [
    ['png', () => picture.clone().png().toBuffer()],
    ['jpeg', () => picture.clone().jpeg().toBuffer()],
    ['gif', () => picture.clone().gif().toBuffer()],
    ['lossy webp', () => picture.clone().webp().toBuffer()],
    ['lossless webp', () => picture.clone().webp({ lossless: true }).toBuffer()],
    ['webp with transparency', () => picture.clone().ensureAlpha(0.5).webp().toBuffer()],
  ]

  test.each(files)('the size of a %s is read from its first bytes', async (_, make) => {
    expect(imageSize(await make())).toEqual({ width: 37, height: 21 })
  })

  test('words and cut files have no size', () => {
    expect(imageSize(Buffer.from('a text that is long enough to be looked at'))).toBeUndefined()
    expect(imageSize(Buffer.from([0xff, 0xd8, 0xff]))).toBeUndefined()
  })
})

test.each([
  ['my picture (1).png', 'my_picture_1.png'],
  ['../../etc/passwd', 'etcpasswd'],
  ['été.png', 'été.png'],
  ['..', 'unknown'],
])('the file name %s is kept as %s', (given, kept) => {
  expect(safeFilename(given)).toBe(kept)
})

test('kept addresses become full ones with a signature, and are known again when they come back', () => {
  const kept = keptAddress('1', '2', 'a b.png')
  const origin = 'http://127.0.0.1:3000'
  const message = withAddresses(
    { url: kept, other: 'https://example.org/x.png' },
    origin,
    Date.UTC(2026, 10, 1, 5),
  )
  expect(message.url).toMatch(
    /^http:\/\/127\.0\.0\.1:3000\/attachments\/1\/2\/a%20b\.png\?ex=[0-9a-f]+&is=[0-9a-f]+&hm=/,
  )
  expect(message.other).toBe('https://example.org/x.png')
  expect(toKeptAddress(message.url, origin)).toBe(kept)
  const later = withAddresses({ url: kept }, origin, Date.UTC(2026, 10, 1, 23))
  expect(later.url).toBe(message.url)
})

test('routes with fewer variables win', () => {
  const handler = () => undefined
  const find = createRouter([route('GET', '/a/:id', handler), route('GET', '/a/@me', handler)])
  expect(find('GET', '/a/@me')?.route.path).toBe('/a/@me')
  expect(find('GET', '/a/7')?.params).toEqual({ id: '7' })
  expect(find('POST', '/a/7')).toBeUndefined()
  expect(find('GET', '/a/7/b')).toBeUndefined()
})

test('the bot of a new class has just the permissions of the invite link', () => {
  expect(invitedBotPermissions).toBe(invitePermissions)
})

describe('a typed command', () => {
  const options = [
    { type: 3, name: 'prompt', description: '' },
    { type: 4, name: 'seed', description: '' },
    { type: 5, name: 'tile', description: '' },
    { type: 6, name: 'who', description: '' },
    { type: 7, name: 'where', description: '' },
    { type: 3, name: 'size', description: '', choices: [{ name: 'Wide', value: '2x1' }] },
  ]
  const word = { type: 3, name: 'word', description: '' }
  const add = { type: 1, name: 'add', description: '', options: [word] }
  const state = {
    guild: { roles: [{ id: '5', name: 'Instructor' }] },
    channels: [{ id: '7', name: 'gallery' }],
    threads: [],
    persons: [{ id: '6', name: 'Ben' }],
    commands: [
      { type: 1, name: 'imagine', options },
      { type: 1, name: 'class', options: [{ type: 2, name: 'words', description: '', options: [add] }] },
    ],
  } as unknown as PageState

  const values = (text: string) =>
    Object.fromEntries((parseSlash(text, state).options ?? []).map(({ name, value }) => [name, value]))

  test('has its values in the types of the options', () => {
    const text = '/imagine prompt:"a \\"red\\" heart: big" seed:7 tile:yes who:@Ben where:#gallery size:wide'
    expect(values(text)).toEqual({
      prompt: 'a "red" heart: big',
      seed: 7,
      tile: true,
      who: '6',
      where: '7',
      size: '2x1',
    })
  })

  test('may begin with words for its first option and without a slash', () => {
    expect(values('imagine a red heart seed:7')).toEqual({ prompt: 'a red heart', seed: 7 })
    expect(values('/imagine a red heart')).toEqual({ prompt: 'a red heart' })
  })

  test('needs no quotes: words belong to the name before them, as one types it in Discord', () => {
    expect(values('/imagine prompt: a red heart seed: 7')).toEqual({ prompt: 'a red heart', seed: 7 })
    expect(values('/imagine prompt:only an echo seed:7')).toEqual({ prompt: 'only an echo', seed: 7 })
    expect(values('/imagine seed:7 a red heart')).toEqual({ prompt: 'a red heart', seed: 7 })
    expect(values('/imagine size: wide a red heart')).toEqual({ prompt: 'a red heart', size: '2x1' })
    const file = { type: 11, name: 'image', description: '' }
    const remix = { type: 1, name: 'remix', options: [file, { type: 3, name: 'prompt', description: '' }] }
    const withFile = { ...state, commands: [remix] } as unknown as PageState
    expect(parseSlash('/remix a lemon', withFile).options).toEqual([
      { name: 'prompt', type: 3, value: 'a lemon' },
    ])
  })

  test('keeps a number that is none for the answer to complain about', () => {
    expect(values('/imagine prompt:x seed:lots')).toEqual({ prompt: 'x', seed: 'lots' })
  })

  test('goes down into subcommands', () => {
    expect(parseSlash('/class words add word:"rude word"', state)).toEqual({
      name: 'class',
      options: [
        {
          name: 'words',
          type: 2,
          options: [{ name: 'add', type: 1, options: [{ name: 'word', type: 3, value: 'rude word' }] }],
        },
      ],
    })
    expect(() => parseSlash('/class words', state)).toThrow('one of these is needed: add')
  })
})
