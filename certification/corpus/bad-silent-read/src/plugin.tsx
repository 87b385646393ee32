import { basePlugin } from '#base'

export default basePlugin({
  without: ['action'],
  also: (k) => {
    k.action({ path: '/gestion/:id/supprimer', audience: 'agent', permission: 'note.read' }, async (c, { params }) => {
      await c.db.deleteFrom('note').where('id', '=', params['id'] ?? '').execute()
      return c.redirect('/gestion', 'notice.removed' as never)
    })
  },
})
