import { Choice, LongText, Type, type Static } from '@liberacces/sdk'
import { ARTICLE_STATUSES, stateAt } from '../article.ts'
import { articleUrl } from '../announce.ts'
import { authorName } from '../author.ts'
import { CATEGORIES, LIMITS } from '../article-content.ts'
import { imagePath } from '../file-paths.ts'
import { stateOf } from '../article-record.ts'
import type { NewsContext } from '../news-types.ts'
import type { ArticleCard } from '../public-articles.ts'
import type { ArticleRow } from '../tables.ts'

const Instant = Type.String({ format: 'date-time' })
const InstantOrNull = Type.Union([Instant, Type.Null()])
const Image = Type.Object({ url: Type.String(), alt: Type.String() })

/** An article in a list. */
export const ArticleSummary = Type.Object({
  id: Type.String(),
  slug: Type.String(),
  url: Type.String(),
  title: Type.String(),
  summary: Type.String(),
  category: Choice(CATEGORIES),
  author: Type.String(),
  image: Type.Union([Image, Type.Null()]),
  publishedAt: InstantOrNull,
  expiresAt: InstantOrNull,
  /** Until when it stands before the others on the Guichet; this list stays newest first. */
  pinnedUntil: InstantOrNull,
  updatedAt: Instant,
})

/** An article with its text. */
export const Article = Type.Object({
  ...ArticleSummary.properties,
  /** Markdown. */
  body: Type.String(),
  imageCredit: Type.Union([Type.String(), Type.Null()]),
  /** As the dates have it at this moment. */
  status: Choice(ARTICLE_STATUSES),
  /** Goes up with every change; hand it back with a change to be told when someone else came first. */
  version: Type.Integer(),
})

const texts = {
  title: Type.String({ minLength: 1, maxLength: LIMITS.title }),
  summary: LongText({ minLength: 1, maxLength: LIMITS.summary }),
  body: LongText({ minLength: 1, maxLength: LIMITS.body }),
  category: Choice(CATEGORIES),
}

/** A new article. Images are added on the agents' pages. */
export const NewArticle = Type.Object({ ...texts, publishAt: Type.Optional(Instant), expiresAt: Type.Optional(Instant), pinnedUntil: Type.Optional(Instant) }, { additionalProperties: false })

/** A change of an article: what is absent stays, a date that is `null` goes. */
export const ArticleChange = Type.Object(
  {
    title: Type.Optional(texts.title),
    summary: Type.Optional(texts.summary),
    body: Type.Optional(texts.body),
    category: Type.Optional(texts.category),
    imageAlt: Type.Optional(Type.String({ minLength: 1, maxLength: LIMITS.imageAlt })),
    imageCredit: Type.Optional(Type.String({ maxLength: LIMITS.imageCredit })),
    publishAt: Type.Optional(InstantOrNull),
    expiresAt: Type.Optional(InstantOrNull),
    pinnedUntil: Type.Optional(InstantOrNull),
    version: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
)

/** An article in a list, as JSON. */
export function summaryJson(c: NewsContext, article: ArticleCard): Static<typeof ArticleSummary> {
  return {
    id: article.id,
    slug: article.slug,
    url: articleUrl(c, article),
    title: article.title,
    summary: article.summary,
    category: article.category,
    author: authorName(c, article),
    image: article.image_file_id === null ? null : { url: c.absoluteUrl(imagePath(article.id, article.image_file_id)), alt: article.image_alt ?? '' },
    publishedAt: article.published_at,
    expiresAt: article.expires_at,
    pinnedUntil: article.pinned_until,
    updatedAt: article.updated_at,
  }
}

/** An article with its text, as JSON. */
export function articleJson(c: NewsContext, article: ArticleRow): Static<typeof Article> {
  return {
    ...summaryJson(c, article),
    body: article.body,
    imageCredit: article.image_credit,
    status: stateAt(stateOf(article), c.now()).status,
    version: article.version,
  }
}
