/** What every part of the benchmark is given. */
import type { Part } from './figures.ts'

export type Run = {
  /** A folder of its own for each part; it is gone after the run. */
  folder: string
  /** The first for a real run, the second for a quick one, whose figures mean nothing. */
  amount: (full: number, quick: number) => number
  /** For whoever waits; not part of the table. */
  say: (line: string) => void
}

export type Measure = (run: Run) => Promise<Part>
