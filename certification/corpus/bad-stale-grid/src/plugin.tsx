import { basePlugin } from '#base'
import { Page } from '@liberacces/sdk/ui'

export default basePlugin({
  says: { 'page.hours': 'Horaires' },
  also: (k) => { k.page({ path: '/horaires', audience: 'public', title: 'page.hours' }, (c) => <Page title={c.t('page.hours')}><p><a href={c.url('/')} aria-describedby="elsewhere">{c.t('page.hours')}</a></p></Page>) },
})
