import { basePlugin } from '#base'
import { Page } from '@liberacces/sdk/ui'

export default basePlugin({
  says: { 'page.about': 'À propos' },
  also: (k) => { k.page({ path: '/a-propos', audience: 'public', title: 'page.about' }, (c) => <Page title={c.t('page.about')}><p>{c.t('page.about')}</p><img src="https://cdn.example/logo.png" alt="" width="80" height="80" /></Page>) },
})
