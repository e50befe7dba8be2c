/** A run as a table; the plan as lines when a promise was broken. */
import type { Plan } from './steps.ts'
import type { Outcome } from './run.ts'
import { areTooFew } from './turns.ts'

export function report(plan: Plan, { verdict, broken, done, commands, starts, exitCode }: Outcome): string {
  const kills = [...done].filter(([what]) => what.startsWith('kill'))
  const sum = (rows: [string, number][]) => rows.reduce((total, [, times]) => total + times, 0)
  const rows: [string, string | number][] = [
    ['seed', plan.seed],
    ['disturbed for', `${plan.lasts / 1000} s`],
    ['commands typed', commands],
    ['  acknowledged', verdict.acknowledged],
    ['  ended in a result', verdict.results],
    ['  ended in an error', verdict.errors],
    ['  cancelled', verdict.cancelled],
    ['most jobs of others that came first', verdict.overtaken],
    ['  the same after a flood of one person', verdict.flooded],
    [
      '  in line of the flood at peace when somebody new asked',
      areTooFew(verdict.stood) ? `${verdict.stood} (NOT TRIED: too few)` : verdict.stood,
    ],
    ['pictures to be deleted', verdict.deleted],
    ['predictions bought at Replicate', verdict.purchases],
    ['starts of the bot', starts],
    ['kill -9', sum(kills)],
    ...[...done]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([what, times]): [string, number] => [`  ${what}`, times]),
    ['exit code after SIGTERM', exitCode ?? 'none'],
    ['broken promises', broken.length],
  ]
  const width = Math.max(...rows.map(([what]) => what.length))
  const table = rows.map(([what, value]) => `| ${what.padEnd(width)} | ${value} |`)
  if (broken.length === 0) return table.join('\n')
  const steps = plan.steps.map((step) => `  ${JSON.stringify(step)}`)
  return [...table, '', 'BROKEN:', ...broken.map((line) => `- ${line}`), '', 'The plan:', ...steps].join('\n')
}
