/** The bot's own time per embedded picture: from "drawn and stored" to the edit that shows it. */
import { plain, repeated, spread, ms, p99, median, type Part } from './figures.ts'
import { jobTimes } from './jobTimes.ts'
import type { Run } from './part.ts'
import { names, openStage } from './stage.ts'
import { storiesOf } from './stories.ts'

export async function benchOwnTime({ folder, amount }: Run): Promise<Part> {
  const pictures = amount(30, 3)
  const stage = await openStage({ folder, students: names(1) })
  try {
    const interactions: string[] = []
    for (let seed = 0; seed < pictures; seed++) {
      interactions.push(
        ...(await stage.typeAll(stage.students, () => `/imagine prompt:"a red heart" seed:${seed}`)),
      )
      await stage.bot.idle()
    }
    const stories = await storiesOf(interactions, stage.reports)
    const timesOf = jobTimes(stage.dataDir)
    const own = stories.map(({ interaction, result }) => result.at - timesOf(interaction).finishedAt)
    const edits = stories.map((story) => story.edits.length)
    return {
      rows: [
        repeated(
          "bot's own time per picture",
          own,
          `median of ${own.length}: drawn and stored -> Discord has the edit with it; p99 ${ms(p99(own))}`,
        ),
        {
          what: 'edits per embedded picture',
          figure: plain(median(edits)),
          spread: spread(edits, plain),
          how: 'median, before the one that brings the picture; nobody else waits',
        },
      ],
    }
  } finally {
    await stage.close()
  }
}
