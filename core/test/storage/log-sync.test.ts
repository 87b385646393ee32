import { expect, test } from 'vitest'
import { sqliteStorage } from './sqlite-storage.ts'

/** A disk that takes as long as it is told to, and fails when it is told to. */
function slowDisk() {
  const waiting: PromiseWithResolvers<void>[] = []
  return {
    syncFile: (): Promise<void> => {
      const sync = Promise.withResolvers<void>()
      waiting.push(sync)
      return sync.promise
    },
    get syncs() { return waiting.length },
    done: (): void => { waiting.at(-1)?.resolve() },
    fail: (): void => { waiting.at(-1)?.reject(new Error('EIO: i/o error, fdatasync')) },
  }
}

const tenant = (id: string) => ({ id, slug: id, name: id, kind: 'commune' as const, parent_id: null, siren: null, insee: null, population: null, created_at: 0 })
const turns = async () => { for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => { setImmediate(resolve) }) }

test('[D17] who changes the kernel\'s tables is answered when the disk has it; others read and write meanwhile, and share one sync', async () => {
  const disk = slowDisk()
  const storage = sqliteStorage({ syncFile: disk.syncFile })
  const done: string[] = []
  const writes = [
    storage.platformTransaction(async (tx) => { await tx.insertInto('tenant').values(tenant('a')).execute() }).then(() => done.push('a')),
    storage.platform.insertInto('tenant').values(tenant('b')).execute().then(() => done.push('b')),
    storage.platformTransaction(async (tx) => { await tx.insertInto('tenant').values(tenant('c')).execute() }).then(() => done.push('c')),
  ]
  await turns()
  expect((await storage.platform.selectFrom('tenant').select('id').execute()).map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'c'])
  expect([done, disk.syncs]).toEqual([[], 1])
  disk.done()
  await turns()
  // The others came while the first sync was under way, which may not have seen them.
  expect([done, disk.syncs]).toEqual([['a'], 2])
  disk.done()
  await Promise.all(writes)
  expect(done.toSorted()).toEqual(['a', 'b', 'c'])
})

test('[D17] what is rolled back or fails is told at once, and syncs nothing', async () => {
  const disk = slowDisk()
  const storage = sqliteStorage({ syncFile: disk.syncFile })
  await expect(storage.platformTransaction(async (tx) => {
    await tx.insertInto('tenant').values(tenant('a')).execute()
    throw new Error('no')
  })).rejects.toThrow('no')
  await expect(storage.platform.insertInto('tenant').values({ ...tenant('b'), parent_id: 'nobody' }).execute()).rejects.toThrow(/FOREIGN KEY/)
  expect(disk.syncs).toBe(0)
})

test('[D17] a stamp that was taken while the sync was under way is not the last: memory is brought up to date after it', async () => {
  const disk = slowDisk()
  const storage = sqliteStorage({ syncFile: disk.syncFile })
  const write = storage.platformTransaction(async (tx) => { await tx.insertInto('tenant').values(tenant('a')).execute() })
  await turns()
  const meanwhile = storage.platformStamp()
  const audited = storage.platform.insertInto('dirty').values({ tenant_id: 'a', plugin_id: 'p', due_at: 0 }).execute()
  disk.done()
  await write
  expect(storage.platformStamp()).toBeGreaterThan(meanwhile)
  await turns()
  const apart = storage.platformStamp(['dirty'])
  disk.done()
  await audited
  expect(storage.platformStamp(['dirty'])).toBeGreaterThan(apart)
})

test('[D18] after a sync that failed nothing more is written until a new start has looked at the disk; reading goes on', async () => {
  const disk = slowDisk()
  const storage = sqliteStorage({ syncFile: disk.syncFile })
  const write = storage.platform.insertInto('tenant').values(tenant('a')).execute()
  const next = storage.platformTransaction(async (tx) => { await tx.insertInto('tenant').values(tenant('b')).execute() })
  disk.fail()
  const refused = { code: 'DISK_UNWRITABLE' }
  await expect(write).rejects.toMatchObject(refused)
  await expect(next).rejects.toMatchObject(refused)
  let isRun = false
  await expect(storage.platformTransaction(async () => { isRun = true })).rejects.toMatchObject(refused)
  await expect(storage.platform.deleteFrom('tenant').execute()).rejects.toMatchObject(refused)
  expect(isRun).toBe(false)
  expect(await storage.platform.selectFrom('tenant').select('id').execute()).not.toHaveLength(0)
})

test('[D17] closing answers those who wait, with what they wrote on the disk', async () => {
  const disk = slowDisk()
  const storage = sqliteStorage({ syncFile: disk.syncFile })
  const first = storage.platform.insertInto('tenant').values(tenant('a')).execute()
  const second = storage.platform.insertInto('tenant').values(tenant('b')).execute()
  await storage.close()
  expect(await second).toHaveLength(1)
  disk.done()
  expect(await first).toHaveLength(1)
})
