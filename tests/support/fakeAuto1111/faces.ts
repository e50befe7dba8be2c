/** ReActor and Roop on the fake machine: what they ignore without a word (auto1111 contract, section 14). */
import sharp from 'sharp'

type Fields = Record<string, unknown>

export type FakeFaces = {
  /** The scripts that are installed, with their models. */
  scripts: { reactor?: string[]; roop?: string[] }
  /** How many faces the detector finds in the source and in the target. */
  source: number
  target: number
}

/** As the API lists scripts: lower case. */
export const scriptList = ({ scripts }: FakeFaces) => {
  const names = ['prompt matrix', 'x/y/z plot', ...Object.keys(scripts)]
  return { txt2img: names, img2img: names }
}

/** The picture after an img2img that changes nothing, with or without a swapped face; undefined when no such script was asked for. */
export async function faceRun(
  body: Fields,
  faces: FakeFaces,
  isInterrupted: boolean,
): Promise<Buffer | undefined> {
  const scripts = (body['alwayson_scripts'] ?? {}) as Record<string, { args: unknown[] }>
  const script = (['reactor', 'roop'] as const).find((name) => name in scripts)
  const [init] = body['init_images'] as string[]
  if (!script || init === undefined) return undefined
  const [width, height] = [Number(body['width']), Number(body['height'])]
  // Once through the decoder: everything a little different.
  const picture = sharp(
    await sharp(Buffer.from(init, 'base64'))
      .resize(width, height)
      .removeAlpha()
      .linear(1, 3)
      .png()
      .toBuffer(),
  )
  if (isInterrupted || !swaps(script, scripts[script]?.args ?? [], faces)) return picture.png().toBuffer()
  const side = Math.round(Math.min(width, height) / 3)
  const face = await sharp({ create: { width: side, height: side, channels: 3, background: '#c08060' } })
    .png()
    .toBuffer()
  return picture
    .composite([{ input: face }])
    .png()
    .toBuffer()
}

function swaps(script: 'reactor' | 'roop', args: unknown[], faces: FakeFaces): boolean {
  const models = faces.scripts[script] ?? []
  if (args[1] !== true || typeof args[0] !== 'string' || args[0] === '') return false
  if (script === 'roop')
    return models.includes(String(args[3])) && isThere(args[2], faces.target) && args[10] === true
  // Its default is the label of the page, which matches nothing.
  if (args[22] !== 0) return false
  return (
    models.includes(String(args[4])) &&
    isThere(args[2], faces.source) &&
    isThere(args[3], faces.target) &&
    args[12] === true
  )
}

const isThere = (index: unknown, count: number): boolean => typeof index === 'string' && Number(index) < count
