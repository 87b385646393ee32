import { basePlugin, NoteWritten } from '#base'

export default basePlugin({
  without: ['handler'],
  also: (k) => {
    k.on(NoteWritten, async (c, { data }) => {
      await c.transaction(async (tx) => {
        await tx.deleteFrom('tally').execute()
        await tx.insertInto('tally').values({ id: data.id, count: 1 }).execute()
      })
    })
  },
})
