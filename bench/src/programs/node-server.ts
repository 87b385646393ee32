import { createPlatform, givenPlugin, readConfig } from '@liberacces/core'
import type { Migrations, Plugin } from '@liberacces/sdk'
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { answerCommands } from '../answer-commands.ts'
import { noteOf, notePlugin, NOTES } from '../fixtures/note-plugin.ts'

// A node of a platform on the database of its environment; and the least that two connections need to tell each other of a change.

const BY = { kind: 'operator', id: 'bench', name: 'Bench' } as const
/** The kernel's own settings. */
const KERNEL = 'fr.liberacces.kernel'
const folder = process.env['LIBERACCES_DATA'] ?? ''
const url = process.env['BENCH_DATABASE_URL'] ?? ''
const first = notePlugin as unknown as Plugin
const COLOUR: Migrations = { '0002-colour': { up: async (db) => { await db.schema.alterTable('note').addColumn('colour', 'text').execute() }, down: async () => undefined } }
const second: Plugin = Object.freeze({ ...first, version: '1.1.0', migrations: { ...first.migrations, ...COLOUR } })
let crashAt: string | undefined

const platform = await createPlatform({
  config: readConfig({ PORT: '0', LIBERACCES_DATA: folder, LIBERACCES_LOG: 'error', LIBERACCES_DATABASE_URL: url, LIBERACCES_SECRET_FILE: process.env['LIBERACCES_SECRET_FILE'], LIBERACCES_STOP_DELAY: '0' }, folder),
  plugins: [first, second].map(givenPlugin),
  outside: {
    now: Date.now, randomBytes: (length) => new Uint8Array(randomBytes(length)), fetch: globalThis.fetch,
    reached: (point) => { if (point === crashAt) process.kill(process.pid, 'SIGKILL') },
  },
})
const { port } = await platform.listen()
const now = (): number => performance.timeOrigin + performance.now()
const tenantId = (): string => platform.tenants.bySlug('commune')?.id ?? ''
let lastNoticed = ''
let noticed: ((payload: string) => void) | undefined
let bare: pg.Client | undefined

async function until(holds: () => boolean, limitMs: number): Promise<number> {
  for (const start = performance.now(); !holds();) {
    if (performance.now() - start > limitMs) throw new Error('It did not come.')
    await new Promise((resolve) => { setImmediate(resolve) })
  }
  return now()
}

answerCommands({
  port: () => port,

  /** Makes the tenant, its plugin and its notes. Resolves to what a request needs to read one. */
  prepare: async () => {
    await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
    const { id, hosts: [host = ''] } = await platform.tenants.create({ kind: 'commune', name: 'Commune', slug: 'commune', population: 3_000 }, BY)
    await platform.installations.enable(id, first.id, '1.0.0', BY)
    const { db } = platform.storage.store({ tenantId: id, pluginId: first.id })
    for (let number = 0; number < NOTES; number += 1) await db.insertInto('note').values(noteOf(number)).execute()
    const account = await platform.accounts.create(id, { login: 'bench', name: 'Bench', password: 'quatre chevaux bleus', roles: ['agent'] }, BY)
    return { host, cookie: `liberacces_session=${(await platform.sessions.open(id, account.id)).token}` }
  },

  /** Resolves to when the change was acknowledged, in milliseconds since the Unix epoch. */
  change: async ({ value }: { readonly value: string }) => {
    await platform.settings.set(tenantId(), KERNEL, { contact: value }, BY)
    return now()
  },
  /** Resolves to when a change of another node is in force here. */
  changed: ({ value }: { readonly value: string }) => until(() => platform.settings.peekKernel(tenantId())?.contact === value, 10_000),

  /** Opens the connection that {@link bareChange} and {@link bareChanged} use. */
  bareOpen: async () => {
    bare = new pg.Client({ connectionString: url })
    bare.on('notification', ({ payload = '' }) => {
      lastNoticed = payload
      noticed?.(payload)
    })
    await bare.connect()
    await bare.query('create table if not exists liberacces.bench_bare (one int primary key, value text)').catch(() => undefined) // two may make it at once
    await bare.query(`insert into liberacces.bench_bare values (1, '') on conflict do nothing`)
    await bare.query('listen bench_bare')
  },
  bareChange: async ({ value }: { readonly value: string }) => {
    await bare?.query(`with changed as (update liberacces.bench_bare set value = $1 where one = 1 returning value) select pg_notify('bench_bare', value) from changed`, [value])
    return now()
  },
  bareChanged: async ({ value }: { readonly value: string }) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    noticed = (payload) => { if (payload === value) resolve() }
    // It may have come before this was asked.
    if (lastNoticed !== value) await promise
    await bare?.query('select value from liberacces.bench_bare where one = $1', [1])
    return now()
  },

  /** Begins an upgrade, and dies in its middle. */
  dieUpgrading: async () => {
    crashAt = 'upgrade:snapshotted'
    await platform.installations.upgrade(tenantId(), first.id, { range: '1.1.0', by: BY })
  },
  /** Resolves to when the upgrade that another node left is in force here. */
  upgraded: () => until(() => platform.installations.modules(tenantId()).byId.get(first.id)?.manifest.version === '1.1.0', 30_000),
}, async () => { await Promise.all([platform.stop(), bare?.end()]) })
