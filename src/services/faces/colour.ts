/** Gives the source's face the light and the tint of the target. */
import { blur, type Lab } from './planes.ts'

/** How far the spread of a colour may be pulled or pressed; beyond, noise would be blown up. */
const spread = { least: 0.6, most: 1.2 }
/** How much of the target's soft light and shade is taken over, and over what distance, in widths of the face. */
const shade = { share: 0.8, reach: 0.13 }

/**
 * On the skin: lightness with about its own contrast, mean and spread of both colour channels as on the target,
 * then the difference of soft light (side light, shadow under the brows). In the eyes: the target's range from black to white,
 * but the source's own colour, because an eye is as white in a dark face as in a pale one. The same face in the same light comes
 * out unchanged.
 * @param skin 0 to 1: where both pictures show skin
 * @param eyes 0 to 1: where the eyes are
 */
export function transferColour(
  from: Lab,
  to: Lab,
  { skin, eyes }: { skin: Float32Array; eyes: Float32Array },
  { width, height, faceWidth }: { width: number; height: number; faceWidth: number },
): Lab {
  const radius = Math.max(1, faceWidth * shade.reach)
  const weight = blur(skin, width, height, radius)
  const times = timesLighter(from[0], to[0], skin)
  return from.map((plane, channel) => {
    const goal = to[channel] as Float32Array
    const onSkin = matching(plane, goal, skin, (stretch) =>
      channel === 0
        ? // Between matching spreads (dark brows would fade on pale skin) and keeping proportions (skin would look like metal).
          Math.min(1.05, stretch ** 0.7 * times ** 0.3)
        : // Lips and lids of darker skin are less colourful.
          stretch * clamp(times, 0.45, 1),
    )
    const inEyes = matching(plane, goal, eyes, (stretch) => stretch)
    const moved = plane.map(onSkin)
    const missing = moved.map((value, i) => ((goal[i] as number) - value) * (skin[i] as number))
    const soft = blur(missing, width, height, radius)
    return moved.map((value, i) => {
      const around = weight[i] as number
      const lit = around < 1e-3 ? value : value + (shade.share * (soft[i] as number)) / around
      const eye = eyes[i] as number
      if (eye === 0) return lit
      const own = plane[i] as number
      const seen = channel === 0 ? inEyes(own) : (own + inEyes(own)) / 2
      return lit + (seen - lit) * eye
    })
  }) as Lab
}

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value))

/** How much lighter the one skin is than the other. */
function timesLighter(from: Float32Array, to: Float32Array, skin: Float32Array): number {
  return clamp(measure(to, skin).mean / Math.max(1e-4, measure(from, skin).mean), 0.4, 2.5)
}

/**
 * What carries the values of one plane to those of the other, judged where `where` is more than 0.
 * @param contrast from how much wider the goal's values are spread to how much wider the answer's shall be
 */
function matching(
  plane: Float32Array,
  goal: Float32Array,
  where: Float32Array,
  contrast: (stretch: number) => number,
): (value: number) => number {
  const here = measure(plane, where)
  const there = measure(goal, where)
  const times = contrast(clamp(there.spread / Math.max(1e-4, here.spread), spread.least, spread.most))
  return (value) => there.mean + (value - here.mean) * times
}

function measure(plane: Float32Array, skin: Float32Array): { mean: number; spread: number } {
  let [count, sum] = [1e-9, 0]
  for (let i = 0; i < plane.length; i++) {
    count += skin[i] as number
    sum += (plane[i] as number) * (skin[i] as number)
  }
  const mean = sum / count
  let squares = 0
  for (let i = 0; i < plane.length; i++) squares += ((plane[i] as number) - mean) ** 2 * (skin[i] as number)
  return { mean, spread: Math.sqrt(squares / count) }
}
