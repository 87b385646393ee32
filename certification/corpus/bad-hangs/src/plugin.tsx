import { Page } from '@liberacces/sdk/ui'
import { basePlugin } from '#base'

export default basePlugin({
  scopes: ['db', 'net:api.example.fr'],
  also: (k) => {
    k.page({ path: '/meteo', audience: 'public', title: 'page.list' as never }, async (c) => {
      const { text } = await (await c.fetch('https://api.example.fr/weather')).json() as { readonly text: string }
      return <Page title={c.t('page.list' as never)}><p>{text}</p></Page>
    })
  },
})
