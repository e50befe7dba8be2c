/** Figures of a run: quantiles, how far repeated ones lie apart, and a table. */
export const quantile = (values: readonly number[], q: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)
export const p99 = (values: readonly number[]): number => quantile(values, 0.99)
export const worst = (values: readonly number[]): number => quantile(values, 1)

export const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`

export const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`

export const seconds = (value: number): string => `${(value / 1000).toFixed(2)} s`

export const percent = (value: number): string => `${(100 * value).toFixed(0)} %`

export const plain = (value: number): string => String(Number(value.toFixed(2)))

/** The lowest and the highest of measurements of the same thing. */
export function spread(values: readonly number[], show: (value: number) => string): string {
  if (values.length < 2) return ''
  const [low, high] = [show(Math.min(...values)), show(Math.max(...values))]
  return low === high ? `${low} (${values.length} times)` : `${low} to ${high} (${values.length} times)`
}

/** A row for what was measured many times one after another: the figure of all, and that of each third for the spread. */
export function repeated(
  what: string,
  values: readonly number[],
  how: string,
  { of = median, show = ms }: { of?: typeof median; show?: (value: number) => string } = {},
): Row {
  const third = Math.ceil(values.length / 3)
  const parts = [0, 1, 2].map((part) => values.slice(part * third, (part + 1) * third))
  const noise = parts.filter((part) => part.length > 0).map(of)
  return { what, figure: show(of(values)), spread: spread(noise, show), how }
}

/** One line of the table: what was measured, the figure, between what repeated measurements of it lie, and how. */
export type Row = { what: string; figure: string; spread?: string; how: string }

/** What is aimed at, and whether this run reached it. */
export type Target = { target: string; figure: string; isMet: boolean }

/** What one part of the benchmark found. */
export type Part = { rows: readonly Row[]; targets?: readonly Target[] }

export const verdict = (isMet: boolean): string => (isMet ? 'met' : 'missed')

/** All rows, and the targets at the end. */
export function table(parts: readonly Part[]): string {
  const rows = [
    ['measured', 'figure', 'spread', 'how'],
    ...parts
      .flatMap((part) => part.rows)
      .map(({ what, figure, spread = '', how }) => [what, figure, spread, how]),
    ...parts
      .flatMap((part) => part.targets ?? [])
      .map(({ target, figure, isMet }) => [`target: ${target}`, figure, '', verdict(isMet)]),
  ]
  const width = (column: number) => Math.max(...rows.map((row) => (row[column] ?? '').length))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(width(column))).join(' | ')} |`
  const rule = `| ${[0, 1, 2, 3].map((column) => '-'.repeat(width(column))).join(' | ')} |`
  return [line(rows[0] as string[]), rule, ...rows.slice(1).map(line)].join('\n')
}
