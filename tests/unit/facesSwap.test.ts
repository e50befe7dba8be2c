import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { createFaces, markSwap, practicePicture, type Stage } from '../../src/services/faces/index.ts'
import { difference, facePicture, landscape } from '../support/facePictures.ts'

const faces = createFaces()
afterAll(() => faces.close())

async function swap(source: Uint8Array, target: Uint8Array, sourceFace = 1, targetFace = 1) {
  return faces.swap({ source, target, sourceFace, targetFace })
}

async function refusal(
  source: Uint8Array,
  target: Uint8Array,
  sourceFace = 1,
  targetFace = 1,
): Promise<string> {
  const error: unknown = await swap(source, target, sourceFace, targetFace).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(UserError)
  return error instanceof UserError ? error.message : ''
}

describe('a swap', () => {
  it('of a face with itself changes next to nothing', async () => {
    const picture = await practicePicture('edda')
    const { png, width, height } = await swap(picture, picture)
    expect(await difference(picture, png, { x: 0, y: 0, width, height })).toBeLessThan(0.5)
  })

  it('of a very large face is made smaller and enlarged, softly but in place', async () => {
    const picture = await sharp(await practicePicture('ada'))
      .resize(1900)
      .jpeg()
      .toBuffer()
    const { png, width, height } = await swap(picture, picture)
    expect([width, height]).toEqual([1900, 1900])
    expect(await difference(picture, png, { x: 0, y: 0, width, height })).toBeLessThan(0.5)
  })

  it('changes the face and nothing else, and takes the light of the target', async () => {
    const target = await practicePicture('bruno')
    const { png, width, height } = await swap(await practicePicture('greta'), target)
    const size = await sharp(target).metadata()
    expect([width, height]).toEqual([size.width, size.height])
    const [face] = (await faces.find(target)).faces
    if (!face) throw new Error('no face')
    const { x, y, width: w, height: h } = face.box
    const middle = { x: x + w * 0.25, y: y + h * 0.35, width: w * 0.5, height: h * 0.5 }
    expect(await difference(target, png, middle)).toBeGreaterThan(4)
    expect(await difference(target, png, { x: 0, y: 0, width, height: y * 0.9 })).toBe(0)
    const cheek = { left: Math.round(x + w * 0.2), top: Math.round(y + h * 0.6), width: 20, height: 20 }
    const [before, after] = await Promise.all(
      [target, png].map(async (one) => sharp(await sharp(one).extract(cheek).toBuffer()).stats()),
    )
    before?.channels
      .slice(0, 3)
      .forEach((channel, i) =>
        expect(Math.abs(channel.mean - (after?.channels[i]?.mean ?? 0))).toBeLessThan(20),
      )
  })

  it('reaches the chosen one of several faces', async () => {
    const group = await practicePicture('group')
    const { faces: found } = await faces.find(group)
    const { png } = await swap(await practicePicture('bruno'), group, 1, 3)
    const changes = await Promise.all(found.map((face) => difference(group, png, face.box)))
    expect(changes[0]).toBeLessThan(0.01)
    expect(changes[1]).toBeLessThan(0.01)
    expect(changes[2]).toBeGreaterThan(2)
  })

  it('shows its real intermediate pictures, each with a sentence and an alt text', async () => {
    const { stages } = await swap(await practicePicture('femi'), await practicePicture('chiyo'))
    const names: Stage['name'][] = ['boxes', 'landmarks', 'warp', 'colour', 'mask', 'blend']
    expect(stages.map((stage) => stage.name)).toEqual(names)
    const seen = new Set<string>()
    for (const { png, sentence, alt, title } of stages) {
      expect((await sharp(png).metadata()).width).toBeGreaterThan(200)
      expect([sentence, alt, title].every((text) => text.length > 8)).toBe(true)
      seen.add(Buffer.from(png).toString('base64'))
    }
    expect(seen.size).toBe(6)
    const mask = await sharp(stages[4]?.png).stats()
    expect([mask.channels[0]?.min, mask.channels[0]?.max]).toEqual([0, 255])
  })
})

describe('a swap is refused in one sentence', () => {
  it('when there is no face', async () => {
    expect(await refusal(await landscape(), await practicePicture('ada'))).toBe(
      'No face was found in the source picture; please use one that shows a face from the front, large and bright enough.',
    )
    expect(await refusal(await practicePicture('ada'), await landscape())).toContain('in the target picture')
  })

  it('when there is no face of that number', async () => {
    const [ada, group] = await Promise.all([practicePicture('ada'), practicePicture('group')])
    expect(await refusal(ada, group, 2)).toBe(
      'There is one face in the source picture; please choose number 1.',
    )
    expect(await refusal(ada, group, 1, 5)).toBe(
      'There are 3 faces in the target picture; please choose a number from 1 to 3.',
    )
    expect(await refusal(ada, group, 1, 0)).toContain('please choose a number from 1 to 3.')
  })

  it('when a face is too small', async () => {
    const small = await sharp(await practicePicture('ada'))
      .resize(100)
      .png()
      .toBuffer()
    expect(await refusal(small, await practicePicture('ada'))).toMatch(
      /^The face in the source picture is too small \(about \d\d pixels wide\); please use a picture where it is at least 48 pixels wide\.$/,
    )
  })

  it('when a face is turned away or the two are held too differently', async () => {
    const bruno = await practicePicture('bruno')
    expect(await refusal(bruno, await facePicture('turned'))).toMatch(
      /^(The face in the target picture is turned too far to the side|No face was found in the target picture)/,
    )
    expect(await refusal(await practicePicture('ada'), await facePicture('quarter'))).toMatch(
      /^The two heads are held too differently \(\d\d degrees apart\)/,
    )
  })

  it('when a file is no picture', async () => {
    expect(await refusal(Buffer.from('not a picture'), await practicePicture('ada'))).toBe(
      'The source picture cannot be opened; please send it as PNG, JPEG or WebP.',
    )
    const broken = Buffer.from(await practicePicture('ada')).subarray(0, 9000)
    expect(await refusal(await practicePicture('ada'), broken)).toContain('The target picture')
  })
})

describe('the mark', () => {
  it.each([
    [64, 64],
    [150, 300],
    [640, 640],
    [3000, 1200],
  ])('stands legibly in a picture of %i x %i and leaves the rest alone', async (width, height) => {
    const plain = await sharp({ create: { width, height, channels: 3, background: '#c08040' } })
      .png()
      .toBuffer()
    const marked = await markSwap(plain)
    const size = await sharp(marked).metadata()
    expect([size.width, size.height]).toEqual([width, height])
    const pixels = await sharp(marked).removeAlpha().raw().toBuffer()
    let [light, dark, untouched] = [0, 0, 0]
    for (let i = 0; i < pixels.length; i += 3) {
      const [r, g, b] = [pixels[i] ?? 0, pixels[i + 1] ?? 0, pixels[i + 2] ?? 0]
      if (r > 200 && g > 200 && b > 200) light++
      else if (r < 80 && g < 60 && b < 60) dark++
      else if (r === 0xc0 && g === 0x80 && b === 0x40) untouched++
    }
    expect(light).toBeGreaterThan(60)
    expect(dark).toBeGreaterThan(200)
    expect(untouched / (width * height)).toBeGreaterThan(width < 100 ? 0.3 : 0.85)
  })
})
