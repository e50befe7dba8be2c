/** The benchmark reads the time that a message tells. */
import { expect, test } from 'vitest'
import { told } from '../../scripts/bench/eta.ts'
import type { Story } from '../../scripts/bench/stories.ts'
import { aboutSeconds } from '../../src/discord/render/wait.ts'

test('reads every time below an hour, and none of them is further off than its step', () => {
  for (let seconds = 1; seconds < 3570; seconds += 1) {
    const edit = { kind: 'message' as const, token: 't', uploads: [], told: aboutSeconds(seconds), at: 0 }
    const story: Story = {
      interaction: 'i',
      sentAt: 0,
      acknowledgedAt: 0,
      edits: [edit],
      result: { ...edit, at: seconds * 1000 },
    }
    const [eta] = told([story])
    const allowed = seconds < 10 ? 2 : seconds < 60 ? 2.5 : seconds < 120 ? 5 : 30
    expect(Math.abs((eta?.said ?? NaN) - seconds * 1000)).toBeLessThanOrEqual(allowed * 1000)
  }
})
