/** What `npm run chaos` has found, each in a moment of its own. */
import type { APIMessage } from 'discord-api-types/v10'
import { expect, onTestFinished, test } from 'vitest'
import { mediaOf, textOf } from '../../src/classroom/client.ts'
import { isError, renderNote } from '../../src/discord/render/errors.ts'
import { toMessage, withMark } from '../../src/discord/send.ts'
import { inChannel, sendOnce } from '../../src/discord/sendOnce.ts'
import { buttonsOf } from '../../scripts/slash/playSteps.ts'
import { startDarkroom, type DarkroomOptions } from '../support/darkroom.ts'
import { photo } from '../support/files.ts'
import { createMemoryBackend } from '../support/memoryBackend.ts'

async function open(options: DarkroomOptions = {}) {
  const darkroom = await startDarkroom({ setUp: false, serverErrors: true, ...options })
  onTestFinished(() => darkroom.close())
  return { darkroom, ben: await darkroom.person('Ben') }
}

const withPictures = (messages: readonly APIMessage[]) =>
  messages.filter((message) => mediaOf(message).some(({ name }) => name.startsWith('picture-')))
const labels = (message: APIMessage) => buttonsOf(message).map(({ label }) => label)

test('a disk that is full after the result was sent makes no second message and no error of it', async () => {
  const { darkroom, ben } = await open({ backends: [createMemoryBackend({ isAuto: true })] })
  const { sends } = darkroom.services
  const done = sends.done.bind(sends)
  let refused = 0
  sends.done = (...args) => {
    refused += 1
    if (refused < 3) throw Object.assign(new Error('disk I/O error'), { errcode: 778 })
    done(...args)
  }
  await (await ben.slash('/imagine prompt:cat seed:1')).answer()
  await darkroom.bot.idle()
  const messages = await ben.messages('studio')
  expect(messages).toHaveLength(1)
  expect(withPictures(messages)).toHaveLength(1)
  expect(darkroom.services.queue.unfinished()).toEqual([])
})

test('a reply whose place nobody has written down does not say "in line" for ever', async () => {
  let minutes = 0
  const backend = createMemoryBackend()
  const { darkroom, ben } = await open({
    backends: [backend],
    classroom: { now: () => Date.now() + minutes * 60_000 },
  })
  // As if the process had died between showing it and writing down where it is.
  darkroom.services.queue.setMessage = () => undefined
  await (await ben.slash('/imagine prompt:cat seed:1')).answer()
  const reply = async () => (await ben.messages('studio'))[0] as APIMessage
  await expect.poll(async () => labels(await reply()), { timeout: 10_000 }).toEqual(['Cancel'])
  await darkroom.restart()
  minutes = 16
  const again = await backend.called(2)
  again.finish()
  await darkroom.bot.idle()
  expect(withPictures(await ben.messages('studio'))).toHaveLength(1)
  expect(labels(await reply())).toEqual([])
  expect(textOf(await reply())).toMatch(/another message/)
})

test('a remix whose acknowledgement arrived, but not the answer to it, is drawn', async () => {
  let isCut = false
  const { darkroom, ben } = await open({
    classroom: {
      rest({ path }) {
        if (isCut || !path.endsWith('/callback')) return undefined
        isCut = true
        return { kind: 'drop', after: true }
      },
    },
  })
  const image = { name: 'me.png', data: await photo() }
  await (await ben.slash('/remix prompt:"a red heart" steps:2', undefined, { image })).answer()
  await darkroom.bot.idle()
  expect(isCut).toBe(true)
  const messages = await ben.messages('studio')
  expect(messages).toHaveLength(1)
  expect(withPictures(messages)).toHaveLength(1)
})

test('a job that was accepted but could not be acknowledged ends in its result alone', async () => {
  let refused = 0
  const { darkroom, ben } = await open({
    backends: [createMemoryBackend({ isAuto: true })],
    classroom: {
      rest: ({ path }) =>
        path.endsWith('/callback') && refused++ < 1
          ? { kind: 'answer', status: 403, body: { code: 50013, message: 'Missing Permissions' } }
          : undefined,
    },
  })
  await (await ben.slash('/imagine prompt:cat seed:1')).answer()
  await darkroom.bot.idle()
  const messages = await ben.messages('studio')
  expect(messages).toHaveLength(1)
  expect(withPictures(messages)).toHaveLength(1)
  // Nor does it replace a private "please try again", where nobody else would see it.
  expect((messages[0]?.flags ?? 0) & 64).toBe(0)
})

