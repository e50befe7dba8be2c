/** A whole class in the same instant, on machines of 1 s a picture: when the first, the middle and the last one has it. */
import path from 'node:path'
import { elsewhere } from './elsewhere.ts'
import { etaRows } from './eta.ts'
import { median, plain, quantile, seconds, spread, verdict, worst, type Part } from './figures.ts'
import { startMachines } from './machines.ts'
import type { Run } from './part.ts'
import { playRound, type Round } from './round.ts'
import { names, openStage } from './stage.ts'
import { otherUploadsSince, storiesOf, type Story } from './stories.ts'

const LANES = [1, 2, 4]
const STEPS = 20
const MOST_EDITS = 6

export async function benchLanes(run: Run): Promise<Part> {
  const parts: Part[] = []
  for (const lanes of LANES) parts.push(tell(await play(lanes, run)))
  return {
    rows: [...parts.flatMap(({ rows }) => rows), ...elsewhere],
    targets: parts.flatMap(({ targets = [] }) => targets),
  }
}

type Played = {
  what: string
  rounds: readonly Round[]
  lanes: number
  people: number
  pictureMs: number
  /** What a machine needs without any bot. */
  bareMs: number
  galleryUploads: number
}

async function play(lanes: number, { folder, amount, say }: Run): Promise<Played> {
  const people = amount(20, 6)
  const count = amount(3, 1)
  const msPerStep = amount(50, 10)
  const what = `${people} people, ${lanes} ${lanes === 1 ? 'lane' : 'lanes'}`
  const machines = await startMachines(lanes, msPerStep)
  const bareMs = await machines.bareMs(STEPS)
  const stage = await openStage({
    folder: path.join(folder, `${lanes}`),
    students: names(people),
    env: { AUTO1111_URLS: machines.addresses },
  })
  const command = (seed: number) =>
    `/imagine prompt:"a lighthouse" model:${machines.model} steps:${STEPS} seed:${seed}`
  try {
    // One picture for each lane, so that the time of one is known.
    const first = await stage.typeAll(stage.students.slice(0, lanes), command)
    await stage.bot.idle()
    await storiesOf(first, stage.reports)
    const before = stage.reports.length
    const rounds: Round[] = []
    for (let round = 1; round <= count; round++) {
      say(`${what}, round ${round} of ${count}`)
      rounds.push(await playRound(stage, stage.students, (person) => command(round * 100 + person)))
    }
    const galleryUploads = otherUploadsSince(stage.reports, before)
    return { what, rounds, lanes, people, pictureMs: STEPS * msPerStep, bareMs, galleryUploads }
  } finally {
    await stage.close()
    await machines.close()
  }
}

function tell({ what, rounds, lanes, people, pictureMs, bareMs, galleryUploads }: Played): Part {
  const inTurn = Math.ceil(people / lanes)
  const most = inTurn * pictureMs * 1.01 + 100
  const each = (name: string, of: (times: readonly number[]) => number, how: string) => {
    const values = rounds.map(({ stories, beganAt }) => of(stories.map(({ result }) => result.at - beganAt)))
    const row = {
      what: `${what}: ${name}`,
      figure: seconds(median(values)),
      spread: spread(values, seconds),
      how,
    }
    return { row, value: median(values) }
  }
  const first = each(
    'first picture',
    (times) => quantile(times, 0),
    `median of ${rounds.length}, from the instant of asking to the edit with the picture`,
  )
  const middle = each('median picture', median, 'the same')
  const last = each('last picture', worst, '')
  const excess = last.value - most
  const compared = `${seconds(Math.abs(excess))} ${excess > 0 ? 'over' : 'below'}: ${verdict(excess <= 0)}`
  const ideal = `ideal ${seconds(inTurn * pictureMs)}; allowed x 1.01 + 0.1 s = ${seconds(most)}, ${compared}`
  const alone = `a machine alone needs ${seconds(bareMs)} a picture, so ${seconds(inTurn * bareMs)}`

  const edits = rounds.map(({ stories }) => stories.map((story) => story.edits.length))
  const mostEdits = edits.map(worst)
  const uploads = rounds.map(({ stories }) => average(stories.map(uploadsOf)))
  const pictures = edits.flat().length
  return {
    rows: [
      first.row,
      middle.row,
      { ...last.row, how: `${ideal}; ${alone}` },
      {
        what: `${what}: edits before the picture`,
        figure: `${worst(mostEdits)} at most, median ${plain(median(edits.flat()))}`,
        spread: spread(mostEdits, plain),
        how: `of ${pictures} pictures; spread of the most`,
      },
      {
        what: `${what}: uploads per picture`,
        figure: plain(average(uploads)),
        spread: spread(uploads, plain),
        how: `in the reply, previews and the picture itself; besides ${plain(galleryUploads / pictures)} to the gallery`,
      },
      ...etaRows(
        what,
        rounds.map(({ etas }) => etas),
      ),
    ],
    targets: [
      {
        target: `${what}, last picture <= ideal x 1.01 + 0.1 s = ${seconds(most)}`,
        figure: seconds(last.value),
        isMet: excess <= 0,
      },
      {
        target: `${what}, edits before the picture <= ${MOST_EDITS}`,
        figure: String(worst(mostEdits)),
        isMet: worst(mostEdits) <= MOST_EDITS,
      },
    ],
  }
}

const uploadsOf = ({ edits, result }: Story): number =>
  [...edits, result].reduce((sum, message) => sum + message.uploads.length, 0)

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
