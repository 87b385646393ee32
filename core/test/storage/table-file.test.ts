import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { differences, digestTables } from '../../src/storage/exchange/table-digests.ts'
import { TableFileReader } from '../../src/storage/exchange/table-file-reader.ts'
import { TableFileWriter } from '../../src/storage/exchange/table-file-writer.ts'
import { carryRows } from '../../src/storage/exchange/table-source.ts'
import { temporaryFolder } from './temporary-storage.ts'

const SCHEMA = `
  create table place (id integer primary key autoincrement, name text not null, twice integer generated always as (id * 2) virtual);
  create table note (id text primary key, place integer references place (id), size real, body blob, "odd ""name" any) strict;
  create table touched (n integer not null);
  create trigger note_touched after insert on note begin insert into touched (n) values (1); end;
`

function template(): Buffer {
  const memory = new Database(':memory:')
  memory.exec(`${SCHEMA}; insert into place (name) values ('of the template')`)
  try {
    return memory.serialize()
  } finally {
    memory.close()
  }
}

async function travelled(from: string, to: string): Promise<void> {
  const reader = new TableFileReader(from)
  const writer = await TableFileWriter.create(to, template())
  try {
    await carryRows(reader, writer)
    await writer.finish()
  } catch (error) {
    writer.abandon()
    throw error
  } finally {
    reader.close()
  }
}

async function digestsOf(path: string) {
  const reader = new TableFileReader(path)
  try {
    return await digestTables(reader)
  } finally {
    reader.close()
  }
}

const cell = fc.oneof(fc.constant(null), fc.integer(), fc.double({ noNaN: true }), fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)))

test('[J30] rows travel in a database file as they are, with what their tables have counted; triggers do not run again', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.record({ size: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })), body: fc.option(fc.uint8Array({ maxLength: 60 })), odd: cell }), { maxLength: 600, size: 'max' }), async (rows) => {
    const folder = temporaryFolder()
    const [from, to] = [join(folder, 'from.sqlite'), join(folder, 'to.sqlite')]
    const source = new Database(from)
    source.exec(`${SCHEMA}; begin`)
    const place = Number(source.prepare("insert into place (name) values ('Aytré'), ('Périgny') returning id").pluck().get())
    source.exec("delete from place where name = 'Périgny'")
    const insert = source.prepare('insert into note values (?, ?, ?, ?, ?)')
    for (const [index, { size, body, odd }] of rows.entries()) insert.run(`n-${index}`, index % 2 === 0 ? place : null, size, body === null ? null : Buffer.from(body), odd)
    source.exec('commit')
    source.close()
    await travelled(from, to)
    const all = (path: string) => {
      const database = new Database(path)
      try {
        return ['select * from place', 'select * from note', 'select * from touched', 'select * from sqlite_sequence', 'select type, name, sql from sqlite_schema order by name'].map((sql) => database.prepare(sql).all())
      } finally {
        database.close()
      }
    }
    expect(all(to)).toEqual(all(from))
    const digests = await Promise.all([from, to].map(digestsOf))
    expect(differences(digests[0] ?? new Map(), digests[1] ?? new Map())).toEqual([])
    expect(readdirSync(folder).toSorted()).toEqual(['from.sqlite', 'to.sqlite'])
  }), { numRuns: 15 })
})

test('[J30] a file whose rows do not fit together is not made', async () => {
  const folder = temporaryFolder()
  const writer = await TableFileWriter.create(join(folder, 'to.sqlite'), template())
  const note = writer.tables.find(({ name }) => name === 'note')
  if (note === undefined) throw new Error('There is no table of notes.')
  writer.insert(note, [['n-1', 7, null, null, null]])
  await expect(writer.finish()).rejects.toThrow('refer to rows that are missing')
  expect(readdirSync(folder)).toEqual([])
})

test('[J30] whatever is another on the other side is told by table', async () => {
  const folder = temporaryFolder()
  const made = ['a', 'b', 'c'].map((name) => join(folder, `${name}.sqlite`))
  for (const [index, path] of made.entries()) {
    const database = new Database(path)
    database.exec(SCHEMA)
    database.exec("insert into place (id, name) values (1, 'Aytré'), (2, 'Périgny')")
    database.exec(index === 0 ? "insert into note (id, size) values ('n', 1)" : `insert into note (id, ${index === 1 ? 'body' : 'size'}) values ('n', ${index === 1 ? "x'31'" : '1'})`)
    database.close()
  }
  const [one, other, same] = await Promise.all(made.map(digestsOf))
  expect([differences(one ?? new Map(), other ?? new Map()), differences(one ?? new Map(), same ?? new Map())]).toEqual([['note'], []])
})
