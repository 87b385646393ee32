import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { Header, type types } from 'tar'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Platform } from '../../src/platform.ts'
import { BY, copiesOf, exportedCommune, exportTo, makeCommune, MIRROR, NOTICES, openPlace, sharedExport } from './leaving-kit.ts'

interface Entry { readonly path: string; readonly bytes: Buffer; readonly type?: (typeof types.name extends Map<string, infer Name> ? Name : never); readonly linkpath?: string }

let entries: readonly Entry[] = []
let archive: Buffer = Buffer.alloc(0)
let tenantId = ''

beforeAll(async () => {
  const { file, id, folder } = await sharedExport()
  tenantId = id
  archive = readFileSync(file)
  entries = parse(archive)
  rmSync(folder, { recursive: true, force: true })
})

function parse(tar: Buffer): readonly Entry[] {
  const found: Entry[] = []
  for (let at = 0; at < tar.length - 1024;) {
    const { path = '', size = 0 } = new Header(tar.subarray(at, at + 512))
    found.push({ path, bytes: tar.subarray(at + 512, at + 512 + size) })
    at += 512 + Math.ceil(size / 512) * 512
  }
  return found
}

function build(of: readonly Entry[]): Buffer {
  return Buffer.concat([...of.flatMap(({ path, bytes, type = 'File', linkpath }) => {
    const block = Buffer.alloc(512)
    new Header({ path, size: bytes.length, mode: 0o600, mtime: new Date(0), type, ...(linkpath === undefined ? {} : { linkpath }) }).encode(block)
    return [block, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]
  }), Buffer.alloc(1024)])
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** The archive with other content, and an index and manifest that fit it: made by somebody who knows the format. */
function forged(change: (entries: Entry[]) => readonly Entry[], manifest: (found: Record<string, unknown>) => object = (found) => found): Buffer {
  const content = change(entries.slice(2).map((entry) => ({ ...entry })))
  const index = Buffer.from(content.map(({ path, bytes }) => `${JSON.stringify({ path, size: bytes.length, sha256: sha256(bytes) })}\n`).join(''))
  const about = JSON.parse(entries[0]?.bytes.toString() ?? '') as Record<string, unknown>
  about['index'] = { sha256: sha256(index), size: index.length, entries: content.length, bytes: content.reduce((sum, { bytes }) => sum + bytes.length, 0) }
  return build([{ path: 'manifest.json', bytes: Buffer.from(JSON.stringify(manifest(about))) }, { path: 'index.jsonl', bytes: index }, ...content])
}

/** A database with something more in it. */
const withSchema = (sql: string) => (of: Entry[]): Entry[] => of.map((entry) => {
  if (entry.path !== `databases/${NOTICES}.sqlite`) return entry
  const bytes = Buffer.from(entry.bytes)
  // A write-ahead log is for a file that somebody has open.
  bytes.fill(1, 18, 20)
  const database = new Database(bytes)
  database.unsafeMode(true)
  database.exec(sql)
  const changed = database.serialize()
  database.close()
  return { ...entry, bytes: changed }
})

const replaced = (path: string, change: (text: string) => string) => (of: Entry[]): Entry[] =>
  of.map((entry) => (entry.path === path ? { ...entry, bytes: Buffer.from(change(entry.bytes.toString())) } : entry))

/** Everything that lies in a data folder and tells of a tenant, and what the kernel's tables say. */
async function tracesIn(platform: Platform, folder: string) {
  const below = (name: string): readonly string[] => (existsSync(join(folder, name)) ? readdirSync(join(folder, name)).filter((one) => one !== '.incoming') : [])
  return {
    files: below('files'), stores: below('tenants'), staging: below('leaving'),
    tenants: platform.tenants.list().map(({ info }) => info.slug),
    audit: (await platform.storage.platform.selectFrom('audit').selectAll().where('tenant_id', '=', tenantId).execute()).length,
    accounts: (await platform.storage.platform.selectFrom('account').selectAll().execute()).length,
    migrations: (await platform.storage.platform.selectFrom('migration').selectAll().execute()).length,
  }
}

async function refusal(bytes: Buffer, options: { readonly plugins?: Parameters<typeof openPlace>[0] extends { plugins?: infer P } | undefined ? P : never; readonly prepare?: (platform: Platform) => Promise<unknown>; readonly wishes?: object } = {}) {
  const { platform, folder, stop } = await openPlace(options.plugins === undefined ? {} : { plugins: options.plugins })
  await options.prepare?.(platform)
  const before = await tracesIn(platform, folder)
  const file = join(folder, 'given.tar')
  writeFileSync(file, bytes)
  const error: unknown = await platform.leaving.import({ file, ...options.wishes }, BY).then(() => undefined, (caught: unknown) => caught)
  expect(await tracesIn(platform, folder)).toEqual(before)
  await stop()
  return error as { readonly code?: string; readonly message?: string } | undefined
}

describe('an archive that is not whole', () => {
  test('[X8] cut short anywhere, it is refused, and nothing of it stays', { timeout: 60_000 }, async () => {
    const ends = [0, 100, 512, 1_000, ...Array.from({ length: 6 }, (_, index) => Math.floor((archive.length * (index + 1)) / 7)), archive.length - 1_024, archive.length - 600]
    for (const end of ends) expect([end, await refusal(archive.subarray(0, end))]).toMatchObject([end, { code: 'EXPORT_INVALID' }])
  })

  test('[X8] compressed and cut short, it is refused', async () => {
    const packed = gzipSync(archive)
    for (const end of [1, 50, Math.floor(packed.length / 2), packed.length - 4]) expect([end, await refusal(packed.subarray(0, end))]).toMatchObject([end, { code: 'EXPORT_INVALID' }])
    expect(gunzipSync(packed).equals(archive)).toBe(true)
  })

  test('[X8] with any one byte of its content changed, it is refused', { timeout: 60_000 }, async () => {
    for (let round = 1; round <= 12; round += 1) {
      const changed = Buffer.from(archive)
      // In the middle of some entry, not in the padding behind it, of which nobody reads anything.
      const entry = entries[round % entries.length]
      const at = archive.indexOf(entry?.bytes.length === 0 ? Buffer.from(entry.path) : entry?.bytes ?? '') + Math.floor((entry?.bytes.length ?? 0) / 2)
      changed[at] = (changed[at] ?? 0) ^ 0x41
      expect([entry?.path, await refusal(changed)]).toMatchObject([entry?.path, { code: 'EXPORT_INVALID' }])
    }
  })

  test('[X8] another archive than the one whose fingerprint was given is refused', async () => {
    expect(await refusal(archive, { wishes: { fingerprint: 'a'.repeat(64) } })).toMatchObject({ code: 'EXPORT_INVALID', message: expect.stringContaining('fingerprint') as string })
    expect(await refusal(archive, { wishes: { fingerprint: 'a'.repeat(64), as: 'x' } })).toMatchObject({ code: 'EXPORT_INVALID' })
  })

  test('[X8] what is no archive at all is refused', async () => {
    expect(await refusal(Buffer.from('no archive'))).toMatchObject({ code: 'EXPORT_INVALID' })
    expect(await refusal(Buffer.alloc(5_000))).toMatchObject({ code: 'EXPORT_INVALID' })
    const { platform, folder } = await openPlace()
    await expect(platform.leaving.import({ file: join(folder, 'nowhere.tar') }, BY)).rejects.toMatchObject({ code: 'EXPORT_INVALID' })
  })
})

describe('an archive made by somebody who knows the format', () => {
  const text = Buffer.from('x')
  const HOSTILE = new Map<string, () => Buffer>([
    ['a path that leads outside', () => forged((of) => [...of, { path: '../../outside', bytes: text }])],
    ['an absolute path', () => forged((of) => [...of, { path: '/etc/outside', bytes: text }])],
    ['a path that leads outside by a plugin’s name', () => forged((of) => [...of, { path: 'databases/../../outside.sqlite', bytes: text }])],
    ['a symbolic link', () => forged((of) => [...of, { path: 'databases/link.sqlite', bytes: Buffer.alloc(0), type: 'SymbolicLink', linkpath: '/etc/passwd' }])],
    ['a hard link', () => forged((of) => [...of, { path: 'databases/link.sqlite', bytes: Buffer.alloc(0), type: 'Link', linkpath: '/etc/passwd' }])],
    ['a folder', () => forged((of) => [{ path: 'tables/', bytes: Buffer.alloc(0), type: 'Directory' }, ...of])],
    ['an extended header', () => build([{ path: 'PaxHeader/x', bytes: Buffer.from('20 path=manifest.json\n'), type: 'ExtendedHeader' }, ...entries])],
    ['an entry twice', () => forged((of) => [...of, ...of.filter(({ path }) => path.startsWith('databases/'))])],
    ['more than its index names', () => build([...entries, { path: 'tables/more.jsonl', bytes: text }])],
    ['a file under another name than its digest', () => forged((of) => [...of, { path: `files/x/aa/${'a'.repeat(64)}`, bytes: text }])],
    ['a table that does not leave', () => forged((of) => [...of, { path: 'tables/session.jsonl', bytes: Buffer.from('{}\n') }])],
    ['a row of another tenant', () => forged(replaced('tables/account.jsonl', (rows) => rows.replaceAll(tenantId, 'another')))],
    ['a role for an account of another tenant', () => forged(replaced('tables/account_role.jsonl', () => '{"account_id":"another","role":"tenant-admin"}\n'))],
    ['a role for an account of another tenant, and no account of its own', () => forged((of) => replaced('tables/account_role.jsonl', () => '{"account_id":"another","role":"tenant-admin"}\n')(replaced('tables/account.jsonl', () => '')(of)))],
    ['the Pool’s role', () => forged(replaced('tables/account_role.jsonl', (rows) => rows.replaceAll('tenant-admin', 'pool-admin')))],
    ['two roles in one', () => forged(replaced('tables/account_role.jsonl', (rows) => rows.replaceAll('tenant-admin', 'agent pool-admin')))],
    ['a role called as the Pool’s', () => forged(replaced('tables/role.jsonl', () => `{"tenant_id":"${tenantId}","id":"pool-admin","title":"x"}\n`))],
    ['a plugin that runs by its tables and not by its manifest', () => forged(replaced('tables/installation.jsonl', (rows) => `${rows}{"tenant_id":"${tenantId}","plugin_id":"fr.example.other","version":"1.0.0","digest":null,"state":"active","since":1,"error":null}\n`))],
    ['a plugin that runs by its tables and is off by its manifest', () => forged((of) => of, (found) => ({ ...found, plugins: (found['plugins'] as { id: string }[]).map((plugin) => (plugin.id === MIRROR ? { ...plugin, state: 'inactive' } : plugin)) }))],
    ['a plugin that was being changed', () => forged(replaced('tables/installation.jsonl', (rows) => rows.replaceAll('"active"', '"upgrading"')))],
    ['a plugin called as a way to another folder', () => forged(replaced('tables/setting.jsonl', () => `{"tenant_id":"${tenantId}","plugin_id":"../other/x","value_json":"{}","updated_at":1}\n`))],
    ['settings that are no JSON', () => forged(replaced('tables/setting.jsonl', () => `{"tenant_id":"${tenantId}","plugin_id":"x","value_json":"{","updated_at":1}\n`))],
    ['a line of the trail with the last number there is', () => forged(replaced('tables/audit.jsonl', (rows) => rows.replace('{', '{"id":9007199254740991,')))],
    ['a trigger that no migration made', () => forged(withSchema('create trigger spy after insert on notice begin update notice set title = new.title; end'))],
    ['a view in the place of a table of the kernel', () => forged(withSchema('alter table liberacces_outbox rename to other; create view liberacces_outbox as with recursive n (x) as (select 1 union all select x + 1 from n) select x as id from n'))],
    ['a trigger that says it is a table', () => forged(withSchema("create trigger spy after insert on notice begin update notice set title = new.title; end; pragma writable_schema = on; update sqlite_schema set type = 'table' where name = 'spy'"))],
    ['a column that is none', () => forged(replaced('tables/setting.jsonl', () => `{"tenant_id":"${tenantId}","plugin_id":"x","value_json":"{}","updated_at":1,"x\\" text); --":1}\n`))],
    ['a value that is none', () => forged(replaced('tables/setting.jsonl', () => `{"tenant_id":"${tenantId}","plugin_id":"x","value_json":{"a":1},"updated_at":1}\n`))],
    ['a password hash that costs minutes to check', () => forged(replaced('tables/account.jsonl', (rows) => rows.replaceAll(/m=\d+,t=\d+/g, 'm=999999,t=99')))],
    ['a line that is no JSON', () => forged(replaced('tables/audit.jsonl', () => 'not json\n'))],
    ['a database that is none', () => forged((of) => of.map((entry) => (entry.path.startsWith('databases/') ? { ...entry, bytes: Buffer.from('no database, but of some length so that it could be one') } : entry)))],
    ['an index that never ends its first line', () => {
      const index = Buffer.alloc(2_000_000, 0x20)
      const about = JSON.parse(entries[0]?.bytes.toString() ?? '') as Record<string, unknown>
      return build([{ path: 'manifest.json', bytes: Buffer.from(JSON.stringify({ ...about, index: { sha256: sha256(index), size: index.length, entries: 1, bytes: 0 } })) }, { path: 'index.jsonl', bytes: index }])
    }],
    ['a tenant id that leads outside', () => forged((of) => of, (found) => ({ ...found, tenant: { ...found['tenant'] as object, id: '../../x' } }))],
    ['a manifest without an end', () => build([{ path: 'manifest.json', bytes: Buffer.alloc(6_000_000, 0x20) }])],
  ])

  test.each([...HOSTILE.keys()])('[X9] refused, and nothing of it stays: %s', async (what) => {
    const bytes = HOSTILE.get(what)?.() ?? Buffer.alloc(0)
    expect(await refusal(bytes)).toMatchObject({ code: 'EXPORT_INVALID' })
    expect(existsSync('/etc/outside')).toBe(false)
  })

  test('[X9] what would fill the disk is refused before it is read', async () => {
    const about = JSON.parse(entries[0]?.bytes.toString() ?? '') as { index: object }
    const bytes = build([{ path: 'manifest.json', bytes: Buffer.from(JSON.stringify({ ...about, index: { ...about.index, bytes: 2 ** 50 } })) }])
    expect(await refusal(bytes)).toMatchObject({ code: 'DISK_SPACE_MISSING' })
  })

  test('[X9] what unpacks to more than it says ends where it stops being true', async () => {
    // A bomb: a kilobyte that would become a gigabyte. Its header is refused before any of it is written.
    const block = Buffer.alloc(512)
    new Header({ path: 'databases/bomb.sqlite', size: 2 ** 30, mode: 0o600, mtime: new Date(0), type: 'File' }).encode(block)
    const start = build(entries).subarray(0, -1_024)
    expect(await refusal(gzipSync(Buffer.concat([start, block, Buffer.alloc(8_000_000)])))).toMatchObject({ code: 'EXPORT_INVALID' })
  })

  test.each([['formatVersion', { formatVersion: 2 }], ['the kernel’s tables', { platformSchema: 9_999 }], ['the tables of stores', { storeSchema: 9_999 }]])('[X9] a newer platform’s export is refused by name: %s', async (_what, newer) => {
    expect(await refusal(forged((of) => of, (found) => ({ ...found, ...newer })))).toMatchObject({ code: 'EXPORT_UNSUPPORTED' })
  })
})

describe('a platform where it does not fit', () => {
  const TAKEN = new Map<string, { readonly prepare: (platform: Platform) => Promise<unknown>; readonly code?: string }>([
    ['the slug', { prepare: (platform) => platform.tenants.create({ kind: 'commune', name: 'Autre', slug: 'aytre' }, BY) }],
    ['the INSEE code', { prepare: (platform) => platform.tenants.create({ kind: 'commune', name: 'Autre', slug: 'autre', insee: '17028' }, BY) }],
    ['the host', { prepare: (platform) => platform.tenants.create({ kind: 'commune', name: 'Autre', slug: 'autre', hosts: ['www.aytre.example.fr'] }, BY) }],
  ])

  test.each([...TAKEN.keys()])('[X10] refused before anything is touched: %s is taken', async (what) => {
    const { prepare } = TAKEN.get(what) ?? {}
    expect(await refusal(archive, prepare === undefined ? {} : { prepare })).toMatchObject({ code: 'TENANT_EXISTS' })
  })

  test('[X10] a tenant that is here already is refused by its id, whatever slug it is to have', async () => {
    const { platform, folder } = await openPlace()
    const file = join(folder, 'given.tar')
    writeFileSync(file, archive)
    await platform.leaving.import({ file }, BY)
    await expect(platform.leaving.import({ file, as: 'autre' }, BY)).rejects.toMatchObject({ code: 'TENANT_EXISTS' })
  })

  test('[X10] missing plugins are named all at once', async () => {
    const error = await refusal(archive, { plugins: [] })
    expect(error).toMatchObject({ code: 'IMPORT_PLUGIN_MISSING' })
    expect(error?.message).toContain(NOTICES)
    expect(error?.message).toContain(MIRROR)
  })

  test('[X10] an older release is refused by its version', async () => {
    const older = forged((of) => of, (found) => ({ ...found, plugins: (found['plugins'] as { id: string; version: string }[]).map((plugin) => (plugin.id === NOTICES ? { ...plugin, version: '9.0.0' } : plugin)) }))
    const error = await refusal(older)
    expect(error).toMatchObject({ code: 'IMPORT_PLUGIN_MISSING', message: expect.stringMatching(/notices" 9\.0\.0 .*1\.2\.0, which is older/) as string })
  })

  test('[X10] without a Pool, or the parent that was named, it is refused with what to do', async () => {
    expect(await refusal(archive, { wishes: { parent: 'nowhere' } })).toMatchObject({ code: 'TENANT_UNKNOWN' })
  })

  test('[X10] the Pool does not leave, and a tenant leaves without those below it only when told so', async () => {
    const { platform, folder } = await openPlace()
    await makeCommune(platform)
    await platform.tenants.create({ kind: 'satellite', name: 'CCAS', slug: 'ccas', parent: 'aytre' }, BY)
    await expect(exportTo(platform, join(folder, 'x.tar'), 'pool')).rejects.toMatchObject({ code: 'TENANT_INVALID' })
    await expect(exportTo(platform, join(folder, 'x.tar'))).rejects.toMatchObject({ code: 'TENANT_NOT_EMPTY', message: expect.stringContaining('ccas') as string })
    await exportTo(platform, join(folder, 'x.tar'), 'aytre', { alone: true })
    expect(statSync(join(folder, 'x.tar')).mode & 0o777).toBe(0o600)
  })

  test('[X10] an export that cannot be written leaves nothing', async () => {
    const { platform, folder } = await openPlace()
    await makeCommune(platform)
    await expect(exportTo(platform, join(folder, 'no', 'folder', 'x.tar'))).rejects.toMatchObject({ code: 'EXPORT_FAILED' })
    await expect(exportTo(platform, folder)).rejects.toMatchObject({ code: 'EXPORT_FAILED' })
    expect(readdirSync(join(folder, 'leaving'))).toEqual([])
  })

  test('[X10] a file whose bytes have rotted is named, and no export made of it', async () => {
    const { platform, folder } = await openPlace()
    const id = await makeCommune(platform)
    const key = { tenantId: id, pluginId: NOTICES }
    for await (const { sha256: name, size } of platform.files.blobs(key)) writeFileSync(join(folder, 'files', id, NOTICES, name.slice(0, 2), name), Buffer.alloc(size, 1))
    await expect(exportTo(platform, join(folder, 'x.tar'))).rejects.toMatchObject({ code: 'EXPORT_FAILED', message: expect.stringContaining('damaged') as string })
    expect(existsSync(join(folder, 'x.tar'))).toBe(false)
  })
})

describe('what is kept and what is not', () => {
  test('[X11] no session, token or secret leaves; password hashes only when they may', async () => {
    const { platform, folder } = await openPlace()
    const id = await makeCommune(platform)
    const account = await platform.accounts.findByLogin(id, 'admin')
    const { token } = await platform.apiTokens.create(id, account?.id ?? '', { label: 'test' }, BY)
    const session = await platform.sessions.open(id, account?.id ?? '')
    await exportTo(platform, join(folder, 'with.tar'))
    await exportTo(platform, join(folder, 'without.tar'), 'aytre', { passwords: false })
    const secret = readFileSync(join(folder, 'secret.key'), 'utf8').trim()
    const [full, bare] = ['with.tar', 'without.tar'].map((name) => readFileSync(join(folder, name)).toString('latin1'))
    for (const hidden of [token, session.token, secret]) expect([full?.includes(hidden), bare?.includes(hidden)]).toEqual([false, false])
    expect([full?.includes('$argon2id$'), bare?.includes('$argon2id$')]).toEqual([true, false])

    const other = await openPlace()
    await other.platform.leaving.import({ file: join(folder, 'without.tar'), as: 'sans' }, BY)
    expect((await other.platform.accounts.findByLogin(id, 'admin'))?.id).toBe(account?.id)
    expect(await copiesOf(other.platform, id)).toEqual([])
  })

  test('[X11] another slug gives other hosts; what lies under the platform’s own domain stays behind', async () => {
    const { file, id } = await exportedCommune()
    const { platform } = await openPlace({ domain: 'example.fr' })
    const { tenant, droppedHosts } = await platform.leaving.import({ file, as: 'aytre-bourg' }, BY)
    expect([tenant.id, tenant.hosts, droppedHosts]).toEqual([id, ['aytre-bourg.example.fr'], ['www.aytre.example.fr']])
  })

  test('[X11] a tenant that comes back to where it was finds its history once', async () => {
    const { platform, folder } = await openPlace()
    const id = await makeCommune(platform)
    const file = join(folder, 'x.tar')
    await exportTo(platform, file)
    const before = (await platform.audit.list(id, { limit: 500 })).length
    await platform.tenants.delete('aytre', BY)
    await platform.leaving.import({ file }, BY)
    const actions = (await platform.audit.list(id, { limit: 500 })).map(({ action }) => action)
    expect(actions.filter((action) => action === 'tenant.created').length).toBe(1)
    expect(actions.length).toBeGreaterThan(before)
    expect(actions).toEqual(expect.arrayContaining(['tenant.deleted', 'tenant.imported']))
  })
})
