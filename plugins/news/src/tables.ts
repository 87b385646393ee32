import type { ArticleStatus } from './article.ts'
import type { Category } from './article-content.ts'

/** An article as stored. Dates are ISO 8601 in UTC with milliseconds, so that they sort as text. */
export interface ArticleRow {
  readonly id: string
  /** Unique. Kept once the article has been published or planned, for its address is out in the world. */
  readonly slug: string
  readonly title: string
  readonly summary: string
  /** Markdown. */
  readonly body: string
  readonly category: Category
  readonly status: ArticleStatus
  /** In the directory. */
  readonly author_person_id: string | null
  /** As shown; `null` once the author has been forgotten. */
  readonly author_name: string | null
  readonly author_account_id: string | null
  readonly image_file_id: string | null
  readonly image_type: string | null
  readonly image_size: number | null
  readonly image_alt: string | null
  readonly image_credit: string | null
  /** When the author would like it to appear. */
  readonly publish_at: string | null
  /** From when on the public sees it; `null` for drafts. */
  readonly published_at: string | null
  /** From when on the public no longer sees it. */
  readonly expires_at: string | null
  /** Until when it stands before the others on the Guichet; `null` for those that wait their turn. Since 1.1.0. */
  readonly pinned_until: string | null
  /** When it was first published, or planned to be; its address stays as it is from then on. */
  readonly first_published_at: string | null
  readonly created_at: string
  readonly updated_at: string
  /** Goes up with every change, so that no one overwrites what another has just saved. */
  readonly version: number
  /** Title and summary, folded, for the agents' search. */
  readonly search_text: string
}

/** A file that goes with an article. */
export interface AttachmentRow {
  readonly id: string
  readonly article_id: string
  readonly file_id: string
  readonly name: string
  readonly type: string
  /** Bytes. */
  readonly size: number
  readonly position: number
}

/** The plugin's tables. */
export interface Tables {
  readonly article: ArticleRow
  readonly attachment: AttachmentRow
}
