/** Pictures for the tests of the face engine. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

/** A rendered head that is turned 60 degrees, and another picture of an invented person who is also a practice face. */
export const facePicture = (name: 'turned' | 'bruno-again' | 'quarter'): Promise<Uint8Array> =>
  readFile(new URL(`../fixtures/faces/${name}.jpg`, import.meta.url))

/** Sky, sun, hills and two trees: nothing that looks back. */
export function landscape(): Promise<Uint8Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600">
    <defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="#4a86c5"/><stop offset="1" stop-color="#e8d9b8"/></linearGradient></defs>
    <rect width="800" height="600" fill="url(#sky)"/><circle cx="620" cy="120" r="46" fill="#fff3c4"/>
    <path d="M0 420C160 300 300 330 430 400S700 330 800 380V600H0Z" fill="#5f7f4f"/>
    <path d="M0 500C200 430 420 520 800 460V600H0Z" fill="#3f5f37"/>
    <path d="M150 500l40-130 40 130zM520 520l30-90 30 90z" fill="#23402a"/></svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}

/** A drawn heart. */
export function emoji(): Promise<Uint8Array> {
  const sheet = fileURLToPath(new URL('../../data/models/emoji/sheet.png', import.meta.url))
  return sharp(sheet).extract({ left: 0, top: 0, width: 66, height: 64 }).resize(512, 512).png().toBuffer()
}

/** Middle difference of two pictures of one size in a region, 0 to 255. */
export async function difference(a: Uint8Array, b: Uint8Array, region: Region): Promise<number> {
  const [left, right] = await Promise.all([a, b].map((one) => pixels(one, region)))
  let sum = 0
  left?.forEach((value, i) => (sum += Math.abs(value - (right?.[i] ?? 0))))
  return sum / (left?.length ?? 1)
}

type Region = { x: number; y: number; width: number; height: number }

function pixels(picture: Uint8Array, { x, y, width, height }: Region): Promise<Buffer> {
  const region = {
    left: Math.round(x),
    top: Math.round(y),
    width: Math.round(width),
    height: Math.round(height),
  }
  return sharp(picture).extract(region).removeAlpha().raw().toBuffer()
}
