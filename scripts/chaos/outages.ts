/** Writes down when somebody may have seen nothing, or something old: the judge must not take that for the bot's doing. */
import type { Report } from './classroom.ts'
import type { Outage } from './log.ts'

/** What was refused or held up is sent again soon: for so long words may come that were true before. */
const OLD_NEWS_MS = 3000
/** JSON, in which a run is kept, knows no Infinity. */
const FOR_GOOD_MS = Number.MAX_VALUE

export type Outages = {
  /** What may be late from then on, of one interaction or of all. @param lasts ms, while it goes on going wrong */
  late(outage: { from: number; lasts?: number; interaction?: string }): void
  /** The same, as the classroom tells it. */
  unseen(report: Extract<Report, { kind: 'unseen' }>): void
  botEnded(): void
  botReady(): void
}

/** @param list where they are written down */
export function noteOutages(list: Outage[]): Outages {
  let down: Outage | undefined
  const late: Outages['late'] = ({ lasts = 0, ...outage }) =>
    void list.push({ ...outage, until: outage.from + lasts + OLD_NEWS_MS })
  return {
    late,
    unseen: ({ at: from, interaction, isForGood }) =>
      late({
        from,
        lasts: isForGood ? FOR_GOOD_MS : 0,
        ...(interaction === undefined ? {} : { interaction }),
      }),
    botEnded() {
      down ??= { from: Date.now(), until: Infinity }
      if (!list.includes(down)) list.push(down)
    },
    botReady() {
      if (down) down.until = Date.now()
      down = undefined
    },
  }
}
