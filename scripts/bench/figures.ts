/** Figures of a run: quantiles and a table. */
export const quantile = (values: readonly number[], q: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`

export const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`

export const seconds = (value: number): string => `${(value / 1000).toFixed(2)} s`

/** One line of the table: what was measured, the figure, and how. */
export type Figure = [what: string, figure: string, how: string]

export function table(figures: readonly Figure[]): string {
  const rows: Figure[] = [['measured', 'figure', 'how'], ...figures]
  const width = (column: number) => Math.max(...rows.map((row) => (row[column] ?? '').length))
  const line = (row: Figure) => `| ${row.map((cell, column) => cell.padEnd(width(column))).join(' | ')} |`
  const rule = `| ${[0, 1, 2].map((column) => '-'.repeat(width(column))).join(' | ')} |`
  return [line(rows[0] as Figure), rule, ...rows.slice(1).map(line)].join('\n')
}
