/** What a cell can hold; nothing is shown as a dash, `true` as yes. */
export type Cell = string | number | boolean | undefined

/** Aligned columns under their headings. Numbers stand to the right. A table without rows is the sentence `empty`. */
export function textTable(headings: readonly string[], rows: readonly (readonly Cell[])[], empty: string): string {
  if (rows.length === 0) return empty
  const cells = rows.map((row) => headings.map((_, column) => shown(row[column])))
  const widths = headings.map((heading, column) => cells.reduce((width, row) => Math.max(width, widthOf(row[column] ?? '')), widthOf(heading)))
  const numeric = headings.map((_, column) => rows.some((row) => typeof row[column] === 'number') && rows.every((row) => row[column] === undefined || typeof row[column] === 'number'))
  const line = (row: readonly string[]): string => row
    .map((cell, column) => {
      const gap = ' '.repeat((widths[column] ?? 0) - widthOf(cell))
      return numeric[column] ? gap + cell : cell + gap
    })
    .join('  ')
    .trimEnd()
  return [headings.map((heading) => heading.toUpperCase()), ...cells].map(line).join('\n')
}

/** Names and values below each other, the values aligned. Values that are `undefined` are left out. */
export function textFacts(facts: Readonly<Record<string, Cell>>): string {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined)
  const width = Math.max(0, ...known.map(([name]) => widthOf(name)))
  return known.map(([name, value]) => `${name}${' '.repeat(width - widthOf(name))}  ${shown(value)}`).join('\n')
}

/** An instant as operators compare it with a log. */
export function textTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

function shown(value: Cell): string {
  if (value === undefined || value === '') return '–'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  // A name with a line break or an escape sequence must not draw over other lines.
  return String(value).replaceAll(/\p{Cc}/gu, ' ')
}

const characters = new Intl.Segmenter('fr', { granularity: 'grapheme' })

/** Columns on a terminal, for the Latin letters that names of collectivités are made of, however their accents are stored. */
function widthOf(text: string): number {
  // Most are plain, and a table may have tens of thousands of lines.
  return /^[ -~]*$/.test(text) ? text.length : Array.from(characters.segment(text)).length
}
