import { CsvError, parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { decodeText } from './decoded-text.ts'

/** The rows of a CSV file. */
interface CsvTable {
  readonly header: readonly string[]
  readonly rows: readonly CsvRow[]
}

/** One record. */
export interface CsvRow {
  /** Line of the file where the record starts, from 1 (the header). */
  readonly line: number
  readonly cells: readonly string[]
}

/** What reading came to: a table, or the line where the file stops being CSV. */
export type CsvReading = { readonly ok: true; readonly table: CsvTable } | { readonly ok: false; readonly line: number }

/** A cell that a spreadsheet would take for a formula, whatever apostrophes stand before it. */
const FORMULA = /^'*[=+\-@\t\r＝＋－＠]/

/**
 * A cell that no spreadsheet runs: an apostrophe goes before `=`, `+`, `-`, `@` and their full-width twins
 * (CWE-1236). {@link unguardCell} gives back what went in.
 */
function guardCell(value: string): string {
  return FORMULA.test(value) ? `'${value}` : value
}

/** The value of a cell that {@link guardCell} wrote. */
function unguardCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell
}

/** Reads CSV as spreadsheets write it: `;` or `,`, UTF-8 or Windows-1252. Lines without any value are left out. */
export function readCsv(bytes: Uint8Array): CsvReading {
  // The parser counts CRLF within quotes as two lines.
  const text = decodeText(bytes).replace(/\r\n?/g, '\n')
  const firstLine = text.slice(0, text.indexOf('\n') === -1 ? undefined : text.indexOf('\n'))
  const delimiter = firstLine.split(';').length >= firstLine.split(',').length ? ';' : ','
  try {
    const parsed = parse(text, { delimiter, bom: true, info: true, relax_column_count: true, skip_empty_lines: true }) as unknown as readonly {
      readonly record: readonly string[]
      readonly info: { readonly lines: number }
    }[]
    const records = parsed
      .map(({ record, info }) => ({ line: info.lines - record.join('').split('\n').length + 1, cells: record.map((cell) => unguardCell(cell).trim()) }))
      .filter(({ cells }) => cells.some((cell) => cell !== ''))
    return { ok: true, table: { header: records[0]?.cells ?? [], rows: records.slice(1) } }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return { ok: false, line: typeof error['lines'] === 'number' ? error['lines'] : 1 }
  }
}

/** Writes CSV that Excel opens with its accents: UTF-8 with a byte order mark, `;`, CRLF, every cell guarded. */
export function writeCsv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  // Left alone, the writer quotes a CRLF within a cell but not a lone line feed.
  return stringify([header, ...rows].map((row) => row.map(guardCell)), { delimiter: ';', bom: true, record_delimiter: 'windows', quoted_match: /[\r\n]/ })
}
