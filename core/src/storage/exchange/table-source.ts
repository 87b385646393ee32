import type { Cell, FileTable } from './file-table.ts'

/** Where rows of some tables come from: a database file, or a schema of a database server. */
export interface TableSource {
  readonly tables: readonly FileTable[]
  /** Rows of a table, a portion at a time; cells in the order of its columns. */
  portionsOf(table: FileTable): Iterable<readonly (readonly Cell[])[]> | AsyncIterable<readonly (readonly Cell[])[]>
  /** The last number that a table has given out, where it counts. */
  countOf(table: FileTable): number | undefined | Promise<number | undefined>
}

/** Where they go to. */
export interface TableTarget {
  readonly tables: readonly FileTable[]
  insert(table: FileTable, rows: readonly (readonly Cell[])[]): void | Promise<void>
  count(table: FileTable, last: number): void | Promise<void>
}

/**
 * Carries all rows over.
 * @param mayDiffer - tables of the kernel may have columns on one side that the other does without
 * @throws Error when a table or a column of either side is missing on the other: nothing is left behind unsaid
 */
export async function carryRows(from: TableSource, to: TableTarget, mayDiffer: (table: string) => boolean = isKernelTable): Promise<void> {
  const missing = from.tables.find(({ name }) => !to.tables.some((table) => table.name === name))
  if (missing !== undefined) throw new Error(`There is no table "${missing.name}" to take its rows.`)
  for (const target of to.tables) {
    const source = from.tables.find(({ name }) => name === target.name)
    if (source === undefined) throw new Error(`There is no table "${target.name}" to take rows from.`)
    const columns = target.columns.filter((column) => source.columns.includes(column))
    const lost = [...source.columns, ...target.columns].find((column) => !columns.includes(column))
    if (lost !== undefined && !mayDiffer(target.name)) throw new Error(`Column "${lost}" of table "${target.name}" is on one side only.`)
    for await (const rows of from.portionsOf({ ...source, columns })) await to.insert({ ...target, columns }, rows)
    const count = await from.countOf(source)
    if (count !== undefined) await to.count(target, count)
  }
}

/** Whether a table of a store is the kernel's, and not the plugin's. */
export function isKernelTable(name: string): boolean {
  return name.startsWith('liberacces_')
}
