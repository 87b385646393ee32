import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sqliteStorage } from './sqlite-storage.ts'
import { KEY, NOTES, temporaryFolder } from './temporary-storage.ts'

test('[Z5] a store takes one descriptor while it is read and three while it is written to, and stays within the limit', async () => {
  const folder = temporaryFolder()
  const storage = sqliteStorage({ folder, openFilesLimit: () => 9 })
  const keys = Array.from({ length: 20 }, (_, index) => ({ tenantId: `t-${index}`, pluginId: KEY.pluginId }))
  for (const key of keys) {
    await storage.migrate(key, NOTES)
    expect(storage.stats.storeDescriptors).toBeLessThanOrEqual(9)
  }
  for (const key of keys) await storage.store(key).db.selectFrom('note').selectAll().execute()
  expect([storage.stats.openStores, storage.stats.storeDescriptors]).toEqual([20, 9])
  for (const [round, key] of [1, 2, 3].flatMap((one) => keys.map((each) => [one, each] as const))) {
    // Twice each: the second write is what makes a log.
    for (const part of ['a', 'b']) await storage.store(key).db.insertInto('note').values({ text: `${round}${part}` }).execute()
    expect(storage.stats.storeDescriptors).toBeLessThanOrEqual(9)
  }
  expect(storage.stats.storeDescriptors).toBe(9)
  const logs = readdirSync(join(folder, 'tenants'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('-wal'))
  expect(logs).toHaveLength(3)
  for (const key of keys) expect(await storage.store(key).db.selectFrom('note').selectAll().execute()).toHaveLength(6)
  await storage.close()
  expect(readdirSync(join(folder, 'tenants'), { recursive: true, encoding: 'utf8' }).filter((name) => /-(?:wal|shm|journal)$/.test(name))).toEqual([])
})
