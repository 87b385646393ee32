import { join } from 'node:path'
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { reasonToRefuse } from '../../src/storage/sqlite/statement-guard.ts'
import { sqliteStorage } from './sqlite-storage.ts'
import { forever, KEY, NOTES, temporaryFolder } from './temporary-storage.ts'

const REFUSED_EVERYWHERE = [
  `attach database '/etc/passwd' as x`, `ATTACH 'x' AS y`, `/* select */ attach 'x' as y`, `-- select\nattach 'x' as y`, `detach x`, `vacuum`, `vacuum into '/tmp/x'`,
  `pragma journal_mode = off`, `pragma writable_schema = on`, `pragma foreign_keys = off`, `pragma table_info = note`, `begin`, `commit`, `end`, `rollback`, `savepoint a`, `release a`,
  `explain select 1`, `analyze`, `reindex`, `select load_extension('/tmp/x.so')`, `select "load_extension" ('x')`, `select load_extension/**/('x')`, `select writefile('/tmp/x', 'y')`,
  `select fts3_tokenizer('x', y)`, `select edit('x')`, `select 1; select 2`, `select 1;;`, `select 1; attach 'x' as y`,
  `select * from liberacces_outbox`, `select * from "liberacces_outbox"`, 'select * from `LiberAcces_Outbox`', `select * from [LIBERACCES_inbox]`, `select * from 'liberacces_outbox'`,
  `select * from main.liberacces_outbox`, `select * from main . "liberacces_outbox"`, `with x as (select * from liberacces_file) select * from x`, `delete from liberacces_delivery`,
  `insert into liberacces_inbox values ('a', 'b', 1)`, `update note set text = (select data_json from liberacces_outbox limit 1)`,
  `insert into note (text) select data_json from liberacces_outbox returning *`, `delete from sqlite_sequence`, `update sqlite_master set sql = ''`,
  `insert into sqlite_sequence (name, seq) values ('liber', 0)`, `with x as (select 1) delete from sqlite_sequence`, `replace into "sqlite_sequence" values (1, 2)`,
  `insert or rollback into note (text) values ('a')`, `select * from pragma_database_list`, `select * from "pragma_database_list"()`, `select * from dbstat`,
  `create virtual table x using fts5(a)`, `create temp table x (a)`, `create temporary trigger x after insert on note begin select 1; end`, `create trigger x after delete on note begin delete from liberacces_outbox; end`,
  `create view x as select * from liberacces_outbox`, `create view x as select * from sqlite_master`, `create table x (a references liberacces_outbox (seq))`, `create table liberacces_x (a)`,
  `alter table note rename to liberacces_note`, `alter table liberacces_outbox rename to note2`, `drop table liberacces_outbox`, `drop table "liberacces_outbox"`, `create table x (a) ; attach 'y' as z`,
  `create table x (a unique on conflict rollback)`, ``, `;`, `/* only a comment */`, `(select 1)`, `select 'open`, `select "open`, `select 1\0; attach 'x' as y`, `\ufeffattach 'x' as y`,
]

test.each(REFUSED_EVERYWHERE)('[D10] refused from plugins and in migrations: %s', (statement) => {
  expect(reasonToRefuse(statement, 'plugin')).toBeTypeOf('string')
  expect(reasonToRefuse(statement, 'migration')).toBeTypeOf('string')
})

test.each([
  `create table x (a)`, `create unique index if not exists i on x (a)`, `create trigger t after insert on x begin update x set a = 1; delete from x; end`, `create view v as select * from x`,
  `alter table x add column b`, `drop table if exists x`, `drop index i`, `pragma table_info("x")`, `select * from pragma_table_info('x')`,
])('[D10] only in migrations: %s', (statement) => {
  expect(reasonToRefuse(statement, 'migration')).toBeUndefined()
  expect(reasonToRefuse(statement, 'plugin')).toBeTypeOf('string')
})

test.each([
  `select 1`, ` SELECT 'a;b' as "attach" ; `, `select 'it''s; liberacces_ is fine inside'`, `with recursive t (n) as (select 1 union all select n + 1 from t limit 3) select * from t`, `values (1), (2)`,
  `insert into note (text) values (?) on conflict do update set text = excluded.text returning *`, `replace into note values (1, 'a')`, `update note set text = replace(text, 'a', 'b')`, `delete from note`,
  `select name from sqlite_master`, `select "vacuum", [attach] from note`, `select x'00ff', 1.5e3, ?1, :name, @a, $b from note -- end`,
])('[D10] allowed everywhere: %s', (statement) => {
  expect(reasonToRefuse(statement, 'plugin')).toBeUndefined()
  expect(reasonToRefuse(statement, 'migration')).toBeUndefined()
})

