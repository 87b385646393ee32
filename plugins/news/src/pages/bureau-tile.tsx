import { BureauTile } from '@liberacces/sdk/slots'
import { Tile, Time } from '@liberacces/sdk/ui'
import { countArticles, nextScheduled } from '../agent-articles.ts'
import type { NewsRegistrar } from '../news-types.ts'
import { nextTurn } from '../next-turn.ts'

/** The news in the Bureau: what waits, what comes next, and the way to write. */
export function contributeToBureau(k: NewsRegistrar): void {
  k.contribute(BureauTile, {
    title: 'page.news', icon: 'megaphone', order: 20, permission: 'article.read-drafts',
    render: async (c) => {
      const now = c.now()
      const drafts = await countArticles(c.db, { text: '', status: 'draft' }, now)
      const scheduled = await countArticles(c.db, { text: '', status: 'scheduled' }, now)
      const next = await nextScheduled(c.db, now)
      c.staysUntil(await nextTurn(c.db, now))
      return (
        <Tile count={drafts} label={c.t('tile.drafts', { count: drafts })} href={c.url('/gestion')} linkLabel={c.t('page.manage')}>
          <p>{c.t('tile.scheduled', { count: scheduled })}</p>
          {next !== undefined && next.published_at !== null && (
            <p>{c.t('tile.next')} <a href={c.url(`/gestion/articles/${next.id}`)}>{next.title}</a>, <Time date={next.published_at} withTime /></p>
          )}
          {c.actor.can('article.write') && <p><a href={c.url('/gestion/nouveau')}>{c.t('action.new')}</a></p>}
        </Tile>
      )
    },
  })
}
