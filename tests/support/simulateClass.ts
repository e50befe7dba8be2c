/** A class at simulated lanes: the real table of jobs and the real order, on a clock that jumps from event to event. */
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { createBudget } from '../../src/services/budget.ts'
import { openDatabase } from '../../src/services/database.ts'
import { createPictureCount } from '../../src/services/pictureLimits.ts'
import type { CheckedJob } from '../../src/services/queue.ts'
import { createFairOrder } from '../../src/services/queue/fairOrder.ts'
import { createJobTable } from '../../src/services/queue/jobTable.ts'
import { sampleJob } from './samples.ts'
import { origin, temporaryFolder } from './studio.ts'

export type Arrival = { at: number; person: string; seconds: number; model?: string; isFirst?: boolean }

/** In seconds since the beginning. */
export type Drawn = Arrival & { began: number; ended: number; wait: number }

/** `lanes`: the models that each lane draws, with the one that it drew last loaded. */
export async function simulateClass(
  arrivals: readonly Arrival[],
  lanes: readonly string[][],
): Promise<Drawn[]> {
  let now = 0
  const offering = (model: string) =>
    lanes.flatMap((models, lane) => (models.includes(model) ? [`lane${lane}`] : []))
  const { jobs, order } = await openTable(
    () => now,
    ({ model }) => offering(model),
  )
  const asked = new Map<string, Arrival>()
  const drawn: Drawn[] = []
  const loaded = new Map<number, string>()
  const busy = new Map<number, { id: string; began: number; ends: number }>()
  const coming = arrivals.toSorted((a, b) => a.at - b.at)

  function add(arrival: Arrival): void {
    const { person, seconds, model = 'plain', isFirst = false } = arrival
    const request = { ...sampleJob().request, model } as CheckedJob
    const place = { expectedSeconds: seconds, backends: offering(model) }
    const job = jobs.insert(request, { id: person, name: person }, origin, { isFirst }, place)
    asked.set(job.id, arrival)
  }

  function end(lane: number, { id, began, ends }: { id: string; began: number; ends: number }): void {
    busy.delete(lane)
    jobs.finish(id, 'done')
    const arrival = asked.get(id)
    if (arrival) drawn.push({ ...arrival, began, ended: ends, wait: began - arrival.at })
  }

  while (coming.length > 0 || busy.size > 0) {
    now = Math.min(coming[0]?.at ?? Infinity, ...[...busy.values()].map(({ ends }) => ends))
    for (const [lane, work] of busy) if (work.ends <= now) end(lane, work)
    while (coming[0] && coming[0].at <= now) add(coming.shift()!)
    order.forget()
    lanes.forEach((models, lane) => {
      if (busy.has(lane)) return
      const isLoaded = (model: string) => loaded.get(lane) === model
      const next = order.next({ models: new Set(models), isLoaded }, now)
      if (!next || !jobs.claim(next, `lane${lane}`)) return
      loaded.set(lane, next.model)
      busy.set(lane, { id: next.id, began: now, ends: now + next.seconds })
      order.forget()
    })
  }
  return drawn
}

/** The table and the order over a database of its own. */
export async function openTable(
  now: () => number = Date.now,
  machinesFor: (job: { model: string }) => string[] = () => ['lane0'],
) {
  const database = openDatabase(path.join(await temporaryFolder(), 'darkroom.db'))
  onTestFinished(() => database.close())
  const jobs = createJobTable(database, {
    now,
    tokenLifeMs: 60_000,
    budget: createBudget({ database }),
    pictureCount: createPictureCount(database),
  })
  return { database, jobs, order: createFairOrder(database, machinesFor) }
}
