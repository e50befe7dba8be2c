/** /remix from the front door: by file, by button, by menu and by what is there; strengths, masks, wrong files, and whose picture it was. */
import { readdir, utimes } from 'node:fs/promises'
import path from 'node:path'
import type { APIMessage } from 'discord-api-types/v10'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { buttonsOf } from '../../scripts/slash/playSteps.ts'
import { mediaOf, textOf, type ClientFile, type PersonClient, type Sent } from '../../src/classroom/client.ts'
import { isError } from '../../src/discord/render/errors.ts'
import { startDarkroom, type Darkroom } from '../support/darkroom.ts'
import { startFakeReplicate, TOKEN } from '../support/fakeReplicate/index.ts'
import { bombHeader, drawn, gif, halfMask, photo } from '../support/files.ts'
import { createMemoryBackend } from '../support/memoryBackend.ts'
import { useFake } from '../support/useAuto1111.ts'

let darkroom: Darkroom
let ben: PersonClient
let mei: PersonClient

beforeAll(async () => {
  darkroom = await startDarkroom()
  ben = await darkroom.person('Ben')
  mei = await darkroom.person('Mei')
})
afterAll(() => darkroom.close())

const only = <T>(list: readonly T[]): T => {
  expect(list.length).toBe(1)
  return list[0] as T
}
const isPrivate = (message: APIMessage) => ((message.flags ?? 0) & 64) !== 0

/** The messages in the channel that follow from what was sent. */
async function outcome(person: PersonClient, send: () => Promise<Sent>, room = darkroom) {
  const before = new Set((await person.messages('studio')).map(({ id }) => id))
  expect((await (await send()).answer()).state).not.toBe('failed')
  await room.bot.idle()
  return (await person.messages('studio')).filter(({ id }) => !before.has(id))
}

const imagine = async (person: PersonClient, options: string) =>
  only(await outcome(person, () => person.slash(`/imagine ${options}`)))

const remix = (
  person: PersonClient,
  options: string,
  files: Record<string, ClientFile> = {},
  room = darkroom,
) => outcome(person, () => person.slash(`/remix ${options}`, undefined, files), room)

/** What the person reads in private when it did not work. */
async function refusal(
  options: string,
  files: Record<string, ClientFile> = {},
  room = darkroom,
  person = ben,
) {
  const messages = await remix(person, options, files, room)
  const told = only(messages.filter(isPrivate))
  expect(isError(told.components ?? [])).toBe(true)
  // In public there is at most a placeholder without the reason.
  for (const message of messages.filter((each) => !isPrivate(each)))
    expect(textOf(message)).not.toContain(textOf(told))
  return textOf(told)
}

async function pixelsOf(message: APIMessage, index = 0): Promise<Buffer> {
  const bytes = await (await fetch(mediaOf(message)[index]?.url ?? '')).arrayBuffer()
  return sharp(Buffer.from(bytes)).removeAlpha().raw().toBuffer()
}

const keptInputs = async () =>
  (await readdir(path.join(darkroom.services.config.dataDir, 'inputs'))).filter((name) =>
    name.endsWith('.png'),
  )
const newest = () => darkroom.services.gallery.newest(darkroom.classroom.guildId, 1)[0]

