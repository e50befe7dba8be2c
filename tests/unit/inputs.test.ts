/** Files from outside: what is kept of them, and from where they are fetched at all. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { downloadAttachment } from '../../src/discord/attachments.ts'
import { UserError } from '../../src/errors.ts'
import { createInputs } from '../../src/services/inputs.ts'
import { animatedWebp, bombHeader, drawn, photo } from '../support/files.ts'
import { temporaryFolder } from '../support/studio.ts'

const open = async () => createInputs(await temporaryFolder())

test('a photo loses where and with what it was taken, and stands upright', async () => {
  const file = await photo({ orientation: 6, gps: true })
  const before = await sharp(file).metadata()
  expect([before.orientation, before.width, before.height]).toEqual([6, 600, 900])
  expect(before.exif?.length).toBeGreaterThan(100)
  const inputs = await open()
  const kept = await inputs.keep(file)
  expect([kept.width, kept.height]).toEqual([900, 600])
  const png = await inputs.png(kept.id)
  // The only chunks are those that pixels need.
  const chunks = [...png.toString('latin1').matchAll(/(eXIf|tEXt|iTXt|zTXt|iCCP|tIME)/g)]
  expect(chunks).toEqual([])
  expect((await sharp(png).metadata()).orientation ?? 1).toBe(1)
})

test('the size may be chosen by the upright picture', async () => {
  const inputs = await open()
  const seen: object[] = []
  const kept = await inputs.keep(await photo({ orientation: 6 }), (own) => {
    seen.push(own)
    return { width: 96, height: 64 }
  })
  expect(seen).toEqual([{ width: 900, height: 600 }])
  expect([kept.width, kept.height]).toEqual([96, 64])
})

test('the same picture is kept once, under the name of what it shows', async () => {
  const inputs = await open()
  const [a, b] = [await inputs.keep(await drawn(40, 40)), await inputs.keep(await drawn(40, 40))]
  expect(a.id).toBe(b.id)
  expect(a.id).not.toBe((await inputs.keep(await drawn(41, 40))).id)
})

test('of an animation the first picture counts; what was see-through becomes white', async () => {
  const inputs = await open()
  const first = await inputs.keep(await animatedWebp())
  expect([first.width, first.height]).toEqual([60, 60])
  const { channels } = await sharp(await inputs.png(first.id)).stats()
  expect(channels.map(({ mean }) => mean > 100)).toEqual([false, true, false])
  const clear = await sharp({
    create: { width: 20, height: 20, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  })
    .png()
    .toBuffer()
  const white = await sharp(await inputs.png((await inputs.keep(clear)).id)).stats()
  expect(white.channels.map(({ min }) => min)).toEqual([255, 255, 255])
})

test('a header that promises a huge picture is not decoded', async () => {
  const inputs = await open()
  const before = performance.now()
  await expect(inputs.keep(bombHeader(30_000))).rejects.toThrow('30000 × 30000')
  await expect(
    inputs.keepMask(bombHeader(30_000), await drawn(20, 20), { width: 8, height: 8 }),
  ).rejects.toThrow(UserError)
  expect(performance.now() - before).toBeLessThan(500)
})

test('a mask is black and white, where JPEG has left its traces, too', async () => {
  const inputs = await open()
  const halves = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="#040404"/><rect width="32" height="64" fill="#fafafa"/></svg>',
  )
  const jpeg = await sharp(halves).jpeg({ quality: 95 }).toBuffer()
  const { id } = await inputs.keepMask(jpeg, await drawn(128, 128), { width: 64, height: 64 })
  const { data, info } = await sharp(await inputs.png(id))
    .raw()
    .toBuffer({ resolveWithObject: true })
  const at = (x: number) => data[(32 * 64 + x) * info.channels]
  expect([at(5), at(60)]).toEqual([255, 0])
})

test('an attachment is fetched only from where Discord keeps files, and no redirect is followed', async () => {
  const asked: string[] = []
  const elsewhere = await serve((_, response) => {
    asked.push('elsewhere')
    response.end('secret')
  })
  const home = await serve((url, response) => {
    asked.push(url)
    if (url === '/moved') response.writeHead(302, { location: `${elsewhere}/secret` }).end()
    else if (url === '/gone') response.writeHead(404).end()
    else response.end('bytes')
  })
  const config = { discordApiUrl: `${home}/api`, discordFileHosts: ['cdn.discordapp.com'] }
  const load = (url: string, size = 5) => downloadAttachment({ name: 'a.png', url, size }, config)
  expect((await load(`${home}/file`)).toString()).toBe('bytes')
  await expect(load(`${home}/moved`)).rejects.toThrow('could not be fetched')
  await expect(load(`${home}/gone`)).rejects.toThrow('could not be fetched')
  for (const url of [
    `${elsewhere}/secret`,
    'http://cdn.discordapp.com/a.png',
    'https://cdn.discordapp.com.evil.example/a.png',
    'https://cdn.discordapp.com@evil.example/a.png',
    'https://cdn.discordapp.com:8443/a.png',
    'file:///etc/passwd',
    'not an address',
  ])
    await expect(load(url)).rejects.toThrow('lies on a server from which Darkroom takes no pictures')
  await expect(load(`${home}/file`, 26_000_000)).rejects.toThrow('26 MB')
  expect(asked).toEqual(['/file', '/moved', '/gone'])
})

test('an attachment that is larger than it says is given up on the way', async () => {
  const home = await serve((_, response) => {
    const chunk = Buffer.alloc(1_000_000)
    let sent = 0
    const more = () => {
      while (sent++ < 60) if (!response.write(chunk)) return response.once('drain', more)
      return response.end()
    }
    more()
  })
  const config = { discordApiUrl: `${home}/api`, discordFileHosts: [] }
  const lying = downloadAttachment({ name: 'a.png', url: `${home}/file`, size: 5 }, config)
  await expect(lying).rejects.toThrow('please send one of at most 25 MB')
})

type Respond = (url: string, response: ServerResponse) => void

async function serve(respond: Respond): Promise<string> {
  const server = createServer((request, response) => respond(request.url ?? '', response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
