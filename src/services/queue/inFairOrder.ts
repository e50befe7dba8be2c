/** The order of those who wait, by start-time fair queueing. Pure. */
import type { WaitingJob } from './waitingJobs.ts'

/** `tag`: its start tag, if nobody else comes; `machines`: those that may draw it. */
export type InLine = WaitingJob & { tag: number; machines: readonly string[] }

/** The machines that may draw a job. */
export type MachinesFor = (job: Pick<WaitingJob, 'model' | 'isPaid'>) => readonly string[]

/** What a person has had in this round. */
export type Had = {
  /** For each machine the finish tag of the last job that was begun and that it may have drawn. */
  finishTags: ReadonlyMap<string, number>
  /** Counts up with every turn that anybody takes; 0 for who never had one. */
  served: number
}

/**
 * Start-time fair queueing (Goyal, Vin and Cheng, "Start-time Fair Queueing", SIGCOMM 1996), with several lanes as in SFQ(D) (Jin,
 * Chase and Kaur, "Interposed Proportional Sharing for a Storage Service Utility", SIGMETRICS 2004). A job's start tag is the
 * finish tag of the job before it of the same person, but at least the virtual time when it was accepted; its finish tag is that plus its
 * seconds. The smallest start tag goes first, and is the virtual time from then on. So who asks for much at once waits behind their
 * own jobs, not behind others' turns, and nobody saves turns up by being away.
 *
 * Each machine counts for itself: the job before it is the last one that some machine may draw as well as this one. So who has drawn much
 * on one machine is behind nobody on another one. What several may draw counts on all of them, whichever draws it: else places
 * would change with the machine that happens to be free first.
 *
 * A job that was begun before (its machine failed, the bot was ended) goes on before all others: its turn is taken.
 * @param jobs in the order in which they were accepted
 * @param had of every person in line
 */
export function inFairOrder(
  jobs: readonly WaitingJob[],
  had: ReadonlyMap<string, Had>,
  machinesFor: MachinesFor,
): InLine[] {
  const finish = new Map([...had].map(([personId, { finishTags }]) => [personId, new Map(finishTags)]))
  const lastTurn = new Map([...had].map(([personId, { served }]) => [personId, served]))
  const tagged = jobs.map((job) => {
    const machines = machinesFor(job)
    if (job.startTag !== null) return { ...job, machines, tag: job.startTag }
    const finishTags = finish.get(job.personId)
    const tag = startTag({ clock: job.clock, machines }, finishTags)
    for (const machine of machines) finishTags?.set(machine, tag + job.seconds)
    return { ...job, machines, tag }
  })
  const begun = tagged.filter(({ startTag }) => startTag !== null)
  const others = tagged.filter(({ startTag }) => startTag === null)
  return [
    ...begun.toSorted((a, b) => a.tag - b.tag),
    ...takeTurns(
      others.filter(({ isFirst }) => isFirst),
      lastTurn,
    ),
    ...takeTurns(
      others.filter(({ isFirst }) => !isFirst),
      lastTurn,
    ),
  ]
}

/** @param finishTags of its person */
export function startTag(
  { clock, machines }: Pick<InLine, 'clock' | 'machines'>,
  finishTags: ReadonlyMap<string, number> | undefined,
): number {
  let tag = clock
  for (const machine of machines) tag = Math.max(tag, finishTags?.get(machine) ?? 0)
  return tag
}

/** By start tag; of people with the same, who was served least recently, so that places told are the places taken. */
function takeTurns(jobs: readonly InLine[], lastTurn: Map<string, number>): InLine[] {
  let turn = Math.max(0, ...lastTurn.values())
  const turnOf = ({ personId }: InLine) => lastTurn.get(personId) ?? 0
  const line: InLine[] = []
  const byTag = jobs.toSorted((a, b) => a.tag - b.tag)
  for (let from = 0, to = 0; from < byTag.length; from = to) {
    while (to < byTag.length && byTag[to]?.tag === byTag[from]?.tag) to += 1
    let same = byTag.slice(from, to)
    while (same.length > 0) {
      const taken = new Set<string>()
      // Of the same person, on another machine: after everyone has had one.
      const later: InLine[] = []
      for (const job of same.sort((a, b) => turnOf(a) - turnOf(b))) {
        if (taken.has(job.personId)) {
          later.push(job)
          continue
        }
        taken.add(job.personId)
        line.push(job)
        lastTurn.set(job.personId, (turn += 1))
      }
      same = later
    }
  }
  return line
}