describe('/remix with a file', () => {
  test('shows before and after, how many steps ran and who brought it, here and in the gallery', async () => {
    const file = { name: 'ben-at-the-beach.jpg', data: await photo() }
    const message = only(await remix(ben, 'prompt:"a green apple" strength:0.4 seed:3', { image: file }))
    expect(isPrivate(message)).toBe(false)
    expect(mediaOf(message).map(({ description }) => description)).toEqual([
      'Picture made by a machine from another picture: a green apple',
      'Before: a picture that Ben brought',
    ])
    for (const words of [
      '8 of 20 steps ran',
      'strength **0.4**',
      'a picture that **Ben** brought',
      '512 × 512',
    ])
      expect(textOf(message)).toContain(words)
    const entry = (await ben.messages(only((await ben.state()).threads).id)).at(-1) as APIMessage
    expect(mediaOf(entry).map(({ description }) => description)).toEqual(
      mediaOf(message).map(({ description }) => description),
    )
    const all = JSON.stringify([message, entry]) + darkroom.logs.join('')
    expect(all).not.toContain('beach')
  })

  test('begins from the upright picture, cropped from its middle, without anything else of the file', async () => {
    const data = await photo({ orientation: 6, gps: true })
    const message = only(await remix(ben, 'prompt:apple strength:0', { image: { name: 'a.jpg', data } }))
    expect(textOf(message)).toContain('No step ran: strength 0 gives the picture back')
    const kept = await darkroom.services.inputs.png(recipeOf(newest()).initImage ?? '')
    const { exif, width, height } = await sharp(kept).metadata()
    expect([exif, width, height]).toEqual([undefined, 512, 512])
    // The sky is at the left in the file and on top of the upright picture.
    const [top, bottom] = await Promise.all([colourAt(kept, 256, 40), colourAt(kept, 256, 480)])
    expect(top[2]).toBeGreaterThan(top[0] as number)
    expect(bottom[0]).toBeGreaterThan(bottom[2] as number)
  })

  test('draws the same again for the same seed, and something else for another', async () => {
    const image = { name: 'a.jpg', data: await photo() }
    const draw = async (seed: number) =>
      pixelsOf(only(await remix(ben, `prompt:cat strength:0.7 steps:6 seed:${seed}`, { image })))
    const first = await draw(5)
    expect((await draw(5)).equals(first)).toBe(true)
    expect((await draw(6)).equals(first)).toBe(false)
  })

  test('redraws only what is white in the mask', async () => {
    const image = { name: 'a.png', data: await drawn(512, 512) }
    const mask = { name: 'm.png', data: await halfMask() }
    const message = only(await remix(ben, 'prompt:"a cat" strength:1 steps:6 seed:1', { image, mask }))
    expect(textOf(message)).toContain('Only what is white in the mask was drawn anew')
    const [after, before] = [await pixelsOf(message), await sharp(image.data).removeAlpha().raw().toBuffer()]
    const right = (pixels: Buffer) =>
      Buffer.concat(
        Array.from({ length: 512 }, (_, row) => pixels.subarray(row * 1536 + 768, (row + 1) * 1536)),
      )
    expect(right(after).equals(right(before))).toBe(true)
    expect(after.equals(before)).toBe(false)
  })

  test.each([
    ['a GIF called .png', async () => gif(), 'PNG, JPEG or WebP'],
    [
      'an SVG called .png',
      async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'PNG, JPEG or WebP',
    ],
    ['words called .png', async () => Buffer.from('not a picture at all'), 'PNG, JPEG or WebP'],
    ['a PNG that says it is 30000 x 30000', async () => bombHeader(30_000), 'at most 40 million pixels'],
    ['half a JPEG', async () => (await photo()).subarray(0, 3000), 'damaged'],
    ['a tiny picture', async () => drawn(8, 8), 'at least 16'],
  ])('says what is wrong with %s, in private', async (_, make, words) => {
    expect(await refusal('prompt:cat', { image: { name: 'secret-name.png', data: await make() } })).toContain(
      words,
    )
    expect(darkroom.logs.join('')).not.toContain('secret-name')
  })

  test('refuses a mask without white, and one of another shape', async () => {
    const image = { name: 'a.png', data: await drawn(300, 200) }
    const black = { name: 'm.png', data: await drawn(300, 200, '#000') }
    expect(await refusal('prompt:cat', { image, mask: black })).toContain('black all over')
    const square = { name: 'm.png', data: await halfMask() }
    expect(await refusal('prompt:cat', { image, mask: square })).toContain('300 × 200')
  })

  test('asks for a prompt, because a file has none', async () => {
    const told = await refusal('strength:0.3', { image: { name: 'a.png', data: await drawn(64, 64) } })
    expect(told).toBe('Please write a prompt: what shall this picture become?')
  })
})

