/** Files that a person may bring: photos, masks, and things that only look like pictures. */
import { crc32 } from 'node:zlib'
import sharp from 'sharp'

/**
 * A JPEG of 900 x 600: an apple between a blue sky and a brown table. `orientation` 6: as a camera stores it that was held upright, so
 * that the file lies on its side; `gps`: with a place in it.
 */
export async function photo({ orientation = 1, gps = false } = {}): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><rect width="900" height="600" fill="#6aa5dc"/>
    <rect y="430" width="900" height="170" fill="#8a5a34"/><circle cx="450" cy="300" r="165" fill="#c8201c"/></svg>`
  const upright = sharp(Buffer.from(svg)).removeAlpha()
  // Orientation 6 is turned by 90 degrees clockwise for viewing, so the file is the picture turned the other way.
  const stored = orientation === 6 ? upright.rotate(270) : upright
  const exif = gps
    ? {
        IFD3: {
          GPSLatitudeRef: 'N',
          GPSLatitude: '52/1 31/1 0/1',
          GPSLongitudeRef: 'E',
          GPSLongitude: '13/1 24/1 0/1',
        },
      }
    : {}
  return stored.jpeg({ quality: 90 }).withExif(exif).withMetadata({ orientation }).toBuffer()
}

/** A PNG of one colour with a circle in it (all of one colour where it is black or white). */
export function drawn(width: number, height: number, colour = '#484'): Promise<Buffer> {
  const circle = /^#(000|fff)$/.test(colour) ? '' : '<circle cx="50%" cy="50%" r="30%" fill="#fc4"/>'
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${colour}"/>${circle}</svg>`
  return sharp(Buffer.from(svg)).removeAlpha().png().toBuffer()
}

/** 512 x 512, the left half white. */
export function halfMask(): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512"><rect width="512" height="512"/><rect width="256" height="512" fill="#fff"/></svg>`
  return sharp(Buffer.from(svg)).removeAlpha().png().toBuffer()
}

export const gif = (): Promise<Buffer> =>
  sharp({ create: { width: 40, height: 40, channels: 3, background: '#c20' } })
    .gif()
    .toBuffer()

/** A PNG that says it is as large as that; there is next to nothing in it. */
export function bombHeader(side: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const frame = Buffer.alloc(8)
    frame.writeUInt32BE(data.length, 0)
    frame.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
  }
  const magic = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    magic,
    chunk('IHDR', header),
    chunk('IDAT', Buffer.alloc(64)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Three frames; only the first is green. */
export async function animatedWebp(): Promise<Buffer> {
  const frames = await Promise.all(
    ['#0a0', '#a00', '#00a'].map((background) =>
      sharp({ create: { width: 60, height: 60, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  )
  return sharp(frames, { join: { animated: true } })
    .webp({ loop: 0, delay: [100, 100, 100] })
    .toBuffer()
}
