/** What became of each command, put together from what arrived at the classroom. */
import { setTimeout as pause } from 'node:timers/promises'
import type { ClassroomReport } from './classroom.ts'

type Message = Extract<ClassroomReport, { kind: 'message' }>

/** Times are ms since 1970. */
export type Story = {
  interaction: string
  sentAt: number
  acknowledgedAt: number
  /** Edits of the reply before the one that brought the picture. */
  edits: Message[]
  /** The edit that brought the picture. */
  result: Message
}

/** Reports come over a line of their own. */
const REPORTS_MS = 100

/** @throws Error when one of them has not got its picture */
export async function storiesOf(
  interactions: readonly string[],
  reports: readonly ClassroomReport[],
): Promise<Story[]> {
  await pause(REPORTS_MS)
  const replies = Map.groupBy(
    reports.filter((report) => report.kind === 'message'),
    ({ token }) => token,
  )
  const wanted = new Set(interactions)
  const stories = reports.flatMap((report): Story[] => {
    if (report.kind !== 'acknowledged' || !wanted.has(report.interaction)) return []
    const { interaction, token, sentAt, at: acknowledgedAt } = report
    const messages = replies.get(token) ?? []
    const index = messages.findIndex(isResult)
    const result = messages[index]
    return result ? [{ interaction, sentAt, acknowledgedAt, edits: messages.slice(0, index), result }] : []
  })
  if (stories.length < wanted.size) {
    throw new Error(`${wanted.size - stories.length} of ${wanted.size} commands brought no picture`)
  }
  return stories
}

const isResult = ({ uploads }: Message): boolean => uploads.some((name) => !name.startsWith('preview'))

/** Whether each of them was answered for the first time. */
export function areAcknowledged(
  interactions: readonly string[],
  reports: readonly ClassroomReport[],
): boolean {
  const left = new Set(interactions)
  for (const report of reports.values()) if (report.kind === 'acknowledged') left.delete(report.interaction)
  return left.size === 0
}

/** How long each of them took, in ms. @throws Error when one of them was never acknowledged */
export async function acknowledgementsOf(
  interactions: readonly string[],
  reports: readonly ClassroomReport[],
): Promise<number[]> {
  await pause(REPORTS_MS)
  const wanted = new Set(interactions)
  const times = reports.flatMap((report) =>
    report.kind === 'acknowledged' && wanted.has(report.interaction) ? [report.at - report.sentAt] : [],
  )
  if (times.length < wanted.size) {
    throw new Error(`${wanted.size - times.length} of ${wanted.size} commands were never acknowledged`)
  }
  return times
}

/** Files that were sent beside replies: to the gallery. */
export const otherUploadsSince = (reports: readonly ClassroomReport[], first: number): number =>
  reports
    .slice(first)
    .reduce(
      (sum, report) =>
        sum + (report.kind === 'message' && report.token === undefined ? report.uploads.length : 0),
      0,
    )
