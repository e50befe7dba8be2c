/** A whole class in the same instant, on machines of 1 s a picture: when the first, the middle and the last one has it. */
import path from 'node:path'
import { etaRows, forecasts, told, type Eta } from './eta.ts'
import { median, plain, quantile, seconds, spread, verdict, worst, type Part, type Row } from './figures.ts'
import { startMachines } from './machines.ts'
import type { Run } from './part.ts'
import { names, openStage } from './stage.ts'
import { otherUploadsSince, storiesOf, type Story } from './stories.ts'

const LANES = [1, 2, 4]
const STEPS = 20
const MOST_EDITS = 6

export async function benchLanes(run: Run): Promise<Part> {
  const parts: Part[] = []
  for (const lanes of LANES) parts.push(await benchSome(lanes, run))
  return {
    rows: [...parts.flatMap(({ rows }) => rows), ...elsewhere],
    targets: parts.flatMap(({ targets = [] }) => targets),
  }
}

async function benchSome(lanes: number, { folder, amount, say }: Run): Promise<Part> {
  const people = amount(20, 6)
  const rounds = amount(3, 1)
  const msPerStep = amount(50, 10)
  const machines = await startMachines(lanes, msPerStep)
  const bareMs = await machines.bareMs(STEPS)
  const stage = await openStage({
    folder: path.join(folder, `${lanes}`),
    students: names(people),
    env: { AUTO1111_URLS: machines.addresses },
  })
  const all: Story[][] = []
  const etas: { forecast: Eta[]; told: Eta[] } = { forecast: [], told: [] }
  let galleryUploads = 0
  const command = (seed: number) =>
    `/imagine prompt:"a lighthouse" model:${machines.model} steps:${STEPS} seed:${seed}`
  try {
    // One picture for each lane, so that the time of one is known.
    await stage.typeAll(stage.students.slice(0, lanes), command)
    await stage.bot.idle()
    for (let round = 1; round <= rounds; round++) {
      say(`${people} people, ${lanes} lanes, round ${round} of ${rounds}`)
      const before = stage.reports.length
      const asked = await stage.typeAll(stage.students, (person) => command(round * 100 + person))
      const line = await stage.bot.line()
      const lookedAt = Date.now()
      await stage.bot.idle()
      const stories = await storiesOf(asked, stage.reports)
      all.push(stories)
      etas.forecast.push(...forecasts(line, lookedAt, stories))
      etas.told.push(...told(stories))
      galleryUploads += otherUploadsSince(stage.reports, before)
    }
  } finally {
    await stage.close()
    await machines.close()
  }

  const what = `${people} people, ${lanes} ${lanes === 1 ? 'lane' : 'lanes'}`
  const pictureMs = STEPS * msPerStep
  const ideal = Math.ceil(people / lanes) * pictureMs
  const most = ideal * 1.01 + 100
  // The instant of asking is the same for all: that of the first.
  const times = all.map((stories) => {
    const began = Math.min(...stories.map(({ sentAt }) => sentAt))
    return stories.map(({ result }) => result.at - began)
  })
  const each = (name: string, of: (values: readonly number[]) => number, how: string): Row => {
    const values = times.map(of)
    return { what: `${what}: ${name}`, figure: seconds(median(values)), spread: spread(values, seconds), how }
  }
  const last = median(times.map(worst))
  const excess = last - most
  const stories = all.flat()
  const edits = stories.map((story) => story.edits.length)
  const uploads = stories.map(({ edits, result }) =>
    [...edits, result].reduce((sum, message) => sum + message.uploads.length, 0),
  )
  return {
    rows: [
      each(
        'first picture',
        (values) => quantile(values, 0),
        `median of ${rounds} rounds, from the instant of asking to the edit with the picture`,
      ),
      each('median picture', median, 'the same'),
      each(
        'last picture',
        worst,
        `ideal ${seconds(ideal)}; allowed x 1.01 + 0.1 s = ${seconds(most)}, ${excess > 0 ? `${seconds(excess)} over` : `${seconds(-excess)} below`}: ${verdict(excess <= 0)}; a machine alone needs ${seconds(bareMs)} a picture`,
      ),
      {
        what: `${what}: edits before the picture`,
        figure: `${worst(edits)} at most, median ${plain(median(edits))}`,
        spread: spread(
          all.map((round) => worst(round.map((story) => story.edits.length))),
          plain,
        ),
        how: `of ${edits.length} pictures; spread of the most over the rounds`,
      },
      {
        what: `${what}: uploads per picture`,
        figure: `${plain(average(uploads))}, median ${plain(median(uploads))}`,
        spread: spread(
          all.map((_, round) => average(uploads.slice(round * people, (round + 1) * people))),
          plain,
        ),
        how: `in the reply, the picture counted; besides ${plain(galleryUploads / stories.length)} to the gallery`,
      },
      ...etaRows(what, etas),
    ],
    targets: [
      {
        target: `${what}, last picture <= ideal x 1.01 + 0.1 s = ${seconds(most)}`,
        figure: seconds(last),
        isMet: excess <= 0,
      },
      {
        target: `${what}, edits before the picture <= ${MOST_EDITS}`,
        figure: String(worst(edits)),
        isMet: worst(edits) <= MOST_EDITS,
      },
    ],
  }
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Not of this run: one run each on another machine of 2 cores, on a loopback Discord and a stand-in of 1 s a picture. */
const ELSEWHERE =
  'not of this run: measured once, 20 people, loopback Discord, stand-in of 1 s a picture, 2 cores'
const elsewhere: Row[] = [
  {
    what: 'elsewhere: ImDarkTom/StableDiffusionBot dc365da, 1 lane',
    figure: '11.2 s median, 20.2 s last',
    how: `${ELSEWHERE}; 95 edits, all with an upload`,
  },
  {
    what: 'elsewhere: jtyszkiew/ImageSmith of February 2026, 1 ComfyUI',
    figure: '11.2 s median, 20.4 s last',
    how: `${ELSEWHERE}; 160 edits`,
  },
  {
    what: 'elsewhere: jtyszkiew/ImageSmith of February 2026, 2 ComfyUI',
    figure: '20.9 s last',
    how: `${ELSEWHERE}; ideal 10 s, the second machine drew nothing`,
  },
]
