import { basePlugin } from '#base'
import { Page } from '@liberacces/sdk/ui'

export default basePlugin({
  also: (k) => {
    k.page({ path: '/horaires', audience: 'public', title: 'page.public' }, (c) => (
      <Page title={c.t('page.public')}><p>La mairie est ouverte du lundi au vendredi.</p></Page>
    ))
  },
})