describe('/remix of a picture of ours', () => {
  test('takes the last one in the channel with its prompt, and says whose it was', async () => {
    await imagine(ben, 'prompt:"a red heart" seed:7 steps:4')
    const source = newest()
    const message = only(await remix(mei, 'strength:"only an echo" steps:10 seed:2'))
    for (const words of ['a red heart', '9 of 10 steps ran', 'a picture by **Ben**, “a red heart”'])
      expect(textOf(message)).toContain(words)
    expect(mediaOf(message)[1]?.description).toBe('Before: a picture by Ben: a red heart')
    expect(newest()?.parents).toEqual([{ pictureId: source?.id, relation: 'remix' }])
  })

  test('gives it back to the bit at strength 0', async () => {
    const source = await imagine(ben, 'prompt:"a red heart" seed:8 steps:4')
    const message = only(await remix(ben, 'strength:0'))
    expect((await pixelsOf(message)).equals(await pixelsOf(source))).toBe(true)
  })

  test('by its button: a form with its prompt, the strength in words, and the model', async () => {
    const source = await imagine(ben, 'prompt:"a red heart" seed:7 steps:4')
    const form = await (await mei.press(source, 'Remix')).answer()
    expect(form.state).toBe('modal')
    for (const words of ['a red heart', '0.2: keep almost everything', '0.9: only an echo', 'free'])
      expect(JSON.stringify(form.modal)).toContain(words)
    const filled = { Prompt: 'a blue heart', Strength: ['0.8'], Seed: '11', Model: ['emoji'] }
    const message = only(await outcome(mei, () => mei.fill(form, filled)))
    for (const words of ['a blue heart', 'strength **0.8**', '16 of 20 steps', 'seed **11**', 'by **Ben**'])
      expect(textOf(message)).toContain(words)
  })

  test('by the menu of its message', async () => {
    const source = await imagine(ben, 'prompt:"a red heart" seed:7 steps:4')
    const form = await (await mei.menu('Remix this picture', source.id)).answer()
    const filled = { Prompt: 'a blue heart', Strength: ['0.6'], Model: ['emoji'] }
    expect(textOf(only(await outcome(mei, () => mei.fill(form, filled))))).toContain('a picture by **Ben**')
  })

  test('Again on a remix begins from the same picture, and still says whose that was', async () => {
    await imagine(ben, 'prompt:"a red heart" seed:7 steps:4')
    const first = only(await remix(mei, 'strength:0.6 steps:5 prompt:"a blue heart"'))
    const again = only(await outcome(mei, () => mei.press(first, 'Again')))
    expect(textOf(again)).toContain('First the remix, then what it began from: a picture by **Ben**')
    expect(mediaOf(again)[1]?.name).toBe(mediaOf(first)[1]?.name)
  })

  test('several remixes share one picture before', async () => {
    await imagine(ben, 'prompt:"a red heart" seed:7 steps:4')
    const message = only(await remix(mei, 'strength:0.6 steps:4 count:2'))
    expect(mediaOf(message)).toHaveLength(3)
    expect(textOf(message)).toContain('First the 2 remixes, last what they began from')
    expect(buttonsOf(message).map(({ label }) => label)).toContain('Remix 2')
  })
})

test("the menu takes a file of somebody's message, too, also after a restart", async () => {
  const channel = (await darkroom.bot.client.guilds.fetch(darkroom.classroom.guildId)).channels.cache.find(
    ({ name }) => name === 'studio',
  )
  if (!channel?.isSendable()) throw new Error('no studio')
  const posted = await channel.send({ files: [{ attachment: await photo(), name: 'holiday.jpg' }] })
  const nothing = await channel.send('no picture here')
  const form = await (await mei.menu('Remix this picture', posted.id)).answer()
  await darkroom.restart()
  const filled = { Prompt: 'a green apple', Strength: ['0.4'], Model: ['emoji'] }
  const message = only(await outcome(mei, () => mei.fill(form, filled)))
  expect(textOf(message)).toContain('a picture that **Mei** brought')
  expect(textOf(only(await outcome(mei, () => mei.menu('Remix this picture', nothing.id))))).toContain(
    'There is no picture in this message',
  )
})

test('How was this made? begins with the picture under noise', async () => {
  await imagine(ben, 'prompt:"a red heart" seed:7 steps:4')
  const mask = { name: 'm.png', data: await halfMask() }
  const masked = only(await remix(mei, 'strength:0.5 steps:8 prompt:"a cat"', { mask }))
  const told = only(await outcome(mei, () => mei.press(masked, 'How was this made?')))
  for (const words of [
    '**It began as a picture under noise.**',
    'Strength 0.5 left out the first 4 of 8 steps',
    'Where the mask is black',
    'every pixel came out as in the stored picture',
  ])
    expect(textOf(told)).toContain(words)
  expect(textOf(told)).not.toContain('It began as noise')
  expect(mediaOf(told).map(({ name }) => name.replace(/-.*\./, '.'))).toEqual([
    'beginning.png',
    'development.gif',
    'filmstrip.png',
    'chart.png',
  ])
  const nothing = only(await remix(mei, 'strength:0'))
  const why = only(await outcome(mei, () => mei.press(nothing, 'How was this made?')))
  expect(textOf(why)).toContain('**Nothing was drawn.**')
  expect(mediaOf(why)).toHaveLength(1)
})

