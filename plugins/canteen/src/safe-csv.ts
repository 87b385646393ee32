import { stringify } from 'csv-stringify/sync'

/** A cell that a spreadsheet would take for a formula, whatever apostrophes stand before it. */
const FORMULA = /^'*[=+\-@\t\r＝＋－＠]/

/** Writes CSV that Excel opens with its accents: UTF-8 with a byte order mark, `;`, CRLF. An apostrophe goes before what a spreadsheet would run (CWE-1236); numbers are left. */
export function safeCsv(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return stringify([header, ...rows].map((row) => row.map((cell) => (typeof cell === 'string' && FORMULA.test(cell) ? `'${cell}` : cell))), { delimiter: ';', bom: true, record_delimiter: 'windows', quoted_match: /[\r\n]/ })
}
