import { basePlugin } from '#base'
import { Page } from '@liberacces/sdk/ui'

/** One grey point. */
const PICTURE = 'data:image/gif;base64,R0lGODlhAQABAIAAAMLCwgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=='

export default basePlugin({
  says: { 'page.picture': 'Photographie' },
  also: (k) => { k.page({ path: '/photographie', audience: 'public', title: 'page.picture' }, (c) => <Page title={c.t('page.picture')}><img src={PICTURE} alt={c.t('page.picture')} /></Page>) },
})
