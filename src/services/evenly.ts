/** At most `most` indices of `count` things, evenly spread, with the first and the last. */
export function chooseEvenly(count: number, most: number): number[] {
  const shown = Math.min(count, most)
  if (shown === 1) return [count - 1]
  return Array.from({ length: shown }, (_, i) => Math.round((i * (count - 1)) / (shown - 1)))
}
