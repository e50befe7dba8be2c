/** Who is next: the person who has had the least so far, counted in the seconds that their jobs take. */
import type { DatabaseSync } from 'node:sqlite'
import { createLoadedFirst, LOOK_AHEAD } from './loadedFirst.ts'

export type FairOrder = {
  /** 1 for the next job; undefined when the job does not wait. */
  place(id: string): number | undefined
  /** Everything that waits, in the order in which it will be drawn if nobody else comes. */
  list(): readonly InLine[]
  /** The job that a lane draws now: the first one that it may, but for loadedFirst.ts. It is counted as begun. */
  next(lane: Lane, now: number): InLine | undefined
  /** When the first job that pauses before a retry may go on, in ms since 1970. */
  nextPauseEnd(now: number): number | undefined
  isEmpty(): boolean
  /** The jobs have changed: look again. */
  forget(): void
}

type Lane = {
  models: ReadonlySet<string>
  /** Passes over those for which it is false. */
  isFree?: (job: InLine) => boolean
  /** Whether a model can draw at once; absent: each one can. */
  isLoaded?: (model: string) => boolean
}

/** What decides the place of a waiting job. */
export type Turn = {
  personId: string
  /** How long it is expected to take; always more than 0. */
  seconds: number
  /** The virtual time when it was accepted. */
  clock: number
  /** Its start tag when it was begun before; null when it never was. */
  startTag: number | null
  /** The finish tag of the last job of its person that was begun. */
  finishTag: number
  /** Counts up with every turn that anybody takes; 0 for who never had one. */
  served: number
  /** Before everyone who is not: an instructor's, where the class says so. */
  isFirst: boolean
}

/** `isPaid`: what it costs was reserved when it was accepted. */
export type InLine = Turn & {
  id: string
  guildId: string
  model: string
  kind: string
  size: string
  pictures: number
  isPaid: boolean
  notBefore: number
  tag: number
}

/**
 * Start-time fair queueing (Goyal, Vin and Cheng, "Start-time Fair Queueing", SIGCOMM 1996), with several lanes as in SFQ(D) (Jin,
 * Chase and Kaur, "Interposed Proportional Sharing for a Storage Service Utility", SIGMETRICS 2004). A job's start tag is the
 * finish tag of the job before it of the same person, but at least the virtual time when it was accepted; its finish tag is that plus its
 * seconds. The smallest start tag goes first, and is the virtual time from then on. So who asks for much at once waits behind their
 * own jobs, not behind others' turns, and nobody saves turns up by being away.
 *
 * A job that was begun before (its machine failed, the bot was ended) goes on before all others: its turn is taken.
 * @param turns in the order in which they were accepted
 */
function inFairOrder<T extends Turn>(turns: readonly T[]): (T & { tag: number })[] {
  const finish = new Map<string, number>()
  const tagged = turns.map((turn) => {
    if (turn.startTag !== null) return { ...turn, tag: turn.startTag }
    const tag = Math.max(turn.clock, finish.get(turn.personId) ?? turn.finishTag)
    finish.set(turn.personId, tag + turn.seconds)
    return { ...turn, tag }
  })
  const begun = tagged.filter(({ startTag }) => startTag !== null).toSorted((a, b) => a.tag - b.tag)
  const others = tagged.filter(({ startTag }) => startTag === null)
  const lastTurn = new Map(others.map(({ personId, served }) => [personId, served]))
  return [
    ...begun,
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

/** By start tag; of people with the same, who was served least recently, so that places told are the places taken. */
function takeTurns<T extends Turn & { tag: number }>(
  turns: readonly T[],
  lastTurn: Map<string, number>,
): T[] {
  const heads = Map.groupBy(turns, ({ personId }) => personId)
  let turn = Math.max(0, ...lastTurn.values())
  const line: T[] = []
  while (heads.size > 0) {
    let best: T | undefined
    for (const [head] of heads.values()) {
      if (!head) continue
      const isNext =
        !best ||
        head.tag < best.tag ||
        (head.tag === best.tag && (lastTurn.get(head.personId) ?? 0) < (lastTurn.get(best.personId) ?? 0))
      if (isNext) best = head
    }
    if (!best) break
    line.push(best)
    lastTurn.set(best.personId, (turn += 1))
    const rest = heads.get(best.personId)
    rest?.shift()
    if (rest?.length === 0) heads.delete(best.personId)
  }
  return line
}

const waiting = `
  SELECT id, guild_id AS guildId, model, kind, size, pictures, not_before AS notBefore, reserved_usd IS NOT NULL AS isPaid,
    asker_id AS personId, expected_seconds AS seconds, clock, start_tag AS startTag, is_first AS isFirst,
    coalesce(turns.finish_tag, 0) AS finishTag, coalesce(turns.served, 0) AS served
  FROM jobs LEFT JOIN turns ON turns.person_id = jobs.asker_id
  WHERE state = 'waiting' ORDER BY seq`

type Row = Omit<InLine, 'isPaid' | 'isFirst' | 'tag'> & { isPaid: number; isFirst: number }

/** The line over the jobs of a database; asked again only after `forget()`. */
export function createFairOrder(database: DatabaseSync): FairOrder {
  const select = database.prepare(waiting)
  const loadedFirst = createLoadedFirst((id) => look().places.has(id))
  let known: { line: InLine[]; places: Map<string, number> } | undefined

  function look() {
    if (!known) {
      const rows = select.all() as Row[]
      const line = inFairOrder(
        rows.map((row) => ({ ...row, isPaid: row.isPaid === 1, isFirst: row.isFirst === 1 })),
      )
      known = { line, places: new Map(line.map(({ id }, index) => [id, index + 1])) }
    }
    return known
  }

  return {
    place: (id) => look().places.get(id),
    list: () => look().line,
    next({ models, isFree = () => true, isLoaded = () => true }, now) {
      const able = look()
        .line.values()
        .filter((each) => each.notBefore <= now && models.has(each.model) && isFree(each))
      const job = loadedFirst.choose(able.take(LOOK_AHEAD).toArray(), isLoaded)
      if (!job || job.startTag !== null) return job
      // It may go before others of its person: then it has the turn of the first of them, which pays for its own seconds later.
      return { ...job, tag: Math.max(job.clock, job.finishTag) }
    },
    nextPauseEnd(now) {
      const ends = look()
        .line.map(({ notBefore }) => notBefore)
        .filter((end) => end > now)
      return ends.length > 0 ? Math.min(...ends) : undefined
    },
    isEmpty: () => look().line.length === 0,
    forget() {
      known = undefined
    },
  }
}
