/** Snowflakes: 42 bits of milliseconds since 2015, then a counter; always larger than the one before. */

const DISCORD_EPOCH_MS = 1_420_070_400_000n

export type Ids = {
  next(): string
  /** Ids given from now on are larger than this one. */
  after(id: string): void
}

export function createIds(now: () => number): Ids {
  let last = 0n
  return {
    next() {
      const byTime = (BigInt(Math.floor(now())) - DISCORD_EPOCH_MS) << 22n
      last = byTime > last ? byTime : last + 1n
      return String(last)
    },
    after(id) {
      if (BigInt(id) > last) last = BigInt(id)
    },
  }
}

/** Milliseconds since 1970 at which an id was made. */
export const timeOfId = (id: string): number => Number((BigInt(id) >> 22n) + DISCORD_EPOCH_MS)
