import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StoreKey } from '../../src/storage/storage.ts'
import { sqliteStorage } from './sqlite-storage.ts'
import { forever, KEY, NOTES, temporaryFolder } from './temporary-storage.ts'

function keysOf(count: number): readonly StoreKey[] {
  return Array.from({ length: count }, (_, index) => ({ tenantId: `t-${index}`, pluginId: KEY.pluginId }))
}

test('[Z9] reads spread over more stores than there are descriptors open each file once', async () => {
  const storage = sqliteStorage({ openFilesLimit: () => 4 })
  const keys = keysOf(10)
  for (const key of keys) {
    await storage.migrate(key, NOTES)
    await storage.store(key).db.insertInto('note').values({ text: key.tenantId }).execute()
  }
  const read = async (): Promise<readonly unknown[]> => {
    const all: unknown[] = []
    for (const key of keys) all.push(...(await storage.store(key).db.selectFrom('note').select('text').execute()).map(({ text }) => text))
    return all
  }
  await read()
  const before = storage.stats.openedTotal
  for (let round = 0; round < 5; round += 1) expect(await read()).toEqual(keys.map(({ tenantId }) => tenantId))
  expect(storage.stats.openedTotal).toBe(before)
  expect(storage.stats.storeDescriptors).toBeLessThanOrEqual(4)
  await expect(storage.store(keys[0] ?? KEY).reading.insertInto('note').values({ text: 'no' }).execute()).rejects.toMatchObject({ code: 'READ_ONLY' })
})

test('[Z9] a store that is large keeps no copy: its file is closed and opened again', async () => {
  const storage = sqliteStorage({ openFilesLimit: () => 1 })
  const keys = keysOf(2)
  for (const key of keys) {
    await storage.migrate(key, NOTES)
    await storage.store(key).db.insertInto('note').values({ text: 'x'.repeat(300_000) }).execute()
  }
  const before = storage.stats.openedTotal
  for (const key of [...keys, ...keys]) expect(await storage.store(key).db.selectFrom('note').select('id').execute()).toHaveLength(1)
  expect([storage.stats.openedTotal - before, storage.stats.openStores]).toEqual([4, 1])
})

/** What one may do with a store, however it is kept just then. */
const STEPS = ['read', 'write', 'transaction', 'roll back', 'replace', 'rest', 'restart'] as const

test('[Z9] whatever is done to stores in whatever order, each read finds what was written last', { timeout: 60_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...STEPS), fc.nat(4)), { minLength: 10, maxLength: 60 }), async (steps) => {
    const folder = temporaryFolder()
    const open = () => sqliteStorage({ folder, openFilesLimit: () => 3 })
    let storage = open()
    const keys = keysOf(5)
    const model = keys.map((): string[] => [])
    const copy = join(folder, 'copy.sqlite')
    for (const key of keys) await storage.migrate(key, NOTES)
    await storage.copyStore(keys[0] ?? KEY, copy)
    for (const [number, [step, index]] of steps.entries()) {
      const key = keys[index] ?? KEY
      const notes = model[index] ?? []
      const { db } = storage.store(key)
      const text = `${number}`
      if (step === 'write') {
        await db.insertInto('note').values({ text }).execute()
        notes.push(text)
      } else if (step === 'transaction') {
        await storage.store(key).transaction((tx) => tx.db.insertInto('note').values({ text }).execute(), forever())
        notes.push(text)
      } else if (step === 'roll back') {
        await storage.store(key).transaction(async (tx) => {
          await tx.db.insertInto('note').values({ text }).execute()
          throw new Error('not this')
        }, forever()).catch(() => undefined)
      } else if (step === 'replace') {
        await storage.placeStore(key, copy)
        notes.length = 0
      } else if (step === 'rest') {
        storage.rest(key)
      } else if (step === 'restart') {
        await storage.close()
        storage = open()
      }
      expect((await storage.store(key).db.selectFrom('note').select('text').orderBy('id').execute()).map((row) => row['text'])).toEqual(notes)
      expect(storage.stats.storeDescriptors).toBeLessThanOrEqual(3)
    }
    await storage.close()
    expect(readdirSync(join(folder, 'tenants'), { recursive: true, encoding: 'utf8' }).filter((name) => /-(?:wal|shm|journal)$/.test(name))).toEqual([])
  }), { numRuns: 25 })
})
