import type { Cell, FileTable } from './file-table.ts'
import type { TableSource } from './table-source.ts'

/** The tables of several sources as those of one. No name is there twice. */
export class JoinedTables implements TableSource {
  readonly tables: readonly FileTable[]
  readonly #sources: readonly TableSource[]

  constructor(...sources: readonly TableSource[]) {
    this.#sources = sources
    this.tables = sources.flatMap(({ tables }) => tables).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }

  portionsOf(table: FileTable): ReturnType<TableSource['portionsOf']> {
    return this.#of(table).portionsOf(table)
  }

  countOf(table: FileTable): ReturnType<TableSource['countOf']> {
    return this.#of(table).countOf(table)
  }

  #of({ name }: FileTable): TableSource {
    const source = this.#sources.find(({ tables }) => tables.some((table) => table.name === name))
    if (source === undefined) throw new Error(`There is no table "${name}".`)
    return source
  }
}

/** Only some of the tables of a source. */
export class SomeTables implements TableSource {
  readonly tables: readonly FileTable[]
  readonly #source: TableSource

  constructor(source: TableSource, takes: (name: string) => boolean) {
    this.#source = source
    this.tables = source.tables.filter(({ name }) => takes(name))
  }

  portionsOf(table: FileTable): Iterable<readonly (readonly Cell[])[]> | AsyncIterable<readonly (readonly Cell[])[]> {
    return this.#source.portionsOf(table)
  }

  countOf(table: FileTable): ReturnType<TableSource['countOf']> {
    return this.#source.countOf(table)
  }
}
