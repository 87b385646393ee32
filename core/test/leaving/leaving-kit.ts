import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { pluginsUnder, type PluginSource } from '../../src/catalogue/plugin-source.ts'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/http/log.ts'
import { ArchiveReader } from '../../src/leaving/archive-reader.ts'
import type { Outside } from '../../src/outside.ts'
import { createPlatform, type Platform } from '../../src/platform.ts'
import { testEnvironment } from '../../src/testing/test-environment.ts'
import { PLUGINS, temporaryFolder } from '../cli/cli-kit.ts'
import { runEnvironment } from '../run-environment.ts'

export const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
export const PASSWORD = 'a-long-enough-test-password'
export const NOTICES = 'fr.example.notices'
export const MIRROR = 'fr.example.mirror'
const POSTED = 'fr.example.notices.posted/v1'

export interface PlaceOptions {
  readonly folder?: string
  readonly domain?: string
  /** More of the environment. */
  readonly env?: Readonly<Record<string, string>>
  readonly plugins?: readonly PluginSource[]
  readonly reached?: NonNullable<Outside['reached']>
  readonly log?: Parameters<typeof createPlatform>[0]['log']
}

/** A platform on a folder of its own, with a Pool, not serving; its events begin to move when it is asked to settle. */
export async function openPlace({ folder = temporaryFolder(), domain = 'localhost', env = {}, plugins, reached, log = createLog('silent') }: PlaceOptions = {}): Promise<{ readonly platform: Platform; readonly folder: string; readonly stop: () => Promise<void> }> {
  const outside: Outside = { now: Date.now, randomBytes: (length) => randomBytes(length), fetch: () => Promise.reject(new Error('The network is cut.')), ...(reached === undefined ? {} : { reached }) }
  const platform = await createPlatform({
    config: readConfig({ PORT: '0', ...('LIBERACCES_DATABASE_URL' in env ? { LIBERACCES_DATA: folder } : await runEnvironment(folder)), LIBERACCES_LOG: 'silent', LIBERACCES_BASE_DOMAIN: domain, ...env }, folder),
    plugins: plugins ?? await pluginsUnder(PLUGINS), outside, log,
  })
  let stopped = false
  const stop = async (): Promise<void> => {
    if (!stopped) await platform.stop()
    stopped = true
  }
  onTestFinished(stop)
  if (platform.tenants.pool() === undefined) await platform.tenants.create({ kind: 'pool', name: 'Pool d’essai' }, BY)
  return { platform, folder, stop }
}

/** A commune that runs a board and a copy of it, with an administrator and a file. */
export async function makeCommune(platform: Platform, slug = 'aytre', insee = '17028'): Promise<string> {
  const { id } = await platform.tenants.create({ kind: 'commune', name: 'Aytré', slug, insee, hosts: [`www.${slug}.example.fr`] }, BY)
  await platform.installations.enableTogether(id, [NOTICES, MIRROR], BY)
  await platform.accounts.create(id, { login: 'admin', name: 'Anne Admin', password: PASSWORD, roles: ['tenant-admin'] }, BY)
  await post(platform, id, 'premier')
  await platform.files.of({ tenantId: id, pluginId: NOTICES }).put(new TextEncoder().encode('plan du bourg'), { name: 'plan.txt', type: 'text/plain' })
  return id
}

/** A notice, with its event, in one transaction. */
export async function post(platform: Platform, tenantId: string, id: string): Promise<void> {
  await platform.storage.store({ tenantId, pluginId: NOTICES }).transaction(async (tx) => {
    await tx.db.insertInto('notice').values({ id, title: `Titre ${id}` }).execute()
    await tx.appendEvent({ id: `event-${id}`, type: POSTED, subject: undefined, time: Date.now(), data: { id, title: `Titre ${id}` }, notBefore: undefined, traceparent: undefined })
  }, new AbortController().signal)
}

export async function copiesOf(platform: Platform, tenantId: string): Promise<readonly string[]> {
  const rows = await platform.storage.store({ tenantId, pluginId: MIRROR }).db.selectFrom('copy').select('notice_id').orderBy('notice_id').execute()
  return rows.map((row) => String(row['notice_id']))
}

export async function exportTo(platform: Platform, out: string, slug = 'aytre', options: { readonly passwords?: boolean; readonly alone?: boolean } = {}) {
  const tenant = platform.tenants.bySlug(slug)
  if (tenant === undefined) throw new Error(`There is no ${slug}.`)
  return platform.leaving.export(tenant, { out, ...options }, BY)
}

/** A commune exported for all tests of a file. Who asks deletes the folder. */
export async function sharedExport(): Promise<{ readonly file: string; readonly id: string; readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'liberacces-leaving-'))
  let drop = async (): Promise<void> => undefined
  const environment = await testEnvironment(folder, (database) => { drop = database })
  const platform = await createPlatform({ config: readConfig({ ...environment }, folder), plugins: await pluginsUnder(PLUGINS), log: createLog('silent') })
  await platform.tenants.create({ kind: 'pool', name: 'Pool d’essai' }, BY)
  const id = await makeCommune(platform)
  const file = join(folder, 'export.tar')
  await exportTo(platform, file)
  await platform.stop()
  await drop()
  return { file, id, folder }
}

/** A commune exported once, from a platform that is closed again. */
export async function exportedCommune(name = 'export.tar'): Promise<{ readonly file: string; readonly id: string; readonly fingerprint: string }> {
  const { platform, folder, stop } = await openPlace()
  const id = await makeCommune(platform)
  const file = join(folder, name)
  const { fingerprint } = await exportTo(platform, file)
  await stop()
  return { file, id, fingerprint }
}

/** What each entry of an archive holds, but what says when and where it was written. */
export async function contentOf(file: string): Promise<Readonly<Record<string, string>>> {
  const reader = await ArchiveReader.open(file)
  const found: Record<string, string> = {}
  for (let entry = await reader.next(); entry !== undefined; entry = await reader.next()) {
    const bytes = await reader.bytes(100_000_000)
    if (entry.path === 'manifest.json' || entry.path === 'index.jsonl') continue
    found[entry.path] = createHash('sha256').update(entry.path.startsWith('databases/') ? databaseContent(bytes) : entry.path.startsWith('tables/') ? lasting(entry.path, bytes.toString()) : bytes).digest('hex')
  }
  await reader.close()
  return found
}

/** Tables and rows, with their row numbers; where on its pages SQLite keeps them is its own affair. */
function databaseContent(bytes: Buffer): string {
  // A write-ahead log is for a file that somebody has open.
  bytes.fill(1, 18, 20)
  const database = new Database(bytes)
  try {
    const tables = database.prepare("select name, sql from sqlite_schema where type = 'table' order by name").all() as { name: string; sql: string }[]
    return JSON.stringify(tables.map(({ name, sql }) => [sql, database.prepare(`select * from "${name}" order by 1, 2`).all()]))
  } finally {
    database.close()
  }
}

/** A move is on record, starts the clock of what runs, and may stand below another tenant. */
function lasting(path: string, text: string): string {
  const rows = text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>)
  switch (path) {
    case 'tables/audit.jsonl': return JSON.stringify(rows.filter(({ action }) => !/^(tenant\.(im|ex)ported|plugin\.enabl(ed|ing)|consent\.)/.test(String(action))))
    case 'tables/installation.jsonl': return JSON.stringify(rows.map(({ since: _since, ...row }) => row))
    case 'tables/tenant.jsonl': return JSON.stringify(rows.map(({ parent_id: _parent, ...row }) => row))
    default: return text
  }
}
