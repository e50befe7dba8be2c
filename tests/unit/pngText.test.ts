import sharp from 'sharp'
import { expect, it } from 'vitest'
import { addPngText, barePng, readPngText } from '../../src/services/pngText.ts'

const tiny = () =>
  sharp({ create: { width: 2, height: 2, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()

it('writes Latin-1 as tEXt and everything else as iTXt, and reads both back', async () => {
  const png = addPngText(await tiny(), { parameters: 'déjà vu', other: 'a heart ❤️ 心', name: 'Łucja' })
  expect(png.includes('tEXtparameters\0')).toBe(true)
  expect(png.includes('iTXtother\0')).toBe(true)
  expect(readPngText(png)).toEqual({ parameters: 'déjà vu', other: 'a heart ❤️ 心', name: 'Łucja' })
})

it('puts texts where other programs find them, and leaves the pixels as they are', async () => {
  const plain = await tiny()
  const png = addPngText(plain, { parameters: 'a heart ❤️', Title: 'one' })
  const { comments } = await sharp(png).metadata()
  expect(comments).toEqual([
    { keyword: 'parameters', text: 'a heart ❤️' },
    { keyword: 'Title', text: 'one' },
  ])
  expect(await sharp(png).raw().toBuffer()).toEqual(await sharp(plain).raw().toBuffer())
})

it('reads what another program compressed', async () => {
  const png = addPngText(await tiny(), { parameters: 'kept' })
  const resaved = await sharp(png).keepMetadata().png().toBuffer()
  expect(resaved.includes('zTXt')).toBe(true)
  expect(readPngText(resaved)).toMatchObject({ parameters: 'kept' })
})

it('takes everything from a PNG but its picture', async () => {
  const plain = await tiny()
  const told = addPngText(plain, { parameters: 'a secret', workflow: '{}' })
  const bare = barePng(told)
  expect(bare).toBeDefined()
  expect(readPngText(bare ?? told)).toEqual({})
  expect(bare?.includes('secret')).toBe(false)
  expect(await sharp(bare).raw().toBuffer()).toEqual(await sharp(plain).raw().toBuffer())
})

it('takes nothing that stands behind the end of a picture, and does not walk through pieces without end', async () => {
  const plain = await tiny()
  const behind = addPngText(plain, { parameters: 'hidden' })
  expect(barePng(Buffer.concat([plain, behind.subarray(8)]))).toEqual(barePng(plain))
  const empty = Buffer.from([0, 0, 0, 0, 0x49, 0x44, 0x41, 0x54, 0x35, 0xaf, 0x06, 0x1e])
  const header = plain.subarray(0, 33)
  const pieces = Buffer.concat([header, ...Array.from({ length: 20_000 }, () => empty), plain.subarray(33)])
  expect(barePng(pieces)).toBeUndefined()
})

it('leaves what is no plain and whole PNG to be encoded anew', async () => {
  const plain = await tiny()
  expect(barePng(plain.subarray(0, -12))).toBeUndefined()
  expect(barePng(await sharp(plain).webp().toBuffer())).toBeUndefined()
  const withProfile = await sharp(plain).withIccProfile('p3').png().toBuffer()
  expect(withProfile.includes('iCCP')).toBe(true)
  expect(barePng(withProfile)).toBeUndefined()
})

it('says that something else is not a PNG, and stands half a file', async () => {
  expect(() => readPngText(Buffer.from('GIF89a'))).toThrow('not a PNG')
  const png = addPngText(await tiny(), { parameters: 'early' })
  expect(readPngText(png.subarray(0, -30))).toEqual({ parameters: 'early' })
  expect(() => addPngText(png.subarray(0, 40), { a: 'b' })).toThrow('not a PNG with a picture in it')
})
