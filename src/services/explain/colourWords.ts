/** Which colours are to be seen where, in words for people who cannot see the picture. */
import { toRgb, type Size } from './planes.ts'

/** The (at most four) colour words that cover at least a twentieth of a picture, most first, and the commonest one in its outer eighth. */
export type Look = { colours: { word: string; share: number }[]; edges: string }

export function lookOf(planes: Float32Array, { width, height }: Size): Look {
  const bytes = toRgb(planes)
  const all = new Map<string, number>()
  const edges = new Map<string, number>()
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 3 * (y * width + x)
      const word = colourWord(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0)
      all.set(word, (all.get(word) ?? 0) + 1)
      const out = Math.max(Math.abs((x + 0.5) / width - 0.5), Math.abs((y + 0.5) / height - 0.5))
      if (out > 0.375) edges.set(word, (edges.get(word) ?? 0) + 1)
    }
  }
  const colours = byCount(all).map(([word, count]) => ({ word, share: count / (width * height) }))
  return {
    colours: colours.slice(0, 4).filter(({ share }) => share >= 0.05),
    edges: byCount(edges)[0]?.[0] ?? 'grey',
  }
}

const byCount = (counts: Map<string, number>) => [...counts].sort((a, b) => b[1] - a[1])

const hues: readonly [upTo: number, word: string][] = [
  [15, 'red'],
  [42, 'orange'],
  [68, 'yellow'],
  [165, 'green'],
  [195, 'turquoise'],
  [255, 'blue'],
  [290, 'purple'],
  [345, 'pink'],
  [360, 'red'],
]

/** A basic colour word for one pixel (channels 0..255). */
export function colourWord(red: number, green: number, blue: number): string {
  const high = Math.max(red, green, blue)
  const low = Math.min(red, green, blue)
  const chroma = high - low
  if (chroma < 28) {
    if (high > 225) return 'white'
    return high < 50 ? 'black' : 'grey'
  }
  if (high < 60) return 'black'
  const sector =
    high === red
      ? (green - blue) / chroma
      : high === green
        ? 2 + (blue - red) / chroma
        : 4 + (red - green) / chroma
  const hue = (sector * 60 + 360) % 360
  const word = hues.find(([upTo]) => hue < upTo)?.[1] ?? 'red'
  if (word === 'orange' && high < 150) return 'brown'
  if (word === 'red' && low > 120) return 'pink'
  return word
}
