import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Platform } from '@liberacces/core'
import { expect, onTestFinished, test } from 'vitest'
import { runEnvironment } from '../run-environment.ts'
import { openMoved, take, TENANT_SLUG, type Step } from './killed-move.ts'
import { LEDGER_ID } from './ledger-plugin.ts'

const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const

async function after(...steps: readonly Step[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-faults-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await runEnvironment(folder)
  for (const step of steps) await take(folder, step)
  return folder
}

/** A platform whose disk is full each time that a point is passed. */
async function open(folder: string, fullAt?: string): Promise<{ readonly platform: Platform; readonly tenantId: string; readonly look: () => Promise<string> }> {
  const platform = await openMoved(folder, { reached: (point) => { if (point === fullAt) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }) } })
  onTestFinished(async () => { await platform.stop() })
  const tenantId = platform.tenants.bySlug(TENANT_SLUG)?.id ?? ''
  const look = async (): Promise<string> => {
    const [row] = await platform.installations.list(tenantId)
    const rows = await platform.storage.store({ tenantId, pluginId: LEDGER_ID }).db.selectFrom('entry').select('id').orderBy('id').execute()
    return `${row?.version} ${row?.state} ${rows.map(({ id }) => id).join('')} ${(await platform.installations.journal.open()).length}`
  }
  return { platform, tenantId, look }
}

test.each(['rehearsal:copied', 'rehearsal:migrated', 'upgrade:begun', 'upgrade:drained', 'snapshot:copied', 'upgrade:snapshotted', 'upgrade:migrated', 'upgrade:checked'])('[L26] a disk that is full at %s of an upgrade leaves all as it was, and says so', { timeout: 30_000 }, async (point) => {
  const folder = await after('prepare')
  const { platform, tenantId, look } = await open(folder, point)
  await expect(platform.installations.upgrade(tenantId, LEDGER_ID, { range: '1.1.0', by: OPERATOR })).rejects.toMatchObject({ message: expect.stringMatching(/disk is full|no space left/) })
  expect([await look(), (await platform.installations.snapshots.list({ tenantId })).length]).toEqual(['1.0.0 active ab 0', 0])
})

test.each(['rollback:begun', 'snapshot:copied', 'rollback:snapshotted', 'rehearsal:copied', 'rollback:decided', 'rollback:restored'])('[L26] a disk that is full at %s of a rollback leaves all as it was', { timeout: 30_000 }, async (point) => {
  const { platform, tenantId, look } = await open(await after('prepare', 'upgrade'), point)
  await expect(platform.installations.rollback(tenantId, LEDGER_ID, { by: OPERATOR })).rejects.toMatchObject({ message: expect.stringMatching(/disk is full|no space left/) })
  expect([await look(), (await platform.installations.snapshots.list({ tenantId })).map(({ reason }) => reason)]).toEqual(['1.1.0 active ab 0', ['upgrade']])
})

test('[L26] where snapshots or copies cannot be written, nothing is begun and the folder is named', { timeout: 30_000 }, async () => {
  for (const name of ['snapshots', 'rehearsals']) {
    const folder = await after('prepare')
    const { platform, tenantId, look } = await open(folder)
    await writeFile(join(folder, name), 'in the way')
    await expect(platform.installations.upgrade(tenantId, LEDGER_ID, { range: '1.1.0', by: OPERATOR })).rejects.toMatchObject({ code: 'DISK_UNWRITABLE', message: expect.stringContaining(name) })
    await rm(join(folder, name))
    expect(await look()).toBe('1.0.0 active ab 0')
    expect(await platform.installations.upgrade(tenantId, LEDGER_ID, { range: '1.1.0', by: OPERATOR })).toMatchObject({ kind: 'upgraded' })
  }
})
