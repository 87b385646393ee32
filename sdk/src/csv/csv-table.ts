import Papa from 'papaparse'
import { decodeText } from './decoded-text.ts'

/** The rows of a CSV file. */
export interface CsvTable {
  /** Cells of the first line that has a value; empty where the file has none. */
  readonly header: readonly string[]
  /** What follows, lines without any value left out. */
  readonly rows: readonly CsvRow[]
}

/** One record. */
export interface CsvRow {
  /** Line of the file where the record starts, from 1 (the header). */
  readonly line: number
  /** As many as the line has: perhaps fewer or more than the header. Blanks around values are gone. */
  readonly cells: readonly string[]
}

/** What reading came to: a table, or the line where the file stops being CSV. */
export type CsvReading = { readonly ok: true; readonly table: CsvTable } | { readonly ok: false; readonly line: number }

/** A cell that a spreadsheet would take for a formula, whatever apostrophes stand before it. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/

/** A number below zero, which is one in French and in English. */
const NEGATIVE = /^-\d+(?:[.,]\d+)?$/

/**
 * A cell that no spreadsheet runs: an apostrophe goes before `=`, `+`, `-`, `@`, their full-width twins, a tab and a line end
 * (CWE-1236), numbers below zero aside. {@link unguardCell} gives back what went in.
 */
export function guardCell(value: string): string {
  return FORMULA.test(value) && !NEGATIVE.test(value) ? `'${value}` : value
}

/** The value of a cell that {@link guardCell} wrote. */
export function unguardCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell
}

/**
 * Reads CSV as spreadsheets write it: `;` or `,`, UTF-8 or Windows-1252, with or without a byte order mark (RFC 4180 where it says something).
 * An apostrophe that {@link guardCell} put before a formula is taken away again.
 */
export function readCsv(bytes: Uint8Array): CsvReading {
  const text = decodeText(bytes).replace(/\r\n?/g, '\n')
  const firstLine = text.slice(0, text.indexOf('\n') === -1 ? undefined : text.indexOf('\n'))
  const records: CsvRow[] = []
  let [line, start] = [1, 0]
  let fault: number | undefined
  Papa.parse<readonly string[]>(text, {
    delimiter: firstLine.split(';').length >= firstLine.split(',').length ? ';' : ',',
    newline: '\n',
    step({ data, errors, meta }, parser) {
      if (errors.length > 0) {
        fault = line
        parser.abort()
      } else if (data.some((cell) => cell.trim() !== '')) records.push({ line, cells: data.map((cell) => unguardCell(cell).trim()) })
      for (; start < meta.cursor; start++) if (text[start] === '\n') line++
    },
  })
  return fault === undefined ? { ok: true, table: { header: records[0]?.cells ?? [], rows: records.slice(1) } } : { ok: false, line: fault }
}

/**
 * Writes CSV that Excel opens with its accents: UTF-8 with a byte order mark, `;`, CRLF.
 * @param rows - texts, each guarded by {@link guardCell}, and numbers, which are left as they are
 */
export function writeCsv(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const guarded = [header, ...rows].map((row) => row.map((cell) => typeof cell === 'string' ? guardCell(cell) : cell))
  return `\uFEFF${Papa.unparse(guarded, { delimiter: ';', newline: '\r\n' })}\r\n`
}
