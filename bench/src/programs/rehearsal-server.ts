import { createPlatform, givenPlugin, readConfig, type Platform } from '@liberacces/core'
import type { Plugin, PluginTypes, Transaction } from '@liberacces/sdk'
import { Client } from 'pg'
import { answerCommands } from '../answer-commands.ts'
import { longerNotePlugin } from '../fixtures/longer-note-plugin.ts'
import { noteOf, notePlugin, type NoteTables } from '../fixtures/note-plugin.ts'

// A commune with notes on PostgreSQL or SQLite, and the next release of the notes to rehearse.

type NoteTypes = PluginTypes & { readonly db: NoteTables }

const BY = { kind: 'operator', id: 'bench', name: 'Bench' } as const
const TOGETHER = 500
const folder = process.env['LIBERACCES_DATA'] ?? ''

let platform: Platform | undefined
let tenantId = ''

const running = (): Platform => {
  if (platform === undefined) throw new Error('The platform is not open.')
  return platform
}

answerCommands({
  /** @param url - of the database; SQLite without */
  open: async ({ url = '' }: { readonly url?: string }) => {
    platform = await createPlatform({
      config: readConfig({ PORT: '0', LIBERACCES_DATA: folder, LIBERACCES_LOG: 'warn', LIBERACCES_DATABASE_URL: url }, folder), plugins: [notePlugin as unknown as Plugin, longerNotePlugin].map(givenPlugin),
    })
    await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
    tenantId = (await platform.tenants.create({ kind: 'commune', name: 'Commune', population: 3_000 }, BY)).id
    await platform.installations.enable(tenantId, notePlugin.id, '1.0.0', BY)
  },
  /** Adds notes up to so many. */
  notes: async ({ from, to }: { readonly from: number; readonly to: number }) => {
    const here = running()
    const { runtime, installations } = here
    const release = installations.modules(tenantId).byId.get(notePlugin.id)
    if (release === undefined) throw new Error('The notes are off.')
    for (let number = from; number < to; number += TOGETHER) {
      const notes = Array.from({ length: Math.min(TOGETHER, to - number) }, (_, index) => noteOf(number + index))
      await runtime.call(release, here.systemOrigin(tenantId), { what: 'bench', limitMs: 60_000 }, (c) => c.transaction(async (tx) => { await (tx as unknown as Transaction<NoteTypes>).insertInto('note').values(notes).execute() }))
    }
  },
  /** Milliseconds of a rehearsal that finds nothing wrong. */
  rehearse: async () => {
    const start = performance.now()
    const found = await running().installations.rehearse(tenantId, notePlugin.id, { range: longerNotePlugin.version, by: BY })
    if (!found.go) throw new Error(found.problems.map(({ message }) => message).join(' '))
    return performance.now() - start
  },
  /** What no rehearsal can do without: the rows copied within the database, the migration, and all of it taken away. Milliseconds. */
  bare: async ({ url, count }: { readonly url: string; readonly count: number }) => {
    const client = new Client({ connectionString: url })
    await client.connect()
    try {
      await client.query('drop schema if exists bare cascade; create schema bare; create table bare.note (id text primary key, title text not null, body text not null, author text not null, created_at bigint not null)')
      for (let number = 0; number < count; number += TOGETHER) {
        const notes = Array.from({ length: Math.min(TOGETHER, count - number) }, (_, index) => noteOf(number + index))
        await client.query('insert into bare.note select * from json_populate_recordset(null::bare.note, $1)', [JSON.stringify(notes)])
      }
      const start = performance.now()
      await client.query('create schema copy; create table copy.note (like bare.note including all); insert into copy.note select * from bare.note')
      await client.query('begin; alter table copy.note add column length integer; update copy.note set length = length(body); commit')
      await client.query('drop schema copy cascade')
      return performance.now() - start
    } finally {
      await client.end()
    }
  },
}, async () => { await platform?.stop() })
