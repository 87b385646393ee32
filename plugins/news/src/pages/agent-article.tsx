import { Choice, Type } from '@liberacces/sdk'
import { ActionButton, DescriptionList, Notice, Page, SchemaForm, Section, Time } from '@liberacces/sdk/ui'
import { REFUSALS, stateAt, type ArticleState } from '../article.ts'
import { stateOf } from '../article-record.ts'
import { mayChange } from '../article-rights.ts'
import { MAX_ATTACHMENTS } from '../attachment.ts'
import { authorCard, authorName } from '../author.ts'
import type { NewsContext, NewsRegistrar } from '../news-types.ts'
import { articleById, attachmentsOf } from '../public-articles.ts'
import { articleRefusal } from '../refusal-message.ts'
import type { ArticleRow, AttachmentRow } from '../tables.ts'
import { articlePath } from './article-actions.ts'
import { ArticleButtons } from './article-buttons.tsx'
import { ArticleView, attachmentLabel } from './article-view.tsx'
import { AttachmentForm } from './attachment-form.ts'
import { fieldLabels } from './field-labels.ts'
import { StatusBadge } from './status-badge.tsx'

const ANY_REFUSAL = [...REFUSALS, 'changed-meanwhile', 'publish-right', 'schedule-needs-date'] as const

/** One article for agents: where it stands, what can be done, its files, and how readers will see it. */
export function registerAgentArticle(k: NewsRegistrar): void {
  k.page({
    path: '/gestion/articles/:id', audience: 'agent', permission: 'article.read-drafts', title: 'page.sheet',
    query: Type.Object({ refused: Type.Optional(Choice(ANY_REFUSAL)) }),
  }, async (c, { params, query: { refused } }) => {
    const article = await articleById(c.db, params['id'] ?? '')
    if (article === undefined) return c.notFound()
    const state = stateAt(stateOf(article), c.now())
    const attachments = await attachmentsOf(c.db, [article.id])
    const author = await authorCard(c, article)
    return c.page(article.title, (
      <Page title={article.title} breadcrumb={[{ label: c.t('page.manage'), href: c.url('/gestion') }]} actions={<ArticleButtons c={c} article={article} state={state} />}>
        {refused !== undefined && <Notice kind="error" title={c.t('refused.title')}><p>{c.t(articleRefusal(refused))}</p></Notice>}
        <Section title={c.t('section.state')}><Facts c={c} article={article} state={state} /></Section>
        <Attachments c={c} article={article} attachments={attachments} editable={state.status !== 'archived' && mayChange(c.actor, state)} />
        <Section title={c.t('section.preview')}>
          <p><strong>{article.summary}</strong></p>
          <ArticleView c={c} article={article} author={author} attachments={attachments} level={3} />
        </Section>
      </Page>
    ))
  })
}

interface FactsProps {
  readonly c: NewsContext
  readonly article: ArticleRow
  readonly state: ArticleState
}

function Facts({ c, article, state }: FactsProps) {
  const planned = state.status === 'draft' && article.publish_at !== null
  return (
    <DescriptionList items={[
      { term: c.t('filter.status'), description: <StatusBadge c={c} status={state.status} /> },
      ...(planned && article.publish_at !== null ? [{ term: c.t('field.publishAt'), description: <Time date={article.publish_at} withTime /> }] : []),
      ...(state.publishedAt === undefined ? [] : [{ term: c.t('column.published'), description: <Time date={state.publishedAt} withTime /> }]),
      ...(state.expiresAt === undefined ? [] : [{ term: c.t('field.expiresAt'), description: <Time date={state.expiresAt} withTime /> }]),
      ...(article.pinned_until === null ? [] : [{ term: c.t('field.pinnedUntil'), description: <Time date={article.pinned_until} withTime /> }]),
      { term: c.t('column.author'), description: authorName(c, article) },
      { term: c.t('column.updated'), description: <Time date={article.updated_at} withTime /> },
      ...(state.status === 'published' ? [{ term: c.t('column.address'), description: <a href={c.url(`/articles/${article.slug}`)}>{c.absoluteUrl(`/articles/${article.slug}`)}</a> }] : []),
    ]} />
  )
}

interface AttachmentsProps {
  readonly c: NewsContext
  readonly article: ArticleRow
  readonly attachments: readonly AttachmentRow[]
  readonly editable: boolean
}

function Attachments({ c, article, attachments, editable }: AttachmentsProps) {
  return (
    <Section title={c.t('article.attachments')}>
      {attachments.length === 0 && <p>{c.t('attachment.none')}</p>}
      {attachments.length > 0 && (
        <ul>
          {attachments.map((attachment) => (
            <li key={attachment.id}>
              {attachmentLabel(c, attachment)}
              {editable && (
                <ActionButton
                  action={c.url(`${articlePath(article.id)}/pieces/${attachment.id}/supprimer`)}
                  label={c.t('attachment.delete', { name: attachment.name })} kind="danger" confirm={c.t('attachment.delete.confirm', { name: attachment.name })}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {editable && attachments.length < MAX_ATTACHMENTS && (
        <SchemaForm schema={AttachmentForm} label={fieldLabels(c)} submitLabel={c.t('attachment.add')} action={c.url(`${articlePath(article.id)}/pieces`)} />
      )}
      {editable && attachments.length >= MAX_ATTACHMENTS && <p>{c.t('error.too-many-attachments')}</p>}
    </Section>
  )
}