test('what was announced, but could be neither begun nor refused, is withdrawn when Discord answers again', async () => {
  let cuts = 0
  const { darkroom, ben } = await open({
    classroom: {
      // The announcement arrives; nothing is heard of it, nor of the words that say so.
      rest: ({ path }) =>
        (path.endsWith('/callback') || path.startsWith('/webhooks/')) && cuts++ < 4
          ? { kind: 'drop', after: cuts === 1 }
          : undefined,
    },
  })
  const image = { name: 'me.png', data: await photo() }
  await (await ben.slash('/remix prompt:"a red heart" steps:2', undefined, { image })).answer()
  await darkroom.bot.idle()
  expect(cuts).toBeGreaterThan(2)
  const messages = await ben.messages('studio')
  expect(messages).toHaveLength(1)
  expect(textOf(messages[0] as APIMessage)).toContain('ask once more')
  expect(darkroom.services.announced.left()).toEqual([])
}, 60_000)

test.each([
  ['arrived', true],
  ['did not arrive', false],
])(
  'a private reason whose answer was lost and that %s is not told a second time',
  async (_, arrives) => {
    let cuts = 0
    const { darkroom, ben } = await open({
      classroom: {
        rest: ({ method, path }) =>
          method === 'POST' && path.startsWith('/webhooks/') && cuts++ === 0
            ? { kind: 'drop', after: arrives }
            : undefined,
      },
    })
    const notAPicture = { name: 'me.png', data: Buffer.from('not a picture') }
    const asked = await ben.slash('/remix prompt:"a red heart" steps:2', undefined, { image: notAPicture })
    await asked.answer()
    await darkroom.bot.idle()
    expect(cuts).toBe(1)
    const messages = await ben.messages('studio')
    expect(messages.filter(({ components = [] }) => isError(components))).toHaveLength(arrives ? 1 : 0)
    expect(messages.map((message) => textOf(message)).join('\n')).toContain(
      'may have been lost; please ask once more',
    )
    expect(darkroom.services.announced.left()).toEqual([])
  },
  60_000,
)

test('a command that was refused in words, of which only the news was lost, is not withdrawn after a restart', async () => {
  const { darkroom, ben } = await open()
  // As if the process had died between telling it and striking it off.
  darkroom.services.announced.done = () => undefined
  const notAPicture = { name: 'me.png', data: Buffer.from('not a picture') }
  const asked = await ben.slash('/remix prompt:"a red heart" steps:2', undefined, { image: notAPicture })
  await asked.answer()
  await darkroom.bot.idle()
  const before = await ben.messages('studio')
  await darkroom.restart()
  await darkroom.bot.idle()
  const after = await ben.messages('studio')
  // The private reason alone: the public "thinking" is gone.
  expect(before.filter(({ components = [] }) => isError(components))).toHaveLength(1)
  expect(before).toHaveLength(1)
  expect(after.filter(({ components = [] }) => isError(components))).toHaveLength(1)
  expect(after).toHaveLength(before.length)
  expect(darkroom.services.announced.left()).toEqual([])
}, 60_000)

test('a message that arrived where the bot could not look for a while is found there when it can', async () => {
  const { darkroom, ben } = await open()
  const { client } = darkroom.bot
  const { sends, log } = darkroom.services
  const tools = { client, services: { sends }, signal: new AbortController().signal, log }
  const view = renderNote('Your picture is ready.')
  const { channels } = await ben.state()
  const studioId = channels.find(({ name }) => name === 'studio')?.id ?? ''
  const studio = await client.channels.fetch(studioId)
  if (!studio?.isSendable()) throw new Error('the studio takes no messages')
  const key = 'end:arrived'
  const { mark } = sends.begin(key, { kind: 'reply', channelId: studioId })
  await studio.send(toMessage(withMark(view, mark)))
  // The studio was closed meanwhile, so a direct message was tried; it was refused, and the disk was too full to write that down.
  const { id } = await client.users.createDM(ben.me.id)
  sends.begin(key, { kind: 'dm', channelId: id })
  const place = await sendOnce(tools, { key }, [inChannel(tools, studioId, () => view)])
  expect(place?.channelId).toBe(studioId)
  expect(await ben.messages('studio')).toHaveLength(1)
})
