import { ActionButton, ButtonLink } from '@liberacces/sdk/ui'
import type { ArticleState } from '../article.ts'
import { mayChange } from '../article-rights.ts'
import type { NewsContext } from '../news-types.ts'
import type { ArticleRow } from '../tables.ts'
import { articlePath } from './article-actions.ts'

interface ArticleButtonsProps {
  readonly c: NewsContext
  readonly article: ArticleRow
  readonly state: ArticleState
}

/** What this person may do with an article in this state. */
export function ArticleButtons({ c, article, state }: ArticleButtonsProps) {
  const { status } = state
  const path = c.url(articlePath(article.id))
  const publish = c.actor.can('article.publish')
  const mine = mayChange(c.actor, state)
  const planned = article.publish_at !== null && new Date(article.publish_at) > c.now()
  return (
    <>
      {mine && status !== 'archived' && <ButtonLink kind="primary" href={`${path}/modifier`}>{c.t('action.edit')}</ButtonLink>}
      {publish && (status === 'draft' || status === 'scheduled') && <ActionButton action={`${path}/publier`} label={c.t('action.publish')} />}
      {publish && status === 'expired' && <ActionButton action={`${path}/publier`} label={c.t('action.publish-again')} />}
      {publish && status === 'draft' && planned && article.publish_at !== null && (
        <ActionButton action={`${path}/programmer`} label={c.t('action.schedule', { date: c.format.dateTime(article.publish_at) })} />
      )}
      {publish && (status === 'scheduled' || status === 'published' || status === 'expired') && (
        <ActionButton action={`${path}/retirer`} label={c.t('action.withdraw')} confirm={c.t('action.withdraw.confirm')} />
      )}
      {publish && status !== 'archived' && <ActionButton action={`${path}/archiver`} label={c.t('action.archive')} confirm={c.t('action.archive.confirm')} />}
      {publish && status === 'archived' && <ActionButton action={`${path}/restaurer`} label={c.t('action.restore')} />}
      {mine && <ActionButton action={`${path}/supprimer`} label={c.t('action.delete')} kind="danger" confirm={c.t('action.delete.confirm', { title: article.title })} />}
    </>
  )
}
