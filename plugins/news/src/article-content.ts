/** What an article says, checked once at the border. Pure. */
import { oneLine, severalLines } from './plain-text.ts'

/** What articles are about. Labels are the messages `field.category.<value>`. */
export const CATEGORIES = ['vie-municipale', 'travaux', 'enfance', 'culture', 'sport', 'environnement', 'solidarite', 'economie', 'securite'] as const
/** One of them. */
export type Category = (typeof CATEGORIES)[number]

/** Longest texts, in characters. */
export const LIMITS = { title: 150, summary: 400, body: 20_000, imageAlt: 250, imageCredit: 150 } as const

/** What was typed. Dates are RFC 3339 instants. */
export interface ContentInput {
  readonly title: string
  readonly summary: string
  readonly body: string
  readonly category: Category
  readonly hasImage: boolean
  readonly imageAlt?: string | undefined
  readonly imageCredit?: string | undefined
  readonly publishAt?: string | undefined
  readonly expiresAt?: string | undefined
  readonly pinnedUntil?: string | undefined
}

/** What is kept: texts cleaned, dates read, and an image never without its alternative text. */
export interface ArticleContent {
  readonly title: string
  readonly summary: string
  readonly body: string
  readonly category: Category
  readonly imageAlt: string | undefined
  readonly imageCredit: string | undefined
  /** When the author would like it to appear; scheduling makes it so. */
  readonly publishAt: Date | undefined
  readonly expiresAt: Date | undefined
  /** Until when it stands before the others, while it is visible. */
  readonly pinnedUntil: Date | undefined
}

/** What may be wrong. Each has a message `error.<problem>`. */
type ContentProblem = 'text-missing' | 'image-alt-missing' | 'date-unusable' | 'expires-before-publication'
/** The fields that may be wrong. */
type ContentField = 'title' | 'summary' | 'body' | 'imageAlt' | 'publishAt' | 'expiresAt' | 'pinnedUntil'

/** The content, or every problem at once, by field. */
export type CheckedContent =
  | { readonly ok: true; readonly content: ArticleContent }
  | { readonly ok: false; readonly problems: { readonly [Field in ContentField]?: ContentProblem } }

// Stored dates compare as text, which holds for years of four digits; beyond these nobody means what was typed.
const FIRST_YEAR = 2000
const LAST_YEAR = 2199

/** An RFC 3339 instant from the year 2000 to 2199; `undefined` for any other text. */
export function parseInstant(text: string): Date | undefined {
  const instant = new Date(text)
  const year = instant.getUTCFullYear()
  return year >= FIRST_YEAR && year <= LAST_YEAR ? instant : undefined
}

/** Cleans and checks what was typed. */
export function checkContent(input: ContentInput): CheckedContent {
  const title = oneLine(input.title)
  const summary = oneLine(input.summary)
  const body = severalLines(input.body)
  const imageAlt = oneLine(input.imageAlt ?? '')
  const imageCredit = oneLine(input.imageCredit ?? '')
  const publishAt = input.publishAt === undefined ? undefined : parseInstant(input.publishAt)
  const expiresAt = input.expiresAt === undefined ? undefined : parseInstant(input.expiresAt)
  const pinnedUntil = input.pinnedUntil === undefined ? undefined : parseInstant(input.pinnedUntil)

  const problems: { [Field in ContentField]?: ContentProblem } = {}
  if (title === '') problems.title = 'text-missing'
  if (summary === '') problems.summary = 'text-missing'
  if (body === '') problems.body = 'text-missing'
  if (input.hasImage && imageAlt === '') problems.imageAlt = 'image-alt-missing'
  if (input.publishAt !== undefined && publishAt === undefined) problems.publishAt = 'date-unusable'
  if (input.expiresAt !== undefined && expiresAt === undefined) problems.expiresAt = 'date-unusable'
  if (input.pinnedUntil !== undefined && pinnedUntil === undefined) problems.pinnedUntil = 'date-unusable'
  if (publishAt !== undefined && expiresAt !== undefined && expiresAt <= publishAt) problems.expiresAt = 'expires-before-publication'
  if (Object.keys(problems).length > 0) return { ok: false, problems }

  return {
    ok: true,
    content: {
      title, summary, body, publishAt, expiresAt, pinnedUntil,
      category: input.category,
      imageAlt: input.hasImage ? imageAlt : undefined,
      imageCredit: input.hasImage && imageCredit !== '' ? imageCredit : undefined,
    },
  }
}