describe('strength', () => {
  test('is suggested in words, also for a number of one’s own', async () => {
    const suggested = async (typed: string) =>
      (await ben.autocomplete(`/remix prompt:x strength:${typed}`)).map(({ name }) => name)
    expect(await suggested('keep')).toContain('0.2: keep almost everything')
    expect((await suggested('0.35'))[0]).toBe('0.35: keep shapes and colours, change the surface')
    expect(await suggested('echo')).toEqual(['0.9: only an echo'])
  })

  test.each([
    ['0,25', '0.25'],
    ['40%', '0.4'],
    ['"0.9: only an echo"', '0.9'],
    ['"keep almost everything"', '0.2'],
    ['echo', '0.9'],
  ])('understands %s', async (typed, strength) => {
    const image = { name: 'a.png', data: await drawn(64, 64) }
    const message = only(await remix(ben, `prompt:cat steps:2 strength:${typed}`, { image }))
    expect(textOf(message)).toContain(`strength **${strength}**`)
  })

  test.each(['1.5', '-0.1', 'keep', 'much'])('does not take %s, and says what it takes', async (typed) => {
    const told = await refusal(`prompt:cat strength:${typed}`, {})
    expect(told).toMatch(/^strength must be a number from 0 to 1 or words such as “keep almost everything”/)
  })
})

describe('what a remix began from', () => {
  test('is deleted with the last picture that was made from it', async () => {
    const image = { name: 'a.png', data: await drawn(200, 200, '#17a') }
    const first = only(await remix(ben, 'prompt:cat steps:2', { image }))
    const second = only(await remix(ben, 'prompt:dog steps:2', { image }))
    const name = `${recipeOf(newest()).initImage}.png`
    const erase = async (message: APIMessage) => {
      const question = only(await outcome(ben, () => ben.press(message, 'Delete')))
      await outcome(ben, () => ben.press(question, 'Yes, delete'))
    }
    await erase(first)
    expect(await keptInputs()).toContain(name)
    await erase(second)
    expect(await keptInputs()).not.toContain(name)
  })

  test('stays for whoever is bringing the same picture while the last one made from it is deleted', async () => {
    const image = { name: 'a.png', data: await drawn(200, 200, '#71a') }
    const message = only(await remix(ben, 'prompt:cat steps:2', { image }))
    const name = `${recipeOf(newest()).initImage}.png`
    const { inputs } = darkroom.services
    const keepMask = inputs.keepMask.bind(inputs)
    // Mei's picture is kept, and her job is not stored yet.
    inputs.keepMask = async (...given) => {
      inputs.keepMask = keepMask
      await (await ben.press(message, 'Delete')).answer()
      const question = (await ben.messages('studio')).at(-1) as APIMessage
      await (await ben.press(question, 'Yes, delete')).answer()
      return keepMask(...given)
    }
    const mask = { name: 'mask.png', data: await halfMask() }
    const own = only(await remix(mei, 'prompt:dog steps:2', { image, mask }))
    expect(textOf(own)).toContain('a picture that **Mei** brought')
    expect(await keptInputs()).toContain(name)
    expect((await ben.messages('studio')).some(({ id }) => id === message.id)).toBe(false)
  })

  test('is kept over a restart while it is needed; what nothing needs goes after an hour', async () => {
    const image = { name: 'a.png', data: await drawn(200, 200, '#a71') }
    const message = only(await remix(ben, 'prompt:cat steps:2', { image }))
    const used = `${recipeOf(newest()).initImage}.png`
    const unused = await darkroom.services.inputs.keep(await drawn(99, 99))
    const fresh = await darkroom.services.inputs.keep(await drawn(98, 98))
    const old = new Date(Date.now() - 2 * 3_600_000)
    const folder = path.join(darkroom.services.config.dataDir, 'inputs')
    for (const name of [used, `${unused.id}.png`]) await utimes(path.join(folder, name), old, old)
    await darkroom.restart()
    const left = await keptInputs()
    expect([
      left.includes(used),
      left.includes(`${unused.id}.png`),
      left.includes(`${fresh.id}.png`),
    ]).toEqual([true, false, true])
    expect(textOf(only(await outcome(ben, () => ben.press(message, 'Again'))))).toContain('**Ben** brought')
  })
})

