import type { Row } from './row.ts'

const HEAD = ['measure', 'what', 'ours', 'bare', 'unit', 'ratio', 'goal', ''] as const
/** Columns of figures, set to the right. */
const FIGURES = new Set([2, 3, 5])

/** The rows as a table for a terminal, one line each. */
export function tableOf(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map((row, index) => [
    row.name === rows[index - 1]?.name ? '' : row.name, row.what, figure(row.ours), row.bare === null ? '–' : figure(row.bare), row.unit,
    row.ratio === null ? '–' : row.ratio.toFixed(2), row.goal ?? '', row.goal === null ? '' : row.ok ? 'ok' : 'MISSED',
  ])]
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const write = (line: readonly string[]): string => line.map((cell, column) => (FIGURES.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd()
  const [head = HEAD, ...body] = lines
  return [write(head), widths.map((width) => '─'.repeat(width)).join('  ').trimEnd(), ...body.map(write)].join('\n')
}

/** Three significant digits, or whole with separated thousands. */
function figure(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}
