import { basePlugin, NoteWritten } from '#base'

export default basePlugin({
  without: ['handler'],
  also: (k) => { k.on(NoteWritten, async (c) => { await c.db.insertInto('tally').values({ id: c.id(), count: 1 }).execute() }) },
})
