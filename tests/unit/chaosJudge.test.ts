/** The judge of `npm run chaos` sees what it is there to see. */
import { ComponentType, type APIMessage } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import type { LiveEvent } from '../../src/classroom/client.ts'
import { colours } from '../../src/discord/render/blocks.ts'
import type { Command, Log } from '../../scripts/chaos/crowd.ts'
import { judge } from '../../scripts/chaos/judge.ts'

const STUDIO = '100000000000000001'
const THREAD = '100000000000000002'

const command = (tag: string, given: Partial<Command> = {}): Command => ({
  tag,
  personId: '200000000000000001',
  model: 'emoji',
  sentAt: 0,
  interaction: `3${tag}`,
  state: 'deferred',
  ...given,
})

type Given = {
  channel?: string
  of?: string
  words?: string
  picture?: string
  isOpen?: boolean
  isError?: boolean
}

function message(
  id: string,
  { channel = STUDIO, of, words = '', picture, isOpen, isError }: Given,
): LiveEvent {
  const media = { url: `http://x/attachments/picture-${picture}.png` }
  const shown = {
    id,
    channel_id: channel,
    content: words,
    embeds: [],
    attachments: [],
    flags: isOpen ? 128 : 0,
    components: [
      {
        type: ComponentType.Container,
        accent_color: isError ? colours.error : colours.picture,
        components: picture === undefined ? [] : [{ type: ComponentType.MediaGallery, items: [{ media }] }],
      },
    ],
    ...(of === undefined ? {} : { interaction_metadata: { id: of } }),
  }
  return { type: 'message-create', message: shown as unknown as APIMessage }
}

const log = (commands: Command[], events: LiveEvent[]): Log => ({
  commands,
  seen: events.map((event, at) => ({ at, personId: '1', event })),
  galleryThreads: new Map([[THREAD, 'Gallery 2026-11-25']]),
})

const result = message('1', { of: '3c1', words: 'c1', picture: 'aaa' })
const entry = message('2', { channel: THREAD, words: 'c1', picture: 'aaa' })

test('one result and one copy in the gallery are right', () => {
  const { broken, open, results } = judge(log([command('c1')], [result, entry]))
  expect({ broken, open, results }).toEqual({ broken: [], open: [], results: 1 })
})

test.each<[string, LiveEvent[], RegExp]>([
  ['a second result', [result, entry, message('3', { words: 'c1', picture: 'aaa' })], /more than once/],
  ['a result and an error', [result, entry, message('3', { of: '3c1', isError: true })], /more than once/],
  ['a late error for nothing', [result, entry, message('3', { isError: true })], /an error too many/],
  ['a second copy', [result, entry, message('3', { channel: THREAD, picture: 'aaa' })], /gallery 2 times/],
  ['no copy', [result], /missing in the gallery/],
  ['a copy of nothing', [message('2', { channel: THREAD, picture: 'bbb' })], /never delivered/],
  ['no end', [message('1', { of: '3c1', words: 'c1' })], /no end/],
  ['a hanging message', [result, entry, message('3', { of: '3c1', isOpen: true })], /left hanging/],
])('it sees %s', (_, events, expected) => {
  const { broken, open } = judge(log([command('c1')], events))
  expect([...broken, ...open].join('\n')).toMatch(expected)
})

test('a message that was taken away does not hang', () => {
  const deleted: LiveEvent = { type: 'message-delete', message: { id: '3', channel_id: STUDIO } }
  const { open } = judge(
    log([command('c1')], [result, entry, message('3', { of: '3c1', isOpen: true }), deleted]),
  )
  expect(open).toEqual([])
})

test('what was never acknowledged may have no end, but not two', () => {
  const never = command('c1', { state: 'failed' })
  expect(judge(log([never], [])).open).toEqual([])
  expect(judge(log([never], [result, message('3', { words: 'c1', picture: 'bbb' })])).broken).toHaveLength(1)
})

test('it sees who is never served', () => {
  const others = Array.from({ length: 30 }, (_, index) =>
    command(`d${index}x`, { personId: '200000000000000002', sentAt: 1 + index }),
  )
  const ends = others.map(({ tag }, index) =>
    message(String(10 + index), { of: `3${tag}`, words: tag, picture: `p${index}` }),
  )
  const last = message('99', { of: '3c1', words: 'c1', picture: 'last' })
  const { broken } = judge(log([command('c1'), ...others], [...ends, last]))
  expect(broken.join('\n')).toMatch(/c1: \d+ jobs of others came first/)
})
