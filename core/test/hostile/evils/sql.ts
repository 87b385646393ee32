import { sql, type RawBuilder } from 'kysely'
import { attempts, evil } from '../evil-plugin.ts'

/** Statements that would lead out of its own tables, and into the kernel's. */
const STATEMENTS: Readonly<Record<string, (known: { readonly file: string; readonly place: string; readonly tenant: string }) => RawBuilder<unknown>>> = {
  'ATTACH': ({ file }) => sql`attach ${sql.lit(file)} as other`,
  'ATTACH behind a comment': ({ file }) => sql`/* select */ attach ${sql.lit(file)} as other`,
  'ATTACH as a second statement': ({ file }) => sql`select 1; attach ${sql.lit(file)} as other`,
  'DETACH': () => sql`detach main`,
  'PRAGMA': () => sql`pragma writable_schema = on`,
  'a pragma as a table': () => sql`select * from pragma_database_list`,
  'a pragma as a table, quoted': () => sql`select * from "pragma_database_list"`,
  'VACUUM INTO': ({ place }) => sql`vacuum into ${sql.lit(`${place}/evil-11`)}`,
  'load_extension': () => sql`select load_extension('/tmp/evil.so')`,
  'readfile': ({ file }) => sql`select readfile(${sql.lit(file)})`,
  'writefile': ({ place }) => sql`select writefile(${sql.lit(`${place}/evil-12`)}, 'evil')`,
  'CREATE TABLE': () => sql`create table evil (x)`,
  'a trigger': () => sql`create trigger evil after insert on deed begin delete from liberacces_outbox; end`,
  'a virtual table': () => sql`create virtual table evil using fts5(x)`,
  'BEGIN': () => sql`begin immediate`,
  'SAVEPOINT': () => sql`savepoint evil`,
  'the outbox': () => sql`select * from liberacces_outbox`,
  'the outbox, written': () => sql`delete from liberacces_outbox`,
  'the files': () => sql`select * from "liberacces_file"`,
  'the schema, written': () => sql`delete from sqlite_schema`,
  'set_config': () => sql`select set_config('role', 'postgres', false)`,
  'SET ROLE': () => sql`set role postgres`,
  'another schema': ({ tenant }) => sql`select * from ${sql.raw(`"${tenant}"."note"`)}`,
  'pg_read_file': ({ file }) => sql`select pg_read_file(${sql.lit(file)})`,
  'COPY': ({ file }) => sql`copy deed from ${sql.lit(file)}`,
  'DO': () => sql`do $$ begin perform 1; end $$`,
}

/** Speaks SQL as if the database were its own. */
export default evil('sql', (c, { files: [file = ''] = [], places: [place = ''] = [], tenantId: tenant = '' }) =>
  attempts(Object.fromEntries(Object.entries(STATEMENTS).map(([name, statement]) => [name, async () => {
    const { rows } = await statement({ file, place, tenant }).execute(c.db as never)
    return JSON.stringify(rows)
  }]))), {
  migrations: {
    '0001-deed': {
      up: async (db) => { await db.schema.createTable('deed').addColumn('id', 'text').execute() },
      down: async (db) => { await db.schema.dropTable('deed').execute() },
    },
  },
  callMs: 8_000,
})
