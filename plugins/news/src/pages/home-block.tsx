import { GuichetBlock, GuichetService } from '@liberacces/sdk/slots'
import { Actions, ButtonLink } from '@liberacces/sdk/ui'
import type { NewsRegistrar } from '../news-types.ts'
import { nextTurn } from '../next-turn.ts'
import { frontArticles } from '../public-articles.ts'
import { ArticleCards } from './article-cards.tsx'

/** The latest news on the Guichet's home page, and the news among its services. */
export function contributeToGuichet(k: NewsRegistrar): void {
  k.contribute(GuichetBlock, {
    title: 'page.news', order: 10,
    render: async (c) => {
      const now = c.now()
      const articles = await frontArticles(c.db, now, { limit: c.settings.homeCount })
      c.staysUntil(await nextTurn(c.db, now))
      if (articles.length === 0) return null
      return (
        <>
          <ArticleCards c={c} articles={articles} level={3} />
          <Actions><ButtonLink href={c.url('/')}>{c.t('article.all')}</ButtonLink><a href={c.url('/feed.atom')}>{c.t('feed.link')}</a></Actions>
        </>
      )
    },
  })
  k.contribute(GuichetService, { title: 'page.news', category: 'vie-locale', href: '/', description: 'service.description', icon: 'megaphone', order: 10 })
}
