import { defineEvent, Type } from '@liberacces/sdk'
import { basePlugin } from '#base'

const Seen = defineEvent('fr.zz-vendor.notes.note-seen/v1', Type.Object({ id: Type.String() }))

export default basePlugin({
  also: (k) => {
    k.route({ method: 'GET', path: '/api/seen', audience: 'agent', permission: 'note.read', summary: 'Says that notes were seen', response: { 200: Type.Boolean() } }, async (c) =>
      c.reply(200, await c.transaction(async (tx) => { await tx.emit(Seen as never, { id: 'all' } as never) }).then(() => true, () => false)))
  },
})
