import { TextBody } from '@liberacces/sdk'
import { articleUrl } from './announce.ts'
import { articleHtml } from './article-html.ts'
import { authorName } from './author.ts'
import { entryIri, tagUri, writeAtom, type FeedEnclosure, type FeedEntry } from './feed.ts'
import { attachmentPath, imagePath } from './file-paths.ts'
import type { NewsContext, NewsRegistrar } from './news-types.ts'
import { attachmentsOf, latestFullArticles } from './public-articles.ts'
import { oneLine } from './plain-text.ts'
import type { ArticleRow, AttachmentRow } from './tables.ts'

const ENTRIES = 20
/** The day from which the name of a collectivité's host stands for this feed (RFC 4151 wants one). */
const NAMED_SINCE = '2026-01-01'

/** The Atom feed of the visible articles. */
export function registerFeed(k: NewsRegistrar): void {
  k.route({
    method: 'GET', path: '/feed.atom', audience: 'public', summary: 'The latest articles as an Atom feed (RFC 4287)',
    response: { 200: TextBody('application/atom+xml') },
  }, async (c) => {
    const articles = await latestFullArticles(c.db, c.now(), ENTRIES)
    const attachments = await attachmentsOf(c.db, articles.map(({ id }) => id))
    const base = c.absoluteUrl('/')
    const id = tagUri(new URL(base).hostname, NAMED_SINCE, 'actualites')
    const entries = articles.map((article) => feedEntry(c, id, base, article, attachments.filter(({ article_id: owner }) => owner === article.id)))
    const updated = new Date(Math.max(...entries.map((entry) => entry.updated.getTime()), Date.parse(`${NAMED_SINCE}T00:00:00Z`)))
    const { feedAuthorName, feedAuthorEmail } = c.settings
    const xml = writeAtom({
      id, base, updated, entries,
      title: c.t('feed.title', { name: c.tenant.name }),
      subtitle: c.t('feed.subtitle'),
      language: 'fr',
      author: { name: oneLine(feedAuthorName ?? '') || c.tenant.name, email: feedAuthorEmail },
      self: c.absoluteUrl('/feed.atom'),
      alternate: base,
    })
    return c.reply(200, xml, { 'cache-control': 'public, max-age=300', 'last-modified': updated.toUTCString(), 'etag': await etagOf(xml) })
  })
}

/** Readers ask often and mostly find nothing new: the platform answers 304 by this. */
async function etagOf(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return `"${Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')}"`
}

function feedEntry(c: NewsContext, feedId: string, base: string, article: ArticleRow, attachments: readonly AttachmentRow[]): FeedEntry {
  const published = new Date(article.published_at ?? article.created_at)
  const edited = new Date(article.updated_at)
  return {
    id: entryIri(article.id, feedId),
    title: article.title,
    href: articleUrl(c, article),
    published,
    // A scheduled article was last edited before it appeared.
    updated: edited > published ? edited : published,
    author: { name: authorName(c, article) },
    category: { term: article.category, label: c.t(`field.category.${article.category}`) },
    summary: article.summary,
    html: articleHtml(article.body, base),
    enclosures: [...imageEnclosure(c, article), ...attachments.map(({ id, name, type, size }) => ({ href: c.absoluteUrl(attachmentPath(id)), type, title: name, length: size }))],
  }
}

function imageEnclosure(c: NewsContext, article: ArticleRow): readonly FeedEnclosure[] {
  const { id, image_file_id: file, image_type: type, image_size: length, image_alt: alt } = article
  if (file === null || type === null || length === null) return []
  return [{ href: c.absoluteUrl(imagePath(id, file)), type, length, title: alt ?? '' }]
}