const space = fc.constantFrom(' ', '\n', '\t', '/**/', '/* select */', '-- x\n', '/* \' */', '-- "\n')
const anyCase = (text: string): fc.Arbitrary<string> =>
  fc.array(fc.boolean(), { minLength: text.length, maxLength: text.length }).map((upper) => text.split('').map((letter, index) => (upper[index] ? letter.toUpperCase() : letter)).join(''))
const quoted = (name: string): fc.Arbitrary<string> =>
  fc.tuple(anyCase(name), fc.constantFrom(['', ''], ['"', '"'], ['`', '`'], ['[', ']'], ["'", "'"])).map(([text, [open, close]]) => `${open}${text}${close}`)
const literal = fc.string({ maxLength: 12 }).filter((text) => !/[\0\ufeff]/.test(text)).map((text) => `'x${text.replaceAll("'", "''")}'`)

test('[D10] no quoting, case, comment or literal in front of it hides a table of the platform', () => {
  fc.assert(fc.property(quoted('liberacces_outbox'), literal, fc.array(space, { minLength: 1, maxLength: 3 }), (name, text, spaces) => {
    const gap = spaces.join('')
    for (const statement of [`select ${text},${gap}*${gap}from${gap}${name}`, `with a as (select ${text}) delete${gap}from${gap}${name}`, `insert into${gap}note select${gap}${text} from a join${gap}${name}`]) {
      expect(reasonToRefuse(statement, 'plugin')).toBeTypeOf('string')
    }
  }))
})

test('[D10] no literal, name or comment makes a second statement pass', () => {
  fc.assert(fc.property(literal, fc.array(space, { maxLength: 3 }), fc.constantFrom('attach \'x\' as y', 'select 1', 'pragma x'), (text, spaces, second) => {
    expect(reasonToRefuse(`select ${text}${spaces.join('')};${spaces.join('')}${second}`, 'plugin')).toBeTypeOf('string')
  }))
})

test('[D10] whatever text is sent, it neither leaves the store nor touches the platform\'s tables', async () => {
  const storage = sqliteStorage()
  await storage.migrate(KEY, NOTES)
  const store = storage.store(KEY)
  await store.transaction((tx) => tx.appendEvent({ id: 'e', type: 'fr.example.a/v1', subject: undefined, time: 0, data: 'SECRET', notBefore: undefined, traceparent: undefined }), forever())
  const word = fc.constantFrom('select', 'from', 'liberacces_outbox', '"liberacces_outbox"', "'liberacces_outbox'", '[liberacces_outbox]', 'delete', 'update', 'set', 'state', '=', "'x'", '*', 'with', 'a', 'as', '(', ')',
    ';', 'insert', 'into', 'note', 'values', 'attach', 'pragma', 'main.', '/*', '*/', '--', '\n', '"', "'", '`', '1', ',', 'sqlite_master', 'sqlite_sequence', 'replace', 'union', 'data_json', 'join')
  const outbox = () => storage.kernelStore(KEY).selectFrom('liberacces_outbox').selectAll().execute()
  const before = await outbox()
  await fc.assert(fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 12 }), async (words) => {
    const { rows } = await sql.raw(words.join(' ')).execute(store.db).catch(() => ({ rows: [] }))
    expect(JSON.stringify(rows)).not.toContain('SECRET')
  }), { numRuns: 500 })
  expect(await outbox()).toEqual(before)
})

test('[D10] a refusal names plugin and statement, never its values, and is counted', async () => {
  const folder = temporaryFolder()
  const storage = sqliteStorage({ folder })
  const refusal = sql.raw(`attach database '${join(folder, 'platform.sqlite')}' as secret`).execute(storage.store(KEY).db)
  await expect(refusal).rejects.toMatchObject({
    code: 'DB_STATEMENT_REFUSED',
    message: 'Plugin "fr.example.notes" may not run "attach database ? as secret …": a plugin may not send ATTACH.',
  })
  expect(storage.stats.statementsRefused).toBe(1)
})

test('[D10] a statement the kernel has prepared is still refused to the plugin', async () => {
  const storage = sqliteStorage()
  const text = 'select count(*) as n from liberacces_outbox'
  expect((await sql<{ n: number }>`${sql.raw(text)}`.execute(storage.kernelStore(KEY))).rows).toEqual([{ n: 0 }])
  await expect(sql.raw(text).execute(storage.store(KEY).db)).rejects.toMatchObject({ code: 'DB_STATEMENT_REFUSED' })
})
