import { basePlugin } from '#base'
import { Page } from '@liberacces/sdk/ui'

export default basePlugin({
  also: (k) => {
    k.page({ path: '/accueil', audience: 'public', title: 'page.public' }, (c) => (
      <Page title={c.t('page.public')}><div dangerouslySetInnerHTML={{ __html: c.t('form.intro') }} /></Page>
    ))
  },
})
