import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPlatform, givenPlugin, readConfig, type Platform } from '@liberacces/core'
import type { Migrations } from '@liberacces/sdk'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { OPERATOR } from './kernel-kit.ts'
import { ledger, LEDGER, LEDGER_ID } from './ledger-plugin.ts'

/** Writes so many megabytes of rows. */
function filling(megabytes: number): Migrations {
  return {
    ...LEDGER.first.migrations,
    '0002-fill': {
      up: async (db) => {
        const text = 'x'.repeat(65_536)
        for (let id = 0; id < megabytes * 16; id += 1) await db.insertInto('entry').values({ id: `filled-${id}`, text }).execute()
      },
      down: async (db) => { await db.deleteFrom('entry').where('id', 'like', 'filled-%').execute() },
    },
  }
}

async function open(folder: string, megabytes: number): Promise<Platform> {
  const platform = await createPlatform({
    config: readConfig({ PORT: '0', LIBERACCES_DATA: folder }, folder), log: pino({ level: 'silent' }),
    plugins: [LEDGER.first, ledger({ version: '1.1.0', migrations: filling(megabytes) })].map(givenPlugin),
  })
  onTestFinished(async () => { await platform.stop() })
  return platform
}

async function atFirst(platform: Platform): Promise<string> {
  await platform.tenants.create({ kind: 'pool', name: 'Pool' }, OPERATOR)
  const { id } = await platform.tenants.create({ kind: 'commune', name: 'Aytré', slug: 'aytre' }, OPERATOR)
  await platform.installations.enable(id, LEDGER_ID, '1.0.0', OPERATOR)
  await platform.storage.store({ tenantId: id, pluginId: LEDGER_ID }).db.insertInto('entry').values({ id: 'a', text: 'x' }).execute()
  return id
}

async function look({ installations, storage }: Platform, tenantId: string): Promise<readonly unknown[]> {
  const [row] = await installations.list(tenantId)
  const rows = await storage.store({ tenantId, pluginId: LEDGER_ID }).db.selectFrom('entry').select('id').execute()
  return [row?.version, row?.state, rows, (await installations.journal.open()).length, (await installations.snapshots.list({ tenantId })).length]
}

const AS_BEFORE = ['1.0.0', 'active', [{ id: 'a' }], 0, 0]

test('[L31] a migration is no use that a tenant is refused: past its storage it goes through, and what is written afterwards is refused', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'liberacces-room-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
  const platform = await open(folder, 8)
  const id = await atFirst(platform)
  const tenant = platform.tenants.byId(id)
  if (tenant === undefined) throw new Error('It was made.')
  await platform.entitlements.setQuotas(tenant, { storage: 4_000_000 }, OPERATOR)
  expect(await platform.installations.upgrade(id, LEDGER_ID, { range: '1.1.0', by: OPERATOR })).toMatchObject({ kind: 'upgraded', migrations: ['0002-fill'] })
  const { db } = platform.storage.store({ tenantId: id, pluginId: LEDGER_ID })
  await expect(db.insertInto('entry').values({ id: 'b', text: 'x'.repeat(100_000) }).execute()).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
  expect((await db.selectFrom('entry').select('id').where('id', 'in', ['a', 'b']).execute())).toEqual([{ id: 'a' }])
})

/** A disk of its own; `undefined` where this user may mount none. */
function smallDisk(megabytes: number): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'liberacces-disk-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  onTestFinished(() => { execFileSync('umount', ['--lazy', folder]) })
  return folder
}

test('[L31] on a disk that is really full the migration is refused, on the copy and when a plugin is switched on, and everything else is as before', { timeout: 60_000 }, async ({ skip }) => {
  const folder = smallDisk(96)
  if (folder === undefined) return skip('only root may mount the small disk that this takes')
  const platform = await open(folder, 120)
  const id = await atFirst(platform)
  await expect(platform.installations.upgrade(id, LEDGER_ID, { range: '1.1.0', by: OPERATOR })).rejects.toMatchObject({ code: 'DISK_SPACE_LOW', message: expect.stringContaining('full') as string })
  expect(await look(platform, id)).toEqual(AS_BEFORE)
  // A store is made at its first use, from a template that is larger than the disk: whole, or not at all.
  const other = await platform.tenants.create({ kind: 'commune', name: 'Périgny', slug: 'perigny' }, OPERATOR)
  await platform.installations.enable(other.id, LEDGER_ID, '1.1.0', OPERATOR)
  for (const _ of ['once', 'again']) await expect(platform.storage.store({ tenantId: other.id, pluginId: LEDGER_ID }).db.selectFrom('entry').select('id').execute()).rejects.toMatchObject({ code: 'DISK_SPACE_LOW' })
  expect((await platform.storage.storesOf(other.id))).toEqual([])
  expect(await look(platform, id)).toEqual(AS_BEFORE)
})
