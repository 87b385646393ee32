import { evil } from '../evil-plugin.ts'

/** Opens transactions and leaves them open. */
export default evil('hoards-transactions', async (c, { way }) => {
  if (way === 'count') {
    const rows = await c.db.selectFrom('deed' as never).selectAll().execute()
    return [{ what: 'count', got: `done: ${rows.length}` }]
  }
  const open = Array.from({ length: way === 'many' ? 200 : 1 }, () => c.transaction(async (tx) => {
    await tx.insertInto('deed' as never).values({ id: 'evil' } as never).execute()
    await new Promise(() => undefined)
  }))
  await Promise.race(open)
  return [{ what: 'leaving them open', got: 'done: one ended' }]
}, {
  migrations: {
    '0001-deed': {
      up: async (db) => { await db.schema.createTable('deed').addColumn('id', 'text').execute() },
      down: async (db) => { await db.schema.dropTable('deed').execute() },
    },
  },
})
