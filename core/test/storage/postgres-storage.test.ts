import { expect, test } from 'vitest'
import { forever, KEY, NOTES } from './temporary-storage.ts'
import { postgresStorage } from './postgres-database.ts'

test('[J1] a statement that fails inside a transaction leaves it as it was before, and the transaction goes on', async () => {
  const storage = await postgresStorage()
  await storage.migrate(KEY, NOTES)
  const store = storage.store(KEY)
  await store.transaction(async (tx) => {
    await tx.db.insertInto('note').values({ text: 'a' }).execute()
    await expect(tx.db.insertInto('note').values({ id: 1, text: 'again' }).execute()).rejects.toThrow('duplicate key')
    await tx.db.insertInto('note').values({ text: 'b' }).execute()
  }, forever())
  expect(await store.db.selectFrom('note').select('text').orderBy('id').execute()).toEqual([{ text: 'a' }, { text: 'b' }])
})
