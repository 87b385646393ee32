import { RetryLater } from '@liberacces/sdk'
import { basePlugin, NoteWritten } from '#base'

export default basePlugin({
  without: ['handler'],
  also: (k) => {
    k.on(NoteWritten, async (c, { data }) => {
      if (await c.db.selectFrom('note').select('id').where('id', '=', data.id).executeTakeFirst() === undefined) throw new RetryLater('The note is not there yet.')
    })
  },
})
