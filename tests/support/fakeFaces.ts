/**
 * Faces without networks: a picture is a row of coloured columns, 64 pixels wide, and each colour is somebody's face (grey is
 * nobody's). Survives cleaning and scaling, and what a swap did can be read from the pixels.
 */
import sharp from 'sharp'
import { UserError } from '../../src/errors.ts'
import type { FaceKit } from '../../src/services/faceKit.ts'

const COLUMN = 64
const HEIGHT = 128

/** Whose face has which colour. */
const colours = {
  ada: [200, 40, 40],
  grace: [40, 200, 40],
  ben: [40, 40, 200],
  mei: [200, 200, 40],
  noor: [40, 200, 200],
  nobody: [128, 128, 128],
} as const
type Name = keyof typeof colours

/** A PNG with these faces from left to right. */
export async function facePicture(...names: Name[]): Promise<Buffer> {
  const columns = names.map((name, i) => {
    const [r, g, b] = colours[name]
    return {
      input: { create: { width: COLUMN, height: HEIGHT, channels: 3 as const, background: { r, g, b } } },
      left: i * COLUMN,
      top: 0,
    }
  })
  const ground = { width: names.length * COLUMN, height: HEIGHT, channels: 3 as const, background: 'grey' }
  return sharp({ create: ground }).composite(columns).png().toBuffer()
}

/** Whose faces are seen in a picture, from left to right. */
export async function facesIn(png: Uint8Array): Promise<string[]> {
  return (await columnsOf(png)).map(({ colour }) => nameOf(colour)).filter((name) => name !== 'nobody')
}

const isSame = (a: Uint8Array, b: readonly number[] | Uint8Array) =>
  a.length === 3 && a.every((value, i) => Math.abs(value - (b[i] ?? 0)) < 20)

const nameOf = (colour: Uint8Array): string =>
  Object.entries(colours).find(([, known]) => isSame(colour, known))?.[0] ?? 'nobody'

async function columnsOf(png: Uint8Array) {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return Array.from({ length: Math.max(1, Math.floor(info.width / COLUMN)) }, (_, i) => {
    const at = (Math.floor(info.height / 4) * info.width + i * COLUMN + COLUMN / 2) * 3
    return { index: i, height: info.height, width: info.width, colour: data.subarray(at, at + 3) }
  })
}

async function faces(png: Uint8Array) {
  return (await columnsOf(png)).filter(({ colour }) => nameOf(colour) !== 'nobody')
}

async function nth(png: Uint8Array, number: number, which: string) {
  const found = (await faces(png))[number - 1]
  if (found) return found
  throw new UserError(
    'invalid-options',
    `There is no face ${number} in the ${which}picture; please choose another one.`,
  )
}

/** Ada and Grace are the practice faces. */
export function createFakeKit(): FaceKit {
  return {
    faces: {
      async find(png) {
        const all = await faces(png)
        const { width, height } = await sharp(png).metadata()
        return {
          width,
          height,
          faces: all.map(({ index }) => ({
            box: { x: index * COLUMN + 8, y: 8, width: COLUMN - 16, height: height - 16 },
            landmarks: new Float32Array([index * COLUMN + 20, 30, index * COLUMN + 44, 30]),
            score: 1,
            yaw: 0,
          })),
        }
      },
      async swap({ source, target, sourceFace, targetFace }, signal) {
        const from = await nth(source, sourceFace, 'source ')
        const to = await nth(target, targetFace, 'target ')
        signal?.throwIfAborted()
        const [r, g, b] = from.colour as unknown as [number, number, number]
        const patch = {
          create: { width: COLUMN, height: to.height, channels: 3 as const, background: { r, g, b } },
        }
        const png = await sharp(target)
          .composite([{ input: patch, left: to.index * COLUMN, top: 0 }])
          .png()
          .toBuffer()
        const stage = (name: 'boxes' | 'blend', picture: Uint8Array) => ({
          name,
          title: `Stage ${name}`,
          sentence: `What ${name} does.`,
          png: picture,
          alt: `The stage ${name}.`,
        })
        return {
          png,
          width: to.width,
          height: to.height,
          stages: [stage('boxes', target), stage('blend', png)],
        }
      },
      async boxes(png) {
        const { length: count } = await faces(png)
        return { png, count, alt: `A picture with ${count} numbered faces.` }
      },
      signature: async (png, number) => Uint8Array.from((await nth(png, number, '')).colour),
      close: () => Promise.resolve(),
    },
    sameFace: (a, b) => isSame(a, b),
    practiceFaces: () => [
      { name: 'ada', title: 'Ada', description: 'A practice face.', faces: 1 },
      { name: 'grace', title: 'Grace', description: 'Another practice face.', faces: 1 },
    ],
    practicePicture: (name) => facePicture(name as Name),
  }
}
