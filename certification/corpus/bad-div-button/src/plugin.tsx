import { basePlugin } from '#base'
import { Page } from '@liberacces/sdk/ui'

export default basePlugin({
  says: { 'page.close': 'Fermeture' },
  also: (k) => { k.page({ path: '/fermeture', audience: 'public', title: 'page.close' }, (c) => <Page title={c.t('page.close')}><div role="button" class="la-button">{c.t('page.close')}</div></Page>) },
})
