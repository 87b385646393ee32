import Database from 'better-sqlite3'
import { join } from 'node:path'
import { createPlatform, givenPlugin, readConfig } from '@liberacces/core'
import type { Plugin, PluginTypes, Transaction } from '@liberacces/sdk'
import { answerCommands } from '../answer-commands.ts'
import { hearingPlugin, type Hearing } from '../fixtures/hearing-plugin.ts'
import { notePlugin, NoteWritten } from '../fixtures/note-plugin.ts'

// A platform with a plugin that emits and one that hears, on the database of its environment; and the least that SQLite needs for the
// same two rows.

type Emitting = Transaction<PluginTypes & { readonly event: typeof NoteWritten }>

const BY = { kind: 'operator', id: 'bench', name: 'Bench' } as const
/** Longest wait for one event, in milliseconds. */
const LONGEST_MS = 10_000
const MOST_WRITERS = 8
const folder = process.env['LIBERACCES_DATA'] ?? ''
const hearing: Hearing = { heard: () => undefined }
const plugins = [notePlugin, hearingPlugin(hearing)].map((plugin) => plugin as unknown as Plugin)

const platform = await createPlatform({ config: readConfig({ PORT: '0', LIBERACCES_DATA: folder, LIBERACCES_LOG: 'warn', LIBERACCES_DATABASE_URL: process.env['BENCH_DATABASE_URL'] }, folder), plugins: plugins.map(givenPlugin) })
for (const { problems } of platform.catalogue.rejected) for (const problem of problems) throw problem
await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
/** One for each who writes at a time: a store has one transaction at a time, as its data would want it. */
const communes: readonly string[] = await Promise.all(Array.from({ length: MOST_WRITERS }, async (_, index) => {
  const { id } = await platform.tenants.create({ kind: 'commune', name: `Commune ${index}`, slug: `commune-${index}`, population: 3_000 }, BY)
  await platform.installations.enableTogether(id, plugins.map((plugin) => plugin.id), BY)
  return id
}))
await platform.listen()

const release = platform.catalogue.releases.find(({ manifest }) => manifest.id === notePlugin.id)
if (release === undefined) throw new Error('The plugin of the notes was not taken in.')
const call = { what: 'bench', limitMs: 60_000 }
const bare = openBare()
let written = 0

const emit = (id: string, writer = 0): Promise<unknown> => platform.runtime.call(release, platform.systemOrigin(communes[writer] ?? ''), call, (c) => c.transaction(async (tx) => {
  await (tx as unknown as Emitting).emit(NoteWritten, { id, title: 'Délibération' })
}))

answerCommands({
  /** Publishes for a while, each event in a durable transaction of its own, and waits until all are delivered. Resolves to events per second. */
  deliverOurs: async ({ ms, writers }: { readonly ms: number; readonly writers: number }) => {
    const start = performance.now()
    const missing = new Set<string>()
    let isOver = false
    const all = Promise.withResolvers<void>()
    hearing.heard = (id) => {
      missing.delete(id)
      if (isOver && missing.size === 0) all.resolve()
    }
    let count = 0
    await Promise.all(Array.from({ length: writers }, async (_, writer) => {
      for (; performance.now() - start < ms; count += 1) {
        const id = `note-${(written += 1)}`
        missing.add(id)
        await emit(id, writer)
      }
    }))
    isOver = true
    if (missing.size > 0) await within(all.promise, LONGEST_MS, () => `${missing.size} events were not delivered`)
    return count / ((performance.now() - start) / 1_000)
  },

  /** The same two rows in two transactions, with nothing around: the event, and that it was delivered. */
  deliverBare: ({ ms }: { readonly ms: number }) => {
    const start = performance.now()
    let count = 0
    for (; performance.now() - start < ms; count += 1) bare(`note-${(written += 1)}`)
    return count / ((performance.now() - start) / 1_000)
  },

  /** One event at a time, with a rest before each, in each of the communes in turn where told. Resolves to the milliseconds from each commit to its handler. */
  latency: async ({ count, pauseMs, firstWriter = 0, writers = 1 }: { readonly count: number; readonly pauseMs: number; readonly firstWriter?: number; readonly writers?: number }) => {
    const times: number[] = []
    for (let index = 0; index < count; index += 1) {
      await new Promise((resolve) => { setTimeout(resolve, pauseMs) })
      const heard = Promise.withResolvers<number>()
      hearing.heard = () => { heard.resolve(performance.now()) }
      await emit(`note-${(written += 1)}`, firstWriter + (index % writers))
      const committed = performance.now()
      times.push(Math.max(0, await within(heard.promise, LONGEST_MS, () => 'an event was not delivered') - committed))
    }
    return times
  },
}, () => platform.stop())

function within<Result>(work: Promise<Result>, ms: number, what: () => string): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => { reject(new Error(`${what()} within ${ms} ms.`)) }, ms)
  return Promise.race([work, promise]).finally(() => { clearTimeout(timer) })
}

function openBare(): (id: string) => void {
  const database = new Database(join(folder, 'bare.sqlite'))
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec(`create table event (id text primary key, type text not null, subject text, time integer not null, data text not null);
    create table delivery (id integer primary key, event text not null, subscriber text not null, handler text not null, status text not null, at integer not null)`)
  const event = database.prepare('insert into event values (?, ?, ?, ?, ?)')
  const delivery = database.prepare('insert into delivery (event, subscriber, handler, status, at) values (?, ?, ?, ?, ?)')
  return (id) => {
    event.run(id, NoteWritten.id, id, Date.now(), JSON.stringify({ id, title: 'Délibération' }))
    delivery.run(id, 'fr.liberacces.bench.hearing', 'hear', 'delivered', Date.now())
  }
}
