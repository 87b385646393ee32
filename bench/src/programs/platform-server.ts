import Database from 'better-sqlite3'
import { join } from 'node:path'
import { createPlatform, fillPlugin, givenPlugin, readConfig } from '@liberacces/core'
import directory from '@liberacces/plugin-directory'
import news from '@liberacces/plugin-news'
import type { Plugin, PluginTypes, Transaction } from '@liberacces/sdk'
import { answerCommands } from '../answer-commands.ts'
import { NOTES, noteOf, notePlugin, NoteWritten, type NoteTables } from '../fixtures/note-plugin.ts'
import { freshTilesPlugin, tilesPlugin } from '../fixtures/tiles-plugin.tsx'

// The platform under test: three communes, one with notes, two with twenty tiles, one with the plugins that we ship. It also takes on
// what is measured without HTTP, so that all of it is the same build.

type NoteTypes = PluginTypes & { readonly db: NoteTables; readonly event: typeof NoteWritten }

const BY = { kind: 'operator', id: 'bench', name: 'Bench' } as const
const folder = process.env['LIBERACCES_DATA'] ?? ''
const plugins: readonly Plugin[] = [notePlugin, tilesPlugin, freshTilesPlugin, directory, news].map((plugin) => plugin as unknown as Plugin)

const platform = await createPlatform({ config: readConfig({ PORT: '0', LIBERACCES_DATA: folder, LIBERACCES_LOG: 'warn' }, folder), plugins: plugins.map(givenPlugin) })
for (const { problems } of platform.catalogue.rejected) for (const problem of problems) throw problem
await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)

/** A commune with some plugins on, and an agent of all its roles. */
async function commune(slug: string, ids: readonly string[]): Promise<{ readonly id: string; readonly host: string; readonly cookie: string; readonly token: string }> {
  const tenant = await platform.tenants.create({ kind: 'commune', name: `Commune ${slug}`, slug, population: 3_000 }, BY)
  await platform.installations.enableTogether(tenant.id, ids, BY)
  const roles = (await platform.roles.list(tenant.id)).map(({ id }) => id).filter((id) => id !== 'citizen')
  const account = await platform.accounts.create(tenant.id, { login: `agent-${slug}`, name: 'Camille Martin', password: 'a-long-enough-password', roles }, BY)
  const { token } = await platform.apiTokens.create(tenant.id, account.id, { label: 'bench' }, BY)
  const session = await platform.sessions.open(tenant.id, account.id)
  return { id: tenant.id, host: tenant.hosts[0] ?? '', cookie: `liberacces_session=${session.token}`, token }
}

const notes = await commune('notes', [notePlugin.id])
const tiles = await commune('tuiles', [tilesPlugin.id])
const freshTiles = await commune('tuiles-refaites', [freshTilesPlugin.id])
const shipped = await commune('modules', [directory.id, news.id])
const shippedTenant = platform.tenants.byId(shipped.id)
if (shippedTenant !== undefined) for (const release of platform.installations.modules(shipped.id).releases) await fillPlugin(platform, shippedTenant, release)

const release = platform.catalogue.releases.find(({ manifest }) => manifest.id === notePlugin.id)
if (release === undefined) throw new Error('The plugin of the notes was not taken in.')
const call = { what: 'bench', limitMs: 60_000 }
await platform.runtime.call(release, platform.systemOrigin(notes.id), call, async (c) => {
  await c.transaction(async (tx) => {
    for (let number = 0; number < NOTES; number += 1) await notesOf(tx).insertInto('note').values(noteOf(number)).execute()
  })
})
const { port } = await platform.listen()

const bare = openBare()
let written = NOTES
const newcomers: string[] = []

answerCommands({
  where: () => ({ port, notes, tiles, freshTiles, shipped }),

  /** Writes notes with their events for a while. Resolves to how many a second. */
  writeOurs: ({ ms }: { readonly ms: number }) => perSecond(ms, async () => {
    const row = noteOf((written += 1))
    await platform.runtime.call(release, platform.systemOrigin(notes.id), call, (c) => c.transaction(async (tx) => {
      await notesOf(tx).insertInto('note').values(row).execute()
      await notesOf(tx).emit(NoteWritten, { id: row.id, title: row.title })
    }))
  }),
  /** The same two rows in one transaction, with nothing around. */
  writeBare: ({ ms }: { readonly ms: number }) => perSecond(ms, async () => { bare(noteOf((written += 1))) }),

  /** Communes that nothing is switched on for yet. */
  newCommunes: async ({ count }: { readonly count: number }) => {
    for (let number = 0; number < count; number += 1) {
      const tenant = await platform.tenants.create({ kind: 'commune', name: `Nouvelle ${written}`, slug: `nouvelle-${(written += 1)}`, population: 500 }, BY)
      newcomers.push(tenant.id)
    }
  },
  /** Switches the notes on for these, one after the other. Resolves to the milliseconds that each took. */
  enable: async ({ pauseMs }: { readonly pauseMs: number }) => {
    const times: number[] = []
    for (const tenantId of newcomers.splice(0)) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      const start = performance.now()
      await platform.installations.enable(tenantId, notePlugin.id, '*', BY)
      times.push(performance.now() - start)
    }
    return times
  },
  /** What enabling cannot do without: a durable file with the table in it. */
  enableBare: ({ count }: { readonly count: number }) => Array.from({ length: count }, () => {
    const path = join(folder, `bare-${(written += 1)}.sqlite`)
    const start = performance.now()
    const database = new Database(path)
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.exec(NOTE_TABLE)
    const took = performance.now() - start
    database.close()
    return took
  }),
}, () => platform.stop())

/** The kernel runs any plugin, so it knows nobody's tables; this one's are known here. */
function notesOf(tx: Transaction<PluginTypes>): Transaction<NoteTypes> {
  return tx as unknown as Transaction<NoteTypes>
}

async function perSecond(ms: number, work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  let count = 0
  for (; performance.now() - start < ms; count += 1) await work()
  return count / ((performance.now() - start) / 1000)
}

const NOTE_TABLE = 'create table note (id text primary key, title text not null, body text not null, author text not null, created_at integer not null)'

function openBare(): (row: NoteTables['note']) => void {
  const database = new Database(join(folder, 'bare.sqlite'))
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec(`create table note (id text primary key, title text not null, body text not null, author text not null, created_at integer not null);
    create table event (id text primary key, type text not null, subject text, time integer not null, data text not null)`)
  const note = database.prepare('insert into note values (?, ?, ?, ?, ?)')
  const event = database.prepare('insert into event values (?, ?, ?, ?, ?)')
  return database.transaction((row: NoteTables['note']) => {
    note.run(row.id, row.title, row.body, row.author, row.created_at)
    event.run(`event-${row.id}`, NoteWritten.id, row.id, Date.now(), JSON.stringify({ id: row.id, title: row.title }))
  })
}
