/** What other bots needed for the same work; measured elsewhere, quoted here, never measured by this run. */
import type { Row } from './figures.ts'

/** One run each, "indicative, not rigorous"; the second bot with a library older than it asks for. */
const HOW =
  'not of this run: one run elsewhere on 2 cores, 20 people, loopback Discord, stand-in of 1 s a picture'

export const elsewhere: readonly Row[] = [
  {
    what: 'elsewhere: ImDarkTom/StableDiffusionBot dc365da, 1 lane',
    figure: '11.2 s median, 20.2 s last',
    how: `${HOW}; 95 edits, each with an upload`,
  },
  {
    what: 'elsewhere: jtyszkiew/ImageSmith of February 2026, 1 ComfyUI',
    figure: '11.2 s median, 20.4 s last',
    how: `${HOW}; 160 edits`,
  },
  {
    what: 'elsewhere: jtyszkiew/ImageSmith of February 2026, 2 ComfyUI',
    figure: '20.9 s last',
    how: `${HOW}; ideal 10 s, the second machine drew nothing`,
  },
]