describe('other machines', () => {
  test('a model that cannot begin from a picture is refused with those that can, before anything is fetched', async () => {
    const fake = await startFakeReplicate({ predictMs: 50 })
    const replicate = {
      replicateApiToken: TOKEN,
      replicateApiUrl: fake.apiUrl,
      replicateFileHosts: [fake.fileHost],
    }
    const room = await startDarkroom({ config: replicate })
    onTestFinished(async () => {
      await room.close()
      await fake.close()
    })
    const noor = await room.person('Noor')
    const image = { name: 'a.jpg', data: await photo() }
    const told = await refusal('prompt:cat model:sdxl-lightning', { image }, room, noor)
    expect(told).toMatch(/cannot begin from a picture; please choose one that can: .*sdxl \(/)
    const models = (await noor.autocomplete('/remix prompt:x model:')).map(({ value }) => value)
    expect(models).toContain('sdxl')
    expect(models).not.toContain('sdxl-lightning')

    const seen: string[] = []
    noor.on((event) => seen.push(JSON.stringify(event)))
    const message = only(await remix(noor, 'prompt:"a boat" model:sdxl strength:0.6 seed:4', { image }, room))
    expect(textOf(message)).toContain('15 of 25 steps ran')
    expect(seen.join('')).toContain('About $')
    expect(textOf(message)).toContain('It cost $')
    expect(fake.predictions.at(-1)?.input).toMatchObject({ prompt_strength: 0.6, num_inference_steps: 25 })
    // 900 x 600 is nearest to 1216 x 832.
    expect(recipeOf(room.services.gallery.newest(room.classroom.guildId, 1)[0])).toMatchObject({
      width: 1216,
      height: 832,
    })
  })

  test('on AUTOMATIC1111 one step more runs, and that is said', async () => {
    const fake = await useFake({ msPerStep: 2 })
    const room = await startDarkroom({ config: { auto1111Urls: [fake.address] } })
    onTestFinished(() => room.close())
    const noor = await room.person('Noor')
    const files = {
      image: { name: 'a.jpg', data: await photo() },
      mask: { name: 'm.png', data: await drawn(90, 60, '#fff') },
    }
    const message = only(await remix(noor, 'prompt:"a boat" strength:0.4 steps:20', files, room))
    expect(textOf(message)).toContain('9 of 20 steps ran: strength 0.4')
    expect(fake.jobs().at(-1)).toMatchObject({ denoising_strength: 0.4, steps: 20, inpainting_fill: 1 })
    const told = only(await outcome(noor, () => noor.press(message, 'How was this made?'), room))
    expect(textOf(told)).toContain('**It began as a picture under noise.**')
    expect(mediaOf(told)[0]?.name).toMatch(/^before-/)
  })

  test('says so where no model can', async () => {
    const room = await startDarkroom({ backends: [createMemoryBackend({ isAuto: true })] })
    onTestFinished(() => room.close())
    const noor = await room.person('Noor')
    const told = await refusal(
      'prompt:cat',
      { image: { name: 'a.png', data: await drawn(64, 64) } },
      room,
      noor,
    )
    expect(told).toBe('Plain colours cannot begin from a picture; no other model here can either.')
  })

  test('says so where there is no picture in the channel yet', async () => {
    const room = await startDarkroom()
    onTestFinished(() => room.close())
    expect(await refusal('prompt:cat', {}, room, await room.person('Noor'))).toContain(
      'There is no picture in this channel yet',
    )
  })
})

function recipeOf(picture: ReturnType<typeof newest>) {
  if (!picture || !('prompt' in picture.recipe)) throw new Error('no drawing')
  return picture.recipe
}

async function colourAt(png: Buffer, left: number, top: number): Promise<number[]> {
  const pixel = await sharp(png).extract({ left, top, width: 1, height: 1 }).raw().toBuffer()
  return [...pixel]
}
