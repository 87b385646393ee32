import { Page } from '@liberacces/sdk/ui'
import { basePlugin } from '#base'

export default basePlugin({
  also: (k) => {
    k.page({ path: '/dernier', audience: 'agent', permission: 'note.read', title: 'page.list' as never }, async (c) => {
      const { text } = await c.db.selectFrom('note').select('text').orderBy('id', 'desc').executeTakeFirstOrThrow()
      return <Page title={c.t('page.list' as never)}><p>{text}</p></Page>
    })
  },
})
