/** The judge of `npm run chaos` sees what it is there to see. */
import { ComponentType, type APIMessage } from 'discord-api-types/v10'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { LiveEvent } from '../../src/classroom/client.ts'
import { colours } from '../../src/discord/render/blocks.ts'

import { createInterference } from '../../scripts/chaos/interference.ts'
import { judge } from '../../scripts/chaos/judge.ts'
import { noteOutages } from '../../scripts/chaos/outages.ts'
import { report } from '../../scripts/chaos/report.ts'
import { createLog, type Command, type Log, type Outage, type Purchase } from '../../scripts/chaos/log.ts'

const STUDIO = '100000000000000001'
const THREAD = '100000000000000002'

const command = (tag: string, given: Partial<Command> = {}): Command => ({
  tag,
  says: tag,
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
  isPrivate?: boolean
  /** With a button to cancel. */
  isJob?: boolean
}

function message(
  id: string,
  { channel = STUDIO, of, words = '', picture, isOpen, isError, isPrivate, isJob }: Given,
): LiveEvent {
  const button = { type: ComponentType.Button, custom_id: 'cancel:job' }
  const media = { url: `http://x/attachments/picture-${picture}.png` }
  const shown = {
    id,
    channel_id: channel,
    content: words,
    embeds: [],
    attachments: [],
    flags: isPrivate ? 64 : isOpen ? 128 : 0,
    components: [
      {
        type: ComponentType.Container,
        accent_color: isError ? colours.error : colours.picture,
        components: picture === undefined ? [] : [{ type: ComponentType.MediaGallery, items: [{ media }] }],
      },
      ...(isJob ? [{ type: ComponentType.ActionRow, components: [button] }] : []),
    ],
    ...(of === undefined ? {} : { interaction_metadata: { id: of } }),
  }
  return { type: 'message-create', message: shown as unknown as APIMessage }
}

/** One event a second. */
const log = (commands: Command[], events: LiveEvent[], more: Partial<Log> = {}): Log => ({
  ...createLog(),
  commands,
  seen: events.map((event, second) => ({ at: 1000 * second, personId: '1', event })),
  galleryThreads: new Map([[THREAD, 'Gallery 2026-11-25']]),
  ...more,
})

const gone = (id: string, channel = STUDIO): LiveEvent => ({
  type: 'message-delete',
  message: { id, channel_id: channel },
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
  const hanging = message('3', { of: '3c1', isOpen: true })
  const { open } = judge(log([command('c1')], [result, entry, hanging, gone('3')]))
  expect(open).toEqual([])
})

test('what was never acknowledged may have no end, but not two', () => {
  const never = command('c1', { state: 'failed' })
  expect(judge(log([never], [])).open).toEqual([])
  expect(judge(log([never], [result, message('3', { words: 'c1', picture: 'bbb' })])).broken).toHaveLength(1)
})

test('an experiment ends in one contact sheet, a swap in one picture of these two faces', () => {
  const swap = command('c2', { says: 'the face of Ada on Bruno' })
  const swapped = message('3', { words: 'the face of Ada on Bruno', picture: 'bbb' })
  const hung = message('4', { channel: THREAD, picture: 'bbb' })
  const commands = [command('c1'), swap]
  expect(judge(log(commands, [result, entry, swapped, hung]))).toMatchObject({ broken: [], open: [] })
  const twice = [
    message('5', { of: '3c1', words: 'c1', picture: 'ccc' }),
    message('6', { of: '3c2', isError: true }),
  ]
  expect(judge(log(commands, [result, entry, swapped, hung, ...twice])).broken).toEqual([
    'c1: ended more than once (2 results, 0 errors, 0 cancelled)',
    'c2: ended more than once (1 results, 1 errors, 0 cancelled)',
  ])
  const other = message('3', { words: 'the face of Ada on Chiyo', picture: 'bbb' })
  expect(judge(log([swap], [other])).open).toContain('c2: accepted, but has no end')
})

describe('what was deleted', () => {
  const deletions = [{ tag: 'c1', presses: ['press'], isMeant: true }]
  const told = (words: string) => message('9', { of: 'press', words, isPrivate: true })
  const said = told('Deleted, here and in the gallery.')
  const quiet = Array.from({ length: 20 }, (_, index) => message(String(100 + index), {}))
  const broken = (events: LiveEvent[], given = deletions) =>
    judge(log([command('c1')], events, { deletions: given })).broken.join('\n')

  test('is gone, and need not hang in the gallery', () => {
    const verdict = judge(log([command('c1')], [result, said, gone('1')], { deletions }))
    expect(verdict).toMatchObject({ broken: [], open: [], deleted: 1 })
    expect(broken([result, entry, gone('1'), gone('2', THREAD), said])).toBe('')
  })

  test.each<[string, LiveEvent[], RegExp]>([
    [
      'stays in the channel',
      [result, entry, said, gone('2', THREAD)],
      /said to be deleted and is still shown/,
    ],
    ['stays in the gallery', [result, entry, said, gone('1')], /said to be deleted and is still shown/],
    [
      'is called gone the second time, and stays',
      [result, entry, gone('1'), told('This picture has been deleted.')],
      /said to be deleted and is still shown/,
    ],
    ['was not even answered', [result, entry, gone('1')], /was to be deleted and is still shown/],
    [
      'comes back, if only for a while',
      [result, said, gone('1'), ...quiet, entry, gone('2', THREAD)],
      /was deleted and came back/,
    ],
  ])('is missed when it %s', (_, events, expected) => {
    expect(broken(events)).toMatch(expected)
  })

  test('may have been shown in the gallery only, and has to go from there', () => {
    const verdict = judge(log([command('c1')], [entry, said, gone('2', THREAD)], { deletions }))
    expect(verdict).toMatchObject({ broken: [], open: [] })
    expect(broken([entry, said])).toMatch(/said to be deleted and is still shown/)
  })

  test('may stay where nobody said yes', () => {
    expect(broken([result, entry], [{ tag: 'c1', presses: ['press'], isMeant: false }])).toBe('')
  })
})

test('what could be shown nowhere has its end when it was found in /mine', () => {
  const shownNowhere = message('1', { of: '3c1', words: 'The answer could not be shown here' })
  const claims = [{ interaction: 'claim', personId: command('c1').personId, title: '1. No picture: “c1”' }]
  const told = message('2', { of: 'claim', isError: true, isPrivate: true })
  expect(judge(log([command('c1')], [shownNowhere])).open).toEqual(['c1: accepted, but has no end'])
  expect(judge(log([command('c1')], [shownNowhere, told], { claims }))).toMatchObject({ open: [], errors: 1 })
  expect(judge(log([command('c1')], [result, entry, told], { claims })).broken).toEqual([
    'an error too many: ""',
  ])
})

test('it sees what is bought twice, except what failed', () => {
  const bought = (status: string, seed = 1): Purchase => ({ prompt: 'c1 a red heart', seed, status })
  const broken = (...purchases: Purchase[]) => judge(log([], [], { purchases })).broken
  expect(broken(bought('failed'), bought('canceled'), bought('succeeded'), bought('succeeded', 2))).toEqual(
    [],
  )
  expect(broken(bought('succeeded'), bought('processing'))).toEqual([
    'bought 2 times at Replicate: “c1 a red heart”, seed 1',
  ])
})

describe('everybody gets a turn', () => {
  const CALM: Outage[] = []
  const OTHER = '200000000000000002'
  /** As many as are asked for by one person, each shown in a second of its own when it is through. */
  const many = (count: number, given: Partial<Command>) => {
    const jobs = Array.from({ length: count }, (_, index) => command(`d${index}x`, given))
    const ends = jobs.map(({ tag }, index) =>
      message(String(10 + index), { of: `3${tag}`, words: tag, picture: `p${index}` }),
    )
    return { jobs, ends }
  }
  const { jobs: flood, ends } = many(25, { personId: OTHER })
  const late = command('c1', { sentAt: 1 })
  const shown = (words: string) =>
    message('1', { of: '3c1', words: `Ida asked for c1\n${words}`, isJob: true })
  const inLine = shown('Place 3 in line: two requests come first. It will be ready in about 40 seconds.')
  const atWork = shown('Step 1 of 2')
  const second = (at: number) => 1000 * at
  const restart = (at: number): Outage => ({ from: second(at) - 500, until: second(at) - 100 })
  const judged = (events: LiveEvent[], outages = CALM, commands = [late, ...flood], every = second(1)) => {
    const given = log(commands, events, { outages })
    const seen = given.seen.map((each, index) => ({ ...each, at: every * index }))
    const { broken, flooded, overtaken } = judge({ ...given, seen })
    return { broken, flooded, overtaken }
  }
  const isReported = { broken: ['c1: 24 jobs of somebody who floods the line came first'] }

  test('it sees who waits for a whole flood', () => {
    expect(judged([...ends, result])).toMatchObject(isReported)
  })

  test.each([
    ['shown at work', atWork],
    ['shown with what the machine says', shown('The machine loads its model.')],
  ])('who was %s early and got the picture late had a turn', (_, begins) => {
    const events = [...ends.slice(0, 3), begins, ...ends.slice(3), result]
    expect(judged(events)).toMatchObject({ broken: [], flooded: 2 })
  })

  test('whose answer became "No picture this time" had a turn then, not when it was acknowledged', () => {
    const thinking = message('1', { of: '3c1', isOpen: true })
    const failed = message('1', { of: '3c1', words: 'No picture this time.' })
    const events = [thinking, ...ends.slice(0, 3), failed, ...ends.slice(3)]
    expect(judged(events)).toMatchObject({ broken: [], flooded: 3 })
  })

  test('who has had something lately is not judged by a flood, but who cancelled it in line is', () => {
    const before = command('c0')
    const had = message('3', { of: '3c0', words: 'c0', picture: 'bbb' })
    const cancelled = message('3', { of: '3c0', words: 'Cancelled: c0' })
    const commands = [before, late, ...flood]
    expect(judged([had, ...ends, result], CALM, commands)).toMatchObject({ broken: [], flooded: 0 })
    expect(judged([cancelled, ...ends, result], CALM, commands).broken).toEqual([
      'c1: 25 jobs of somebody who floods the line came first',
    ])
  })

  test.each([
    [24, '| 24 |'],
    [17, '| 17 |'],
    [16, '| 16 (NOT TRIED: too few) |'],
    [0, '| 0 (NOT TRIED: too few) |'],
  ])('a flood at peace is called tried only when enough of it was in line: %i jobs', (left, row) => {
    const through = ends.length - left
    const asked = command('newcomer', { sentAt: second(through) - 1, interaction: '3c1' })
    const shownLast = message('1', { of: '3c1', words: 'newcomer', picture: 'aaa' })
    const verdict = judge(log([asked, ...flood], [...ends, shownLast]))
    const outcome = { verdict, broken: [], done: new Map(), commands: 0, starts: 1, exitCode: 0 }
    const rows = report({ seed: 1, lasts: 0, wantsNoDms: 'Ida', steps: [] }, outcome).split('\n')
    expect(rows.find((each) => each.includes('in line of the flood'))).toContain(row)
  })

  test('what was seen late after a restart says nothing', () => {
    // Drawn before the bot was killed; its message was held up once more while the others' went through.
    const outages = [
      { from: 300, until: 1400 },
      { from: 1500, until: 4500, interaction: '3c1' },
    ]
    const [commands, every] = [[late, ...flood], 200]
    expect(judged([...ends, result], CALM, commands, every)).toMatchObject(isReported)
    expect(judged([...ends, result], outages, commands, every)).toMatchObject({ broken: [], flooded: 1 })
    expect(judged([...ends, result], outages.slice(0, 1), commands, every)).toMatchObject({ flooded: 1 })
    // The flood was through before it was asked for, and is shown afterwards.
    const asked = command('c1', { sentAt: second(3) })
    const before = [{ from: -1, until: second(2) }]
    expect(judged([...ends, result], before, [asked, ...flood])).toMatchObject({ broken: [], flooded: 0 })
  })

  test('it sees through restarts who is shown in line after each of them', () => {
    const events = [...ends.slice(0, 8), inLine, ...ends.slice(8, 20), inLine, ...ends.slice(20), result]
    expect(judged(events, [restart(5), restart(15)])).toMatchObject(isReported)
    expect(judged(events, [restart(5), restart(15), restart(22)])).toMatchObject({ flooded: 19 })
    expect(judged(events, [restart(5), restart(24)])).toMatchObject({ flooded: 21 })
  })

  test('words that may be old do not say who is in line', () => {
    const events = [...ends.slice(0, 20), inLine, ...ends.slice(20), result]
    expect(judged(events, [{ from: second(5) - 1, until: second(20) + 1 }])).toMatchObject({
      broken: [],
      flooded: 4,
    })
  })

  test('a fault of Discord counts for whose message it held up', () => {
    const fault = { from: second(5) - 1, until: second(16) }
    expect(judged([...ends, result], [{ ...fault, interaction: '3c1' }])).toMatchObject({ flooded: 4 })
    expect(judged([...ends, result], [{ ...fault, interaction: 'of another' }])).toMatchObject(isReported)
    expect(judged([...ends, result], [fault])).toMatchObject({ flooded: 4 })
  })

  describe('whose token is dead is shown no progress', () => {
    const ID = '300000000000000003'
    const callback = { method: 'POST', path: `/interactions/${ID}/tok/callback`, hasFiles: false }
    const edit = { method: 'PATCH', path: `/webhooks/${ID}/tok/messages/@original`, hasFiles: false }
    type Interference = ReturnType<typeof createInterference>
    const outagesAfter = (happens: (given: Interference) => void) => {
      vi.useFakeTimers({ now: second(5) - 1 })
      onTestFinished(() => void vi.useRealTimers())
      const list: Outage[] = []
      const outages = noteOutages(list)
      // As from one process to another.
      const interference = createInterference((report) => {
        const told = JSON.parse(JSON.stringify(report)) as typeof report
        if (told.kind === 'unseen') outages.unseen(told)
      })
      happens(interference)
      return list
    }
    const asked = command('c1', { sentAt: 1, interaction: ID })
    const shownAt = message('1', { of: ID, words: 'c1', picture: 'aaa' })
    const old = message('1', { of: ID, words: 'In line.', isJob: true })
    const events = [...ends.slice(0, 15), old, ...ends.slice(15), shownAt]

    test.each<[string, (given: Interference) => void]>([
      [
        'when all tokens expire',
        (given) => {
          given.rest(callback)
          given.expireTokens()
          expect(given.rest(edit)).toMatchObject({ status: 401 })
        },
      ],
      [
        'when the studio closes',
        (given) => {
          given.rest(callback)
          given.studioCloses(true)
        },
      ],
      [
        'when it is asked for in a closed studio',
        (given) => {
          given.studioCloses(true)
          given.rest(callback)
        },
      ],
    ])('%s, for good', (_, happens) => {
      const list = outagesAfter(happens)
      expect(list).toEqual([{ from: second(5) - 1, until: Number.MAX_VALUE, interaction: ID }])
      expect(judged(events, CALM, [asked, ...flood]).broken).toHaveLength(1)
      expect(judged(events, list, [asked, ...flood])).toMatchObject({ broken: [], flooded: 4 })
    })

    test('but a request that is only held up is late for a moment', () => {
      const list = outagesAfter((given) => {
        given.rest(callback)
        given.disturbNext({ at: 0, do: 'discord', route: 'edit', fault: 'delay', times: 1, ms: 100 })
        given.rest(edit)
      })
      expect(list).toEqual([{ from: second(5) - 1, until: second(8) - 1, interaction: ID }])
    })
  })

  test('what was refused or cancelled had no turn', () => {
    const refused = flood.map((each) => command(each.tag, { ...each, state: 'acknowledged' }))
    expect(judged([...ends, result], CALM, [late, ...refused])).toMatchObject({ broken: [], flooded: 0 })
    const cancelled = flood.map(({ tag }, index) =>
      message(String(10 + index), { of: `3${tag}`, words: `Cancelled: ${tag}` }),
    )
    expect(judged([...cancelled, result])).toMatchObject({ broken: [], flooded: 0 })
  })

  describe('also before what was typed later', () => {
    const { jobs } = many(25, { personId: OTHER, sentAt: 2 })
    const commands = [late, ...jobs]
    // The first one ends before anything was typed.
    const events = [message('5', {}), ...ends]

    test('it sees who is never served', () => {
      expect(judged([...events, result], CALM, commands).broken).toEqual(['c1: 25 jobs of others came first'])
    })

    test('and who goes back into the line for ever', () => {
      const again = [...events.slice(0, 3), atWork, inLine, ...events.slice(3), result]
      expect(judged(again, CALM, commands).broken).toEqual(['c1: 25 jobs of others came first'])
    })

    test('one’s own jobs come first', () => {
      const first = message('3', { of: '3c0', words: 'c0', picture: 'bbb' })
      const own = [command('c0'), ...commands]
      expect(judged([...events, result, first], CALM, own).broken).toEqual([
        'c0: 25 jobs of others came first',
      ])
    })

    describe('also after a job of one’s own that was shown nowhere', () => {
      const lost = command('c0', { sentAt: -1, answeredAt: -1 })
      const { personId } = lost
      const claimed = (given: Given) => message('3', { of: 'claim', isPrivate: true, ...given })
      const copy = message('4', { channel: THREAD, words: 'c0', picture: 'bbb' })
      const brokenBy = (title: string, shownBefore: LiveEvent[]) => {
        const claims = [{ interaction: 'claim', personId, title }]
        return judge(log([lost, ...commands], [...shownBefore, ...events.slice(1), result], { claims }))
          .broken
      }

      test.each<[string, string, LiveEvent]>([
        ['its picture was found in /mine', 'c0', claimed({ words: 'c0', picture: 'bbb' })],
        ['its error was told in /mine', '1. No picture: “c0”', claimed({ isError: true })],
        ['its picture hung in the gallery', 'c0', copy],
      ])('when %s', (_, title, told) => {
        expect(brokenBy(title, [told])).toEqual(['c1: 25 jobs of others came first'])
      })

      test('but not before', () => {
        const told = claimed({ words: 'c0', picture: 'bbb' })
        const claims = [{ interaction: 'claim', personId, title: 'c0' }]
        const hidden = [{ from: -1, until: -1, interaction: '3c0' }]
        const given = log([lost, ...commands], [...events, result, told], { claims, outages: hidden })
        expect(judge(given)).toMatchObject({ broken: [], overtaken: 0 })
      })
    })

    test('but not by what was seen late after a restart', () => {
      expect(judged([...events, result], [restart(3)], commands)).toMatchObject({ broken: [], overtaken: 2 })
    })
  })
})
