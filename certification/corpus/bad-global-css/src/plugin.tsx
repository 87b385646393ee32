import { basePlugin } from '#base'
import { Page } from '@liberacces/sdk/ui'

export default basePlugin({
  says: { 'page.alert': 'Alerte' },
  also: (k) => { k.page({ path: '/alerte', audience: 'public', title: 'page.alert' }, (c) => <Page title={c.t('page.alert')}><p style="color: red">{c.t('page.alert')}</p></Page>) },
})
