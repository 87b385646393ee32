import { basePlugin } from '#base'

export default basePlugin({
  says: { 'page.profile': 'Profil' },
  also: (k) => {
    k.page({ path: '/profil', audience: 'agent', permission: 'note.read', title: 'page.profile' as never }, async (c) => {
      await Promise.resolve().then(() => c.files.get('profile')).catch(() => undefined)
      return <p>{c.t('page.list')}</p>
    })
  },
})
