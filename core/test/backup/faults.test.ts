import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { restoreBackup } from '../../src/backup/restore-backup.ts'
import type { Platform } from '../../src/platform.ts'
import { temporaryFolder } from '../cli/cli-kit.ts'
import { BY, contentOf, exportTo, makeCommune, NOTICES, openPlace } from '../leaving/leaving-kit.ts'

async function dieAt(point: string, what: 'backup' | 'restore', folder: string, backup: string): Promise<string | null> {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'killed-backup.ts'), folder, what, backup, point], { stdio: ['ignore', 'inherit', 'inherit'] })
  await once(child, 'exit')
  return child.signalCode
}

/** A full disk, each time that a point is passed. */
const fullAt = (point: string) => (passed: string): void => { if (passed === point) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }) }
const noticesOf = async ({ storage }: Platform, tenantId: string): Promise<readonly unknown[]> => storage.store({ tenantId, pluginId: NOTICES }).db.selectFrom('notice').select('id').execute()

/** What was backed up from whatever database is brought back into a data folder; from there it may move. */
const RESTORED = { env: { LIBERACCES_DATABASE_URL: '' } }
const BACKUP = ['backup:tenants', 'backup:indexed']
const RESTORE = ['restore:begun', 'restore:file', 'restore:copied', 'restore:settled']

test.each(BACKUP)('[X17] killed at %s there is no backup, the platform is as it was, and another one is made', { timeout: 60_000 }, async (point) => {
  const { platform, folder, stop } = await openPlace()
  const id = await makeCommune(platform)
  await stop()
  const out = join(temporaryFolder(), 'backup')
  expect(await dieAt(point, 'backup', folder, out)).toBe('SIGKILL')
  await expect(restoreBackup(out, join(temporaryFolder(), 'data'))).rejects.toMatchObject({ code: 'BACKUP_INVALID' })
  const after = await openPlace({ folder })
  expect(await noticesOf(after.platform, id)).toEqual([{ id: 'premier' }])
  await expect(after.platform.backup({ out })).rejects.toMatchObject({ code: 'BACKUP_FAILED', message: expect.stringContaining('not empty') as string })
  const again = join(temporaryFolder(), 'backup')
  await after.platform.backup({ out: again })
  expect((await restoreBackup(again, join(temporaryFolder(), 'data'))).tenants).toBe(2)
})

test.each(RESTORE)('[X17] killed at %s there is no data folder, and restoring again brings all of it back', { timeout: 60_000 }, async (point) => {
  const { platform, stop } = await openPlace()
  const id = await makeCommune(platform)
  const out = join(temporaryFolder(), 'backup')
  await platform.backup({ out })
  await stop()
  const data = join(temporaryFolder(), 'data')
  expect(await dieAt(point, 'restore', data, out)).toBe('SIGKILL')
  await expect(openPlace({ folder: data, ...RESTORED })).rejects.toMatchObject({ code: 'DATA_FOLDER_TAKEN' })
  await restoreBackup(out, data)
  const after = await openPlace({ folder: data, ...RESTORED })
  expect(await noticesOf(after.platform, id)).toEqual([{ id: 'premier' }])
})

test('[X18] a disk that is full at any step of a backup or a restore leaves nothing behind, and is named', { timeout: 60_000 }, async () => {
  let full = ''
  const { platform } = await openPlace({ reached: (point) => { fullAt(full)(point) } })
  await makeCommune(platform)
  const out = join(temporaryFolder(), 'backup')
  for (full of BACKUP) {
    await expect(platform.backup({ out })).rejects.toMatchObject({ code: 'BACKUP_FAILED', message: expect.stringContaining('no space left') as string })
    expect([full, readdirSync(out)]).toEqual([full, []])
  }
  full = ''
  await platform.backup({ out })
  const data = join(temporaryFolder(), 'data')
  for (const point of RESTORE) {
    await expect(restoreBackup(out, data, undefined, fullAt(point))).rejects.toMatchObject({ code: 'DISK_SPACE_MISSING', message: expect.stringContaining('full') as string })
    expect([point, readdirSync(data).filter((name) => !name.startsWith('server.'))]).toEqual([point, []])
  }
  expect((await restoreBackup(out, data)).tenants).toBe(2)
})

test('[X18] a disk that is full at any step of an export or an import leaves nothing behind, and is named', { timeout: 60_000 }, async () => {
  let full = ''
  const reached = (point: string): void => { fullAt(full)(point) }
  const here = await openPlace({ reached })
  const id = await makeCommune(here.platform)
  const tenant = here.platform.tenants.byId(id)
  if (tenant === undefined) throw new Error('It was made.')
  const out = join(temporaryFolder(), 'x.tar')
  for (full of ['export:staged', 'export:written']) {
    await expect(here.platform.leaving.export(tenant, { out }, BY)).rejects.toMatchObject({ code: 'EXPORT_FAILED', message: expect.stringContaining('the disk is full') as string })
    expect([full, existsSync(out), existsSync(`${out}.part`), readdirSync(join(here.folder, 'leaving'))]).toEqual([full, false, false, []])
  }
  full = ''
  await exportTo(here.platform, out)
  expect(Object.keys(await contentOf(out)).length).toBeGreaterThan(10)
  const there = await openPlace({ reached })
  for (full of ['import:read', 'import:rehearsed', 'import:placing', 'import:files-placed', 'import:databases-placed', 'import:audit-written', 'import:committed', 'import:activated']) {
    await expect(there.platform.leaving.import({ file: out }, BY)).rejects.toMatchObject({ code: 'DISK_SPACE_MISSING', message: expect.stringContaining('full') as string })
    expect([full, there.platform.tenants.byId(id), existsSync(join(there.folder, 'files', id)), existsSync(join(there.folder, 'tenants', id)), readdirSync(join(there.folder, 'leaving'))]).toEqual([full, undefined, false, false, []])
  }
  full = ''
  await there.platform.leaving.import({ file: out }, BY)
  expect(await noticesOf(there.platform, id)).toEqual([{ id: 'premier' }])
})
