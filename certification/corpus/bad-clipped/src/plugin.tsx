import { basePlugin } from '#base'
import { Page } from '@liberacces/sdk/ui'

export default basePlugin({
  says: { 'page.places': 'Places', 'places.head': 'Places libres ce samedi matin' },
  also: (k) => {
    k.page({ path: '/places', audience: 'public', title: 'page.places' }, (c) => (
      <Page title={c.t('page.places')}><table class="la-table"><caption>{c.t('page.places')}</caption><thead><tr><th scope="col">{c.t('places.head')}</th></tr></thead><tbody><tr><td>12</td></tr></tbody></table></Page>
    ))
  },
})
