import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { StorageRoom } from '../../src/entitlement/storage-room.ts'
import type { Storage, StoreKey } from '../../src/storage/storage.ts'
import { runStorage } from '../storage/run-storage.ts'
import { forever, KEY, NOTES } from '../storage/temporary-storage.ts'

const OTHER: StoreKey = { ...KEY, pluginId: 'fr.example.other' }
const PAGE = 4_096

async function limited(limits: Record<string, number | undefined>, files = 0) {
  const storage = await runStorage()
  for (const key of [KEY, OTHER]) await storage.migrate(key, NOTES)
  const warned: number[] = []
  const room = new StorageRoom({
    limitOf: (tenantId) => limits[tenantId],
    count: async (tenantId) => ({ files, databases: await storage.sizesOf(tenantId) }),
    noted: (_tenant, bytes) => { warned.push(bytes) },
  })
  storage.limitWrites(room)
  const stored = async (): Promise<number> => files + [...(await storage.sizesOf(KEY.tenantId)).values()].reduce((sum, size) => sum + size, 0)
  return { storage, room, stored, warned, base: await stored() }
}

const write = (storage: Storage, key: StoreKey, bytes: number): Promise<unknown> =>
  sql`insert into note (text) values (${'x'.repeat(bytes)})`.execute(storage.store(key).db)
const count = async (storage: Storage, key: StoreKey): Promise<number> => (await storage.store(key).db.selectFrom('note').selectAll().execute()).length

test('[Q4] a write that does not fit is refused as a whole, by itself or in a transaction, and reading and deleting go on', async () => {
  const limits: Record<string, number | undefined> = {}
  const { storage, stored, base } = await limited(limits)
  limits['t-1'] = base + 10 * PAGE
  await write(storage, KEY, 5 * PAGE)
  await expect(write(storage, OTHER, 8 * PAGE)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', message: expect.stringContaining('KiB') as string })
  await expect(storage.store(KEY).transaction(async ({ db }) => {
    for (let each = 0; each < 20; each += 1) await sql`insert into note (text) values (${'y'.repeat(PAGE)})`.execute(db)
  }, forever())).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
  expect([await count(storage, KEY), await count(storage, OTHER)]).toEqual([1, 0])
  expect(await stored()).toBeLessThanOrEqual(limits['t-1'])
  await sql`delete from note`.execute(storage.store(KEY).db)
  // What was deleted leaves room within its own database.
  await write(storage, KEY, 5 * PAGE)
  expect(await count(storage, KEY)).toBe(1)
})

test('[Q4] a statement that writes without end is stopped at the quota, and the kernel can still write beside', async () => {
  const limits: Record<string, number | undefined> = {}
  const { storage, base } = await limited(limits)
  limits['t-1'] = base + 50 * PAGE
  const endless = sql`insert into note (text) with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000000) select hex(zeroblob(2000)) from n`
  await expect(endless.execute(storage.store(KEY).db)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
  await expect(storage.store(KEY).transaction(({ db }) => endless.execute(db), forever())).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
  expect(await count(storage, KEY)).toBe(0)
  limits['t-1'] = 0
  await storage.kernelTransaction(KEY, async (tx) => {
    await tx.insertInto('liberacces_file').values({ id: 'f', name: 'n'.repeat(3 * PAGE), type: 't', size: 1, sha256: 's', created_at: 0 }).execute()
  })
  await expect(write(storage, KEY, 5 * PAGE)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
  delete limits['t-1']
  await write(storage, KEY, 200 * PAGE)
  expect(await count(storage, KEY)).toBe(1)
})

test('[Q4] whatever is written at the same time, what a tenant stores never passes its quota', async () => {
  await fc.assert(fc.asyncProperty(
    fc.nat(40), fc.array(fc.record({ other: fc.boolean(), pages: fc.nat(6), rows: fc.integer({ min: 1, max: 4 }), alone: fc.boolean(), pause: fc.boolean() }), { minLength: 1, maxLength: 14 }),
    async (pages, writes) => {
      const limits: Record<string, number | undefined> = {}
      const { storage, stored, base } = await limited(limits)
      const limit = limits['t-1'] = base + pages * PAGE
      const outcomes = await Promise.allSettled(writes.map(async ({ other, pages: size, rows, alone, pause }) => {
        const key = other ? OTHER : KEY
        if (alone) return await write(storage, key, size * PAGE)
        return await storage.store(key).transaction(async ({ db }) => {
          for (let row = 0; row < rows; row += 1) {
            if (pause) await new Promise((resolve) => { setImmediate(resolve) })
            await sql`insert into note (text) values (${'z'.repeat(size * PAGE)})`.execute(db)
          }
        }, forever())
      }))
      expect(await stored()).toBeLessThanOrEqual(limit)
      expect(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [(outcome.reason as { code: string }).code] : [])).filter((code) => code !== 'QUOTA_EXCEEDED')).toEqual([])
      const written = outcomes.reduce((sum, outcome, index) => sum + (outcome.status === 'rejected' ? 0 : writes[index]?.alone === true ? 1 : (writes[index]?.rows ?? 0)), 0)
      expect(await count(storage, KEY) + await count(storage, OTHER)).toBe(written)
      await storage.close()
    },
  ), { numRuns: 40 })
})

test('[Q4] files count too, and what the room knows is what lies on the disk', async () => {
  const limits: Record<string, number | undefined> = {}
  const { storage, room, stored, base } = await limited(limits, 1_000)
  limits['t-1'] = base + 2 * PAGE
  await room.ready('t-1')
  expect(() => { room.addFile('t-1', 2 * PAGE + 1) }).toThrow(expect.objectContaining({ code: 'QUOTA_EXCEEDED' }))
  await write(storage, KEY, 10)
  expect(await room.bytesOf('t-1')).toBe(await stored())
  room.addFile('t-1', PAGE)
  await expect(write(storage, KEY, 3 * PAGE)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
})
