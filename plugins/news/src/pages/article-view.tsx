import type { PersonCard } from '@liberacces/plugin-directory/contract'
import { Markdown, Section, Time } from '@liberacces/sdk/ui'
import { readableSize, typeName } from '../attachment.ts'
import { authorName } from '../author.ts'
import { attachmentPath, imagePath } from '../file-paths.ts'
import type { NewsContext } from '../news-types.ts'
import type { ArticleRow, AttachmentRow } from '../tables.ts'
import { PinnedBadge } from './pinned-badge.tsx'

interface ArticleViewProps {
  readonly c: NewsContext
  readonly article: ArticleRow
  readonly author: PersonCard | undefined
  readonly attachments: readonly AttachmentRow[]
  /** Level of its headings: one more than that of the heading above it. */
  readonly level: 2 | 3
}

/** An article as readers see it, below its title and summary. Its parts stand by themselves, so that the page around spaces them. */
export function ArticleView({ c, article, author, attachments, level }: ArticleViewProps) {
  const { published_at: published, updated_at: updated } = article
  return (
    <>
      <p>
        <PinnedBadge c={c} article={article} />
        {published !== null && <>{c.t('article.published')} <Time date={published} /> · </>}
        {c.t(`field.category.${article.category}`)} · {c.t('article.by')} {author === undefined
          ? authorName(c, article)
          : <><a href={author.url}>{author.displayName}</a>{author.role !== '' && <>, {author.role}</>}</>}
      </p>
      {article.image_file_id !== null && (
        <figure>
          <img src={c.url(imagePath(article.id, article.image_file_id))} alt={article.image_alt ?? ''} />
          {article.image_credit !== null && <figcaption>{c.t('article.credit', { credit: article.image_credit })}</figcaption>}
        </figure>
      )}
      <Markdown text={article.body} headingLevel={level} />
      {attachments.length > 0 && (
        <Section title={c.t('article.attachments')} level={level}>
          <ul>
            {attachments.map((attachment) => <li key={attachment.id}><a href={c.url(attachmentPath(attachment.id))} download="">{attachmentLabel(c, attachment)}</a></li>)}
          </ul>
        </Section>
      )}
      {published !== null && updated.slice(0, 10) > published.slice(0, 10) && <p>{c.t('article.updated')} <Time date={updated} /></p>}
    </>
  )
}

/** A file as its link says it: name, type and size (RGAA 13.4 wants both known before the click). */
export function attachmentLabel(c: NewsContext, { name, type, size }: Pick<AttachmentRow, 'name' | 'type' | 'size'>): string {
  const { value, unit } = readableSize(size)
  return c.t('attachment.link', { name, type: typeName(type), size: c.t('size', { value: c.format.number(value), unit }) })
}
