import { copyFileSync, fsyncSync, openSync, closeSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { createPlatform, givenPlugin, readConfig } from '@liberacces/core'
import type { Plugin, PluginTypes, Transaction } from '@liberacces/sdk'
import { answerCommands } from '../answer-commands.ts'
import { longerNotePlugin } from '../fixtures/longer-note-plugin.ts'
import { noteOf, notePlugin, type NoteTables } from '../fixtures/note-plugin.ts'

// Tenants that run an older release of the notes, with the newer one in the catalogue.

type NoteTypes = PluginTypes & { readonly db: NoteTables }

const NOTES = 100
const OLD = '1.0.0'
const NEW = longerNotePlugin.version
const BY = { kind: 'operator', id: 'bench', name: 'Bench' } as const
const folder = process.env['LIBERACCES_DATA'] ?? ''

const platform = await createPlatform({
  config: readConfig({ PORT: '0', LIBERACCES_DATA: folder, LIBERACCES_LOG: 'warn' }, folder),
  plugins: [notePlugin as unknown as Plugin, longerNotePlugin].map(givenPlugin),
})
for (const { problems } of platform.catalogue.rejected) for (const problem of problems) throw problem
await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
const { port } = await platform.listen()
const targets: { readonly host: string; readonly token: string }[] = []
const upgraded: string[] = []

answerCommands({
  /** So many communes with notes, and an agent each. */
  prepare: async ({ count, departements }: { readonly count: number; readonly departements: readonly string[] }) => {
    for (const code of departements) await platform.tenants.importCommunes({ kind: 'departement', code }, BY)
    for (const tenant of platform.tenants.search({ kind: 'commune' }).slice(0, count)) {
      await platform.installations.enable(tenant.id, notePlugin.id, OLD, BY)
      await writeNotes(tenant.id)
      const id = `bench-${tenant.id}`
      await platform.storage.platform.insertInto('account').values({ id, tenant_id: tenant.id, login: 'bench', name: 'Camille Martin', email: null, password_hash: id, status: 'active', created_at: 0, last_login_at: null }).execute()
      await platform.storage.platform.insertInto('account_role').values({ account_id: id, role: 'agent' }).execute()
      targets.push({ host: tenant.hosts[0] ?? '', token: (await platform.apiTokens.create(tenant.id, id, { label: 'bench' }, BY)).token })
      upgraded.push(tenant.id)
    }
    return { port, targets }
  },
  /** Every tenant to the newer release, two at a time as `upgrade --all` does. Resolves to the milliseconds of each. */
  upgradeAll: async () => {
    const waiting = [...upgraded]
    const times: number[] = []
    const work = async (): Promise<void> => {
      for (let tenantId = waiting.shift(); tenantId !== undefined; tenantId = waiting.shift()) {
        const start = performance.now()
        await platform.installations.upgrade(tenantId, notePlugin.id, { range: NEW, by: BY })
        times.push(performance.now() - start)
      }
    }
    await Promise.all([work(), work()])
    const behind = upgraded.filter((tenantId) => platform.installations.modules(tenantId).byId.get(notePlugin.id)?.manifest.version !== NEW)
    if (behind.length > 0) throw new Error(`${behind.length} tenants were left behind.`)
    return times
  },
  /** What no upgrade can do without: a durable copy of the file to go back to, and the migration in a durable transaction. Milliseconds each. */
  upgradeBare: ({ count }: { readonly count: number }) => {
    const original = join(folder, 'bare.sqlite')
    const made = new Database(original)
    made.exec('create table note (id text primary key, title text not null, body text not null, author text not null, created_at integer not null)')
    const insert = made.prepare('insert into note values (?, ?, ?, ?, ?)')
    made.transaction(() => { for (let number = 0; number < NOTES; number += 1) { const note = noteOf(number); insert.run(note.id, note.title, note.body, note.author, note.created_at) } })()
    made.close()
    return Array.from({ length: count }, (_, index) => {
      const path = join(folder, `bare-${index}.sqlite`)
      copyFileSync(original, path)
      const start = performance.now()
      copyFileSync(path, `${path}.snapshot`)
      const copy = openSync(`${path}.snapshot`, 'r')
      fsyncSync(copy)
      closeSync(copy)
      const database = new Database(path)
      database.pragma('synchronous = EXTRA')
      database.exec('begin; alter table note add column length integer; update note set length = length(body); commit')
      database.close()
      const took = performance.now() - start
      for (const each of [path, `${path}.snapshot`]) rmSync(each)
      return took
    })
  },
}, () => platform.stop())

async function writeNotes(tenantId: string): Promise<void> {
  const release = platform.installations.modules(tenantId).byId.get(notePlugin.id)
  if (release === undefined) throw new Error(`There are no notes at ${tenantId}.`)
  await platform.runtime.call(release, platform.systemOrigin(tenantId), { what: 'bench', limitMs: 60_000 }, (c) => c.transaction(async (tx) => {
    for (let number = 0; number < NOTES; number += 1) await (tx as unknown as Transaction<NoteTypes>).insertInto('note').values(noteOf(number)).execute()
  }))
}
