import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Storage } from '../../src/storage/storage.ts'
import type { StorageDriver } from './certify-storage.ts'
import { FakeOutside, forever, KEY, NOTES } from './temporary-storage.ts'

/** Text of which nothing can be saved by compressing it, as PostgreSQL does. */
const textOf = (length: number): string => randomBytes(length).toString('base64').slice(0, length)

/** A store with two notes, of a tenant with a limit. `passedBy` tells by how many bytes that was passed, of which nobody asked. */
async function limited(storage: Storage): Promise<{ readonly to: (more: number) => void; readonly passedBy: number }> {
  await storage.migrate(KEY, NOTES)
  const { db } = storage.store(KEY)
  await db.insertInto('note').values({ text: 'small' }).execute()
  let most = Number.MAX_SAFE_INTEGER
  let used = 0
  let passedBy = 0
  const refusal = (): Error => Object.assign(new Error('full'), { code: 'QUOTA_EXCEEDED' })
  storage.limitWrites({
    isLimited: () => true, ready: () => undefined, roomOf: () => Math.max(0, most - used), full: refusal, forget: () => { used = 0 },
    resize: (_key, bytes, isAsked) => {
      if (isAsked && bytes > used && bytes > most) throw refusal()
      if (bytes > used) passedBy = Math.max(passedBy, bytes - most)
      used = bytes
    },
  })
  await db.insertInto('note').values({ text: 'counted' }).execute()
  return { to: (more) => { most = used + more }, get passedBy() { return passedBy } }
}

/** How a store is kept within what its tenant may store, on every database. */
export function certifyRoom({ name, create }: StorageDriver): void {
  const promise = (title: string, body: (storage: Storage) => Promise<void>): void => {
    // oxlint-disable-next-line vitest/expect-expect -- they are in the bodies
    test(`${title} (${name})`, async () => { await body((await create(new FakeOutside())).storage) })
  }

  promise('[J12] what a plugin writes past its tenant\'s room is refused and undone, in a transaction and alone', async (storage) => {
    const { db } = storage.store(KEY)
    const limit = await limited(storage)
    limit.to(200_000)
    await expect(db.insertInto('note').values({ text: textOf(400_000) }).execute()).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    await expect(storage.store(KEY).transaction(async (tx) => { for (let part = 0; part < 20; part += 1) await tx.db.insertInto('note').values({ text: textOf(20_000) }).execute() }, forever())).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    expect(await db.selectFrom('note').select('text').orderBy('id').execute()).toEqual([{ text: 'small' }, { text: 'counted' }])
    await db.insertInto('note').values({ text: 'fits' }).execute()
    // What was refused has left nothing on the disk.
    await db.insertInto('note').values({ text: textOf(120_000) }).execute()
  })

  promise('[J12] what was deleted leaves room in its own database, as often as one likes, and deleting needs none', async (storage) => {
    const { db } = storage.store(KEY)
    const limit = await limited(storage)
    limit.to(300_000)
    for (let round = 0; round < 5; round += 1) {
      for (let part = 0; part < 4; part += 1) await db.insertInto('note').values({ text: textOf(60_000) }).execute()
      await expect(db.insertInto('note').values({ text: textOf(100_000) }).execute()).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
      if (round % 2 === 1) limit.to(0)
      await (round === 2 ? storage.store(KEY).transaction((tx) => tx.db.deleteFrom('note').where('id', '>', 2).execute(), forever()) : db.deleteFrom('note').where('id', '>', 2).execute())
    }
    expect(await db.selectFrom('note').select('text').orderBy('id').execute()).toEqual([{ text: 'small' }, { text: 'counted' }])
    // PostgreSQL's lists of free places: 32 KiB for a table, and as much for its long values.
    expect(limit.passedBy).toBeLessThanOrEqual(65_536)
  })

  promise('[J12] what the kernel writes beside is not held against a plugin that writes where there is place already', async (storage) => {
    const { db } = storage.store(KEY)
    const limit = await limited(storage)
    limit.to(400)
    await storage.kernelTransaction(KEY, (tx) => tx.insertInto('liberacces_inbox').values({ event_id: 'e', handler: textOf(2_000), accepted_at: 1 }).execute())
    for (let file = 0; file < 20; file += 1) await storage.kernelTransaction(KEY, (tx) => tx.insertInto('liberacces_file').values({ id: `f${file}`, name: textOf(8_000), type: 't', size: 1, sha256: 's', created_at: 0 }).execute())
    await db.insertInto('note').values({ text: 'small, too' }).execute()
    await expect(db.insertInto('note').values({ text: textOf(40_000) }).execute()).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    await db.updateTable('note').set({ text: 'smaller' }).where('text', '=', 'small, too').execute()
  })
}
