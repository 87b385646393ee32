import { PlatformError } from '../../errors.ts'
import { quoted, type Cell, type FileTable } from '../exchange/file-table.ts'
import type { TableSource, TableTarget } from '../exchange/table-source.ts'
import type { Connection } from './connection.ts'

/** Rows fetched at a time. */
const PORTION = 500
/** Values that one statement takes: its protocol counts them in 16 bits. */
const MOST_VALUES = 60_000

const TABLES = `select c.relname as name, array_to_json(array_agg(a.attname order by a.attnum))::text as columns, max(a.attname) filter (where a.attidentity <> '') as counter
  from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  where c.relnamespace = $1::regnamespace and c.relkind = 'r' group by c.relname order by c.relname`

interface SchemaTable extends FileTable {
  readonly counter: string | undefined
}

/** The tables of one schema, read or filled by who may do so, in the transaction that is open on the connection. */
export class SchemaTables implements TableSource, TableTarget {
  readonly tables: readonly SchemaTable[]
  readonly #connection: Connection
  readonly #schema: string

  private constructor(connection: Connection, schema: string, tables: readonly SchemaTable[]) {
    this.#connection = connection
    this.#schema = schema
    this.tables = tables
  }

  static async of(connection: Connection, schema: string): Promise<SchemaTables> {
    const { rows } = await connection.run({ sql: TABLES, values: [schema] })
    return new SchemaTables(connection, schema, (rows as readonly { name: string; columns: string; counter: string | null }[]).map(({ name, columns, counter }) => ({
      name, columns: JSON.parse(columns) as readonly string[], counts: counter !== null, counter: counter ?? undefined,
    })))
  }

  /** Some of them alone. */
  only(names: readonly string[]): SchemaTables {
    return new SchemaTables(this.#connection, this.#schema, this.tables.filter(({ name }) => names.includes(name)))
  }

  async *portionsOf({ name, columns }: FileTable): AsyncGenerator<readonly (readonly Cell[])[], void, undefined> {
    await this.#connection.script(`declare liberacces_rows no scroll cursor for select ${columns.map(quoted).join(', ')} from ${this.#place(name)}`)
    for (;;) {
      const { rows } = await this.#connection.script(`fetch ${PORTION} from liberacces_rows`)
      if (rows.length === 0) break
      yield (rows as readonly Readonly<Record<string, Cell>>[]).map((row) => columns.map((column) => row[column] ?? null))
    }
    await this.#connection.script('close liberacces_rows')
  }

  async countOf({ name }: FileTable): Promise<number | undefined> {
    const sequence = await this.#sequenceOf(name)
    if (sequence === undefined) return undefined
    const { rows } = await this.#connection.script(`select case when is_called then last_value end as last from ${sequence}`)
    return (rows[0] as { readonly last: number | null } | undefined)?.last ?? undefined
  }

  /** @throws PlatformError `STORE_INVALID` for a value that the column does not take */
  async insert({ name, columns }: FileTable, rows: readonly (readonly Cell[])[]): Promise<void> {
    const most = Math.max(1, Math.floor(MOST_VALUES / columns.length))
    for (let from = 0; from < rows.length; from += most) {
      const some = rows.slice(from, from + most)
      const places = some.map((_, row) => `(${columns.map((_column, column) => `$${row * columns.length + column + 1}`).join(', ')})`)
      try {
        await this.#connection.run({ sql: `insert into ${this.#place(name)} (${columns.map(quoted).join(', ')}) values ${places.join(', ')}`, values: some.flat() })
      } catch (cause) {
        const { code = '' } = cause as { readonly code?: string }
        // Class 22 of SQLSTATE: data exceptions, such as text where a number must stand.
        if (!code.startsWith('22')) throw cause
        throw new PlatformError('STORE_INVALID', `A row of table "${name}" holds what PostgreSQL does not take: ${(cause as Error).message}.`, { cause, fix: 'Numbers must stand in columns of numbers, and no text may hold the character NUL. Correct the row where it comes from.' })
      }
    }
  }

  async count({ name }: FileTable, last: number): Promise<void> {
    const sequence = await this.#sequenceOf(name)
    if (sequence !== undefined && last > 0) await this.#connection.run({ sql: 'select setval($1::regclass, $2)', values: [sequence, last] })
  }

  /** Numbers that a table gives out go on after its highest one, where nothing says how far they had come. */
  async countOn(): Promise<void> {
    for (const { name, counter } of this.tables) {
      const sequence = await this.#sequenceOf(name)
      if (sequence === undefined || counter === undefined) continue
      await this.#connection.script(`select setval('${sequence}', greatest((select max(${quoted(counter)}) from ${this.#place(name)}), (select last_value from ${sequence} where is_called), 0)) where exists (select 1 from ${this.#place(name)})`)
    }
  }

  /**
   * Runs a body while rows may refer to rows that come later.
   * @throws Error when they still refer to missing ones afterwards
   */
  async withoutReferences<Result>(body: () => Promise<Result>): Promise<Result> {
    const { rows } = await this.#connection.run({
      sql: `select c.relname as table, k.conname as name, pg_catalog.pg_get_constraintdef(k.oid) as definition from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid
        where k.connamespace = $1::regnamespace and k.contype = 'f' order by 1, 2`, values: [this.#schema],
    })
    const references = rows as readonly { readonly table: string; readonly name: string; readonly definition: string }[]
    for (const { table, name } of references) await this.#connection.script(`alter table ${this.#place(table)} drop constraint ${quoted(name)}`)
    const result = await body()
    for (const { table, name, definition } of references) await this.#connection.script(`alter table ${this.#place(table)} add constraint ${quoted(name)} ${definition}`)
    return result
  }

  /** Takes all rows away. */
  async empty(): Promise<void> {
    for (const { name } of this.tables) await this.#connection.script(`delete from ${this.#place(name)}`)
  }

  #place(table: string): string {
    return `${this.#schema}.${quoted(table)}`
  }

  async #sequenceOf(table: string): Promise<string | undefined> {
    const counter = this.tables.find(({ name }) => name === table)?.counter
    if (counter === undefined) return undefined
    const { rows } = await this.#connection.run({ sql: 'select pg_catalog.pg_get_serial_sequence($1, $2) as sequence', values: [this.#place(table), counter] })
    return (rows[0] as { readonly sequence: string | null } | undefined)?.sequence ?? undefined
  }
}
