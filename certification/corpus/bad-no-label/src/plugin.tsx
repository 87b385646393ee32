import { basePlugin } from '#base'
import { Page } from '@liberacces/sdk/ui'

export default basePlugin({
  says: { 'page.search': 'Recherche' },
  also: (k) => { k.page({ path: '/recherche', audience: 'public', title: 'page.search' }, (c) => <Page title={c.t('page.search')}><form action={c.url('/recherche')} method="get"><input name="q" /></form></Page>) },
})
