import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import {
  createFaces,
  type Face,
  type PracticeFace,
  practiceFaces,
  practicePicture,
  sameFace,
} from '../../src/services/faces/index.ts'
import { alone, mustBeAlone } from '../../src/services/alone.ts'
import { createInputs } from '../../src/services/inputs.ts'
import { compareSignatures } from '../../src/services/faces/signature.ts'
import { temporaryFolder } from '../support/studio.ts'
import { emoji, facePicture, landscape } from '../support/facePictures.ts'

const faces = createFaces()
afterAll(() => faces.close())
const single: PracticeFace[] = practiceFaces().filter((face) => face.faces === 1)

it('cuts each face of a group out alone, and it is still the picture that was agreed to', async () => {
  const inputs = await createInputs(await temporaryFolder())
  const kit = { faces }
  const { id } = await inputs.keep(await practicePicture('group'))
  for (const face of [0, 1, 2]) {
    const cut = await alone({ inputId: id, face }, 'ReActor', { kit, inputs })
    const png = await inputs.png(cut.inputId)
    expect((await faces.find(png)).faces).toHaveLength(1)
    const agreed = await faces.signature(await inputs.png(id), face + 1)
    expect(sameFace(agreed, await faces.signature(png, 1))).toBe(true)
  }
  await expect(mustBeAlone(id, 'ReActor', { kit, inputs })).rejects.toThrow('ReActor counts faces by itself')
})

describe('faces are found', () => {
  it.each(single.map((face) => face.name))(
    'one in the practice picture %s, frontal and large',
    async (name) => {
      const { width, height, faces: found } = await faces.find(await practicePicture(name))
      expect(found).toHaveLength(1)
      const face: Face | undefined = found[0]
      expect(face?.score).toBeGreaterThan(0.7)
      expect(Math.abs(face?.yaw ?? 90)).toBeLessThan(15)
      expect(face?.box.width).toBeGreaterThan(150)
      expect(face?.landmarks).toHaveLength(936)
      const inside = face?.landmarks.every((value, i) => value > 0 && value < (i % 2 === 0 ? width : height))
      expect(inside).toBe(true)
    },
  )

  it('all of a group, from left to right, also when the picture is small', async () => {
    const group = await practicePicture('group')
    const { faces: found } = await faces.find(group)
    expect(found).toHaveLength(3)
    expect(found.map((face) => face.box.x)).toEqual(found.map((face) => face.box.x).toSorted((a, b) => a - b))
    const small = await faces.find(await sharp(group).resize(420).png().toBuffer())
    expect(small.faces).toHaveLength(3)
  })

  it('in the picture as a person sees it: turned by its EXIF', async () => {
    const upright = await practicePicture('ada')
    const lying = await sharp(upright).rotate(270).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    const [face] = (await faces.find(lying)).faces
    const [wanted] = (await faces.find(upright)).faces
    expect(face?.box.x).toBeCloseTo(wanted?.box.x ?? -1, -1)
    expect(face?.box.y).toBeCloseTo(wanted?.box.y ?? -1, -1)
  })

  it('and their turn is read from the mesh, more than 0 to their own left', async () => {
    const [quarter] = (await faces.find(await facePicture('quarter'))).faces
    const [straight] = (await faces.find(await practicePicture('dario'))).faces
    expect(quarter?.yaw).toBeGreaterThan(15)
    expect(straight?.yaw).toBeLessThan(0)
  })

  it('none in a landscape or a heart', async () => {
    expect((await faces.find(await landscape())).faces).toEqual([])
    expect((await faces.find(await emoji())).faces).toEqual([])
  })

  it('and numbered for the question which one', async () => {
    const group = await practicePicture('group')
    const { png, count, alt } = await faces.boxes(group)
    expect(count).toBe(3)
    expect(alt).toBe('The picture with boxes round 3 faces, numbered 1 to 3 from left to right.')
    const before = await sharp(group).metadata()
    const after = await sharp(png).metadata()
    expect([after.format, after.width, after.height]).toEqual(['png', before.width, before.height])
    expect((await faces.boxes(await landscape())).alt).toBe('The picture; no face was found in it.')
  })
})

