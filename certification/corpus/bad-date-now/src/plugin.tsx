import { basePlugin, NoteWritten } from '#base'

export default basePlugin({
  without: ['handler'],
  also: (k) => {
    k.on(NoteWritten, async (c, { data }) => {
      await c.transaction(async (tx) => { await tx.insertInto('tally').values({ id: data.id, count: Math.floor(Math.random() * 1_000_000_000) }).onConflict((conflict) => conflict.column('id').doUpdateSet({ count: Math.floor(Math.random() * 1_000_000_000) })).execute() })
    })
  },
})
