import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { corpusPlugins } from '../../corpus/base/corpus-plugin.ts'
import { openSubject } from '../../src/harness/open-subject.ts'
import type { PackageSubject } from '../../src/harness/subject.ts'
import { describeExchange } from '../../src/kernel/exchange.ts'
import type { KernelStage } from '../../src/kernel/kernel-stage.ts'
import { findNeeded } from '../../src/kernel/needed-plugins.ts'
import { openKernelStage } from '../../src/kernel/open-kernel-stage.ts'
import { dumpStore, newestRows } from '../../src/kernel/store-dump.ts'
import { packPlugin } from '../../src/pack/pack-plugin.ts'

const corpus = await corpusPlugins()

async function subjectOf(name: string): Promise<PackageSubject> {
  const made = await corpus.find((one) => one.name === name)?.make()
  if (made === undefined) throw new Error(`There is no ${name}.`)
  await using _ = made
  return await openSubject(made.path, { cwd: '/', pack: async (folder) => (await packPlugin(folder)).archive })
}

async function withStage<Result>(subject: PackageSubject, body: (stage: KernelStage) => Promise<Result>, seed = 1): Promise<Result> {
  const opened = await openKernelStage(subject, { seed, signal: new AbortController().signal, say: () => undefined })
  if ('missing' in opened) throw new Error(opened.missing)
  try {
    return await body(opened.ground)
  } finally {
    await opened.close()
  }
}

const ours = async (): Promise<readonly string[]> => (await readdir(tmpdir())).filter((name) => /^liberacces-(?:certify|stage)-/.test(name))

test('[C200] the archive runs in a process of its own at two communes; nothing is left afterwards', async () => {
  const before = new Set(await ours())
  const seen = await withStage(await subjectOf('good-base'), async (stage) => {
    await using fresh = await stage.fresh()
    const pages = await Promise.all([fresh.alpha, fresh.beta].map(async (tenant) => (await fresh.send(tenant, undefined, 'GET', '/apps/messages/')).status))
    return { runtime: stage.runtime.kind, really: fresh.release().process?.runtime, pages, made: (await ours()).some((name) => !before.has(name)) }
  })
  expect(seen).toEqual({ runtime: 'process', really: 'process', pages: [200, 200], made: true })
  // Others may run at the same time: what was made here is gone when a second look finds no more than they make.
  expect((await ours()).filter((name) => !before.has(name)).length).toBeLessThanOrEqual(4)
})

test('[C561] the rows that came last are read, in the order in which they came; of a table without rowids all', async () => {
  const tables = await withStage(await subjectOf('good-base'), async (stage) => {
    await using ground = await stage.fresh()
    const db = ground.platform.storage.kernelStore({ tenantId: ground.alpha.id, pluginId: ground.manifest.id })
    await sql`create table came (id text primary key) strict`.execute(db)
    await sql`create table keyed (id text primary key) strict, without rowid`.execute(db)
    for (const id of ['z', 'b', 'y', 'a']) {
      await sql`insert into came values (${id})`.execute(db)
      await sql`insert into keyed values (${id})`.execute(db)
    }
    const newest = await newestRows(ground, ground.alpha, 3)
    return { all: (await dumpStore(ground, ground.alpha)).map(({ name }) => name), newest: Object.fromEntries(newest.map(({ name, rows }) => [name, rows.map(({ id }) => id)])) }
  })
  expect(tables.newest).toMatchObject({ came: ['b', 'y', 'a'], keyed: ['a', 'b', 'y', 'z'] })
  expect(tables.all).toContain('liberacces_outbox')
  expect(Object.keys(tables.newest)).toEqual(tables.all.filter((name) => !name.startsWith('liberacces_')))
})

test('[C200] a plugin that needs what nobody has is no ground, and says why', async () => {
  const subject = await subjectOf('good-base')
  const { manifest } = subject
  if (manifest === undefined) throw new Error('It has no manifest.')
  const opened = await openKernelStage({ ...subject, manifest: { ...manifest, requires: { 'org.example.nowhere/v1': '*' } } }, { seed: 1, signal: new AbortController().signal, say: () => undefined })
  expect('missing' in opened && opened).toMatchObject({ blame: 'plugin', missing: expect.stringContaining('org.example.nowhere/v1') as string })
  expect('missing' in opened && opened.fix).toContain('--with FILE.tgz')
  const broken = await openKernelStage({ ...subject, archive: Buffer.from('nothing') }, { seed: 1, signal: new AbortController().signal, say: () => undefined })
  expect('missing' in broken && broken.blame).toBe('plugin')
})

test('[C205] a plugin runs in a process of its own, and in that of the harness only where --inline asks for it', async () => {
  const subject = await subjectOf('good-base')
  for (const [inline, kind] of [[false, 'process'], [true, 'inline']] as const) {
    const opened = await openKernelStage({ ...subject, given: { ...subject.given, inline } }, { seed: 1, signal: new AbortController().signal, say: () => undefined })
    if (!('ground' in opened)) throw new Error(opened.missing)
    try {
      expect(opened.ground.runtime.kind).toBe(kind)
    } finally {
      await opened.close()
    }
  }
})

test('[C206] what is given beside a plugin provides what it requires; what is no archive is a wrong use', async () => {
  const subject = await subjectOf('good-base')
  const { archive, manifest } = subject
  if (archive === undefined || manifest === undefined) throw new Error('It cannot be packed.')
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-given-'))
  try {
    const file = join(folder, 'notes.tgz')
    await writeFile(file, archive)
    const other = { ...manifest, id: 'org.example.other', requires: { 'fr.zz-vendor.notes': '*', 'org.example.nowhere/v1': '*' } }
    expect(await findNeeded(other, [file])).toEqual({ sources: [], archives: [archive], missing: ['org.example.nowhere/v1'] })
    await writeFile(file, 'nothing')
    await expect(findNeeded(other, [file])).rejects.toThrow('given with --with, is no archive of a plugin')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('[C203] [C204] the kernel tells of statements with tenant and trace; the same seed makes the same requests', async () => {
  const subject = await subjectOf('bad-reads-profile')
  const once = () => withStage(subject, async (stage) => {
    const { ground, exchanges } = await stage.tour()
    const first = exchanges.find(({ path, method, status }) => path === '/apps/messages/api/notes' && method === 'POST' && status === 201)
    const of = ground.asked.filter(({ traceId }) => traceId === first?.traceId)
    return {
      requests: exchanges.map((exchange) => describeExchange(exchange).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')),
      asked: of.map(({ what, scope, tenantId }) => `${what} ${scope ?? '-'} ${tenantId === ground.alpha.id}`),
      refused: [...new Set(ground.asked.filter(({ refused }) => refused !== undefined).map(({ scope, refused }) => `${scope ?? ''} ${refused ?? ''}`))],
    }
  }, 5)
  const [one, two] = [await once(), await once()]
  expect(two.requests).toEqual(one.requests)
  expect(one.asked.filter((line) => line.startsWith('tx.emit'))).toEqual(['tx.emit emit:fr.zz-vendor.notes.note-written/v1 true'])
  expect(one.refused).toEqual(['files SCOPE_MISSING'])
})

test('[C203] what is asked after the call is over is told as late', async () => {
  const late = await withStage(await subjectOf('bad-leaked-timer'), async (stage) => {
    const { ground } = await stage.tour()
    return ground.asked.filter(({ refused, why }) => refused === 'PLUGIN_CALL_TIMEOUT' && why === 'The call is over.').length
  })
  expect(late).toBeGreaterThan(2)
})