describe('a signature', () => {
  it('is short and the same after saving again, scaling, cropping and brightening', async () => {
    for (const { name } of single.slice(0, 2)) {
      const picture = await practicePicture(name)
      const signature = await faces.signature(picture, 1)
      expect(signature.length).toBeLessThanOrEqual(256)
      for (const changed of [
        sharp(picture).jpeg({ quality: 70 }),
        sharp(picture).resize(300),
        sharp(picture).modulate({ brightness: 1.2 }),
        sharp(picture).extract({ left: 40, top: 24, width: 570, height: 580 }).webp({ quality: 80 }),
      ]) {
        const again = await faces.signature(await changed.toBuffer(), 1)
        expect(sameFace(signature, again)).toBe(true)
        expect(compareSignatures(signature, again).alike).toBeGreaterThan(0.93) // the line is at 0.86
      }
    }
  })

  it('differs between faces, and between two pictures of one person', async () => {
    const all = await Promise.all(
      single.map(async ({ name }) => faces.signature(await practicePicture(name), 1)),
    )
    all.forEach((one, i) => all.slice(i + 1).forEach((other) => expect(sameFace(one, other)).toBe(false)))
    const again = await faces.signature(await facePicture('bruno-again'), 1)
    expect(sameFace(all[1] ?? again, again)).toBe(false)
    expect(compareSignatures(all[0] ?? again, all[2] ?? again).alike).toBeLessThan(0.8)
  })

  it('belongs to one of several faces', async () => {
    const group = await practicePicture('group')
    const second = await faces.signature(group, 2)
    expect(sameFace(second, await faces.signature(group, 2))).toBe(true)
    expect(sameFace(second, await faces.signature(group, 3))).toBe(false)
    await expect(faces.signature(group, 4)).rejects.toThrow(
      'There are 3 faces in the picture; please choose a number from 1 to 3.',
    )
  })

  it('is never the same as something else', async () => {
    const signature = await faces.signature(await practicePicture('ada'), 1)
    expect(sameFace(signature, new Uint8Array())).toBe(false)
    expect(sameFace(new Uint8Array(signature.length), new Uint8Array(signature.length))).toBe(false)
  })
})

describe('the thread', () => {
  it('gives up at once when aborted, and goes on with the next task', async () => {
    const picture = await practicePicture('ada')
    const stop = new AbortController()
    const first = faces.find(picture, stop.signal)
    stop.abort(new Error('nobody waits'))
    await expect(first).rejects.toThrow('nobody waits')
    await expect(faces.find(picture, stop.signal)).rejects.toThrow('nobody waits')
    expect((await faces.find(picture)).faces).toHaveLength(1)
  })

  it('ends with close, also while it works, and does nothing afterwards', async () => {
    const own = createFaces()
    const picture = await practicePicture('ada')
    await own.find(picture)
    const open = own.find(picture).catch((error: Error) => error.message)
    await own.close()
    expect(await open).toBe('the face thread is closed')
    await expect(own.find(picture)).rejects.toThrow('the face thread is closed')
    await createFaces().close()
  })
})

describe('practice faces', () => {
  it('are small files with all that credit asks for', async () => {
    let bytes = 0
    for (const face of practiceFaces()) {
      bytes += (await practicePicture(face.name)).length
      expect(face.description.length).toBeGreaterThan(40)
      expect(face.licence).toBe('CC0-1.0')
    }
    expect(practiceFaces().length).toBeGreaterThanOrEqual(7)
    expect(bytes).toBeLessThan(1_500_000)
  })

  it('are named when somebody asks for another one', async () => {
    await expect(practicePicture('zoe')).rejects.toThrow(
      /^There is no practice face "zoe"; please choose one of ada, /,
    )
  })
})
