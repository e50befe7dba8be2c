/** The report of /doctor in words. Pure. */
import { time, TimestampStyles } from 'discord.js'
import type { Finding } from '../../domain.ts'
import type { Examined, Report } from '../../services/doctor.ts'
import { count, plain } from './blocks.ts'
import { typicalInWords } from './status.ts'

const LONGEST_SENTENCE = 500
/** Less than Discord's limit on the text of a message. */
const LONGEST_PAGE = 3800

/** @returns one text for each message; @param findings what was seen of the class itself */
export function doctorInWords(report: Report, findings: readonly Finding[]): string[] {
  const all = [...findings, ...report.backends.flatMap((backend) => backend.findings)]
  const wrong = all.filter(({ ok }) => !ok).length
  const { versions, models } = report
  return pages([
    wrong === 0 ? '**Nothing to mend.**' : `**To mend: ${count(wrong, 'thing')}.**`,
    '### The class',
    ...findings.map(findingInWords),
    ...report.backends.flatMap(backendInWords),
    '### Measured speed',
    ...models.map(({ id, typical }) => `**${plain(id)}**: ${typicalInWords(typical)}${ofJobs(typical)}`),
    ...(models.length === 0 ? ['No model is offered.'] : []),
    `-# Darkroom ${versions.darkroom}, Node ${versions.node}`,
  ])
}

function backendInWords({ backend, isUp, lanes, findings, lastFailure, asideUntil }: Examined): string[] {
  const state = isUp ? '✅ up' : '❌ down'
  return [
    `### ${plain(backend)}: ${state}, ${count(lanes, 'job')} at a time`,
    ...findings.map(findingInWords),
    ...(findings.length === 0 ? ['✅ Fine: there is nothing to look at on this one.'] : []),
    lastFailure
      ? `Last failure ${time(Math.round(lastFailure.at / 1000), TimestampStyles.RelativeTime)}: ${plain(lastFailure.sentence)}`
      : 'No failure since the bot was started.',
    ...(asideUntil === undefined
      ? []
      : [
          `Set aside because it failed; one job tries it again ${time(Math.ceil(asideUntil / 1000), TimestampStyles.RelativeTime)}.`,
        ]),
  ]
}

/** The words say what the symbol says. */
function findingInWords({ ok, sentence, mend }: Finding): string {
  const seen = plain(sentence, LONGEST_SENTENCE)
  const how = mend === undefined ? '' : ` **How:** ${plain(mend, LONGEST_SENTENCE)}`
  return ok ? `✅ Fine: ${seen}${how}` : `❌ To mend: ${seen}${how}`
}

const ofJobs = (typical: { jobs: number } | undefined): string =>
  typical ? ` (${count(typical.jobs, 'job')})` : ''

function pages(lines: readonly string[]): string[] {
  const result: string[] = []
  let page = ''
  for (const line of lines) {
    if (page !== '' && page.length + 1 + line.length > LONGEST_PAGE) {
      result.push(page)
      page = ''
    }
    page = page === '' ? line : `${page}\n${line}`
  }
  return [...result, page]
}
