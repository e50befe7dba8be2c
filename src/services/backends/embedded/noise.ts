/**
 * Seeded noise: Philox 4x32-10 (Salmon et al. 2011) and the Box-Muller transform, as AUTOMATIC1111's random number source "NV"
 * (which copies CUDA's torch.randn). Drawing n has counter [n, 0, i, 0] for its number i, so that every drawing of a seed is found
 * without making those before it.
 */

/** A stream of noise: each call gives `length` new standard normal numbers of this seed (unsigned 32 bits). */
export function createNoise(seed: number, length: number): () => Float32Array {
  let drawing = 0
  return () => {
    const numbers = new Float32Array(length).map((_, index) => {
      const [a, b] = philox([drawing, 0, index, 0], [seed, 0])
      const u = (a + 0.5) / 2 ** 32
      const v = (b + 0.5) / 2 ** 32
      return Math.sqrt(-2 * Math.log(u)) * Math.sin(2 * Math.PI * v)
    })
    drawing++
    return numbers
  }
}

type Four = readonly [number, number, number, number]

/** Philox 4x32 with 10 rounds: four unsigned 32-bit numbers from a counter and a key. */
export function philox(counter: Four, key: readonly [number, number]): Four {
  let [a, b, c, d] = counter
  let [k, l] = key
  for (let round = 0; round < 10; round++) {
    const high0 = highHalf(a, 0xd2511f53)
    const low0 = Math.imul(a, 0xd2511f53) >>> 0
    a = (highHalf(c, 0xcd9e8d57) ^ b ^ k) >>> 0
    b = Math.imul(c, 0xcd9e8d57) >>> 0
    c = (high0 ^ d ^ l) >>> 0
    d = low0
    k = (k + 0x9e3779b9) >>> 0
    l = (l + 0xbb67ae85) >>> 0
  }
  return [a, b, c, d]
}

/** The upper 32 bits of a product of two unsigned 32-bit numbers, by 16-bit halves to stay exact. */
function highHalf(x: number, y: number): number {
  const xh = x >>> 16
  const xl = x & 0xffff
  const yh = y >>> 16
  const yl = y & 0xffff
  const middle = xh * yl + ((xl * yl) >>> 16)
  const carry = (middle % 0x10000) + xl * yh
  return xh * yh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)
}

/**
 * Spherical interpolation (Shoemake 1985) from one noise to another: a mix that is as long as noise should be, which a plain mix is
 * not. AUTOMATIC1111's variation strength; it takes the angle per column of pixels, this takes it over the whole picture.
 */
export function slerp(from: Float32Array, to: Float32Array, strength: number): Float32Array {
  if (strength === 0) return from.slice()
  if (strength === 1) return to.slice()
  const cosine = dot(from, to) / Math.sqrt(dot(from, from) * dot(to, to))
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)))
  const [a, b] =
    angle < 1e-4
      ? [1 - strength, strength]
      : [Math.sin((1 - strength) * angle) / Math.sin(angle), Math.sin(strength * angle) / Math.sin(angle)]
  return from.map((value, index) => a * value + b * (to[index] as number))
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0)
}
