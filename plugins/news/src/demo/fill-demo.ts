import { Directory, type PersonCard } from '@liberacces/plugin-directory/contract'
import type { DemoContext } from '@liberacces/sdk'
import { announceChange } from '../announce.ts'
import type { ArticleState } from '../article.ts'
import { columnsOf } from '../article-record.ts'
import type { NewsTypes } from '../news-types.ts'
import { foldText, freeSlug, slugOf } from '../slug.ts'
import type { ArticleRow, AttachmentRow } from '../tables.ts'
import { chooseSamples, suitableSamples, type Slot } from './choose-samples.ts'
import { drawLandscape, LANDSCAPES } from './landscape.ts'
import { writePdf } from './pdf.ts'
import { WEEKDAYS, type Place, type Sample } from './sample.ts'

type Demo = DemoContext<NewsTypes>

const DAY_MS = 86_400_000
/** Pictures and documents per collectivité: enough to show, few enough to be quick on thirty of them. */
const MOST_PICTURES = 2

/** Place of the article at the top of the page: not the latest, so that one sees the difference. */
const PINNED = 1

/** Believable news of a collectivité of this kind and size: a draft, one for next week, one that has expired, the others online. */
export async function fillDemo(c: Demo): Promise<void> {
  if ((await c.db.selectFrom('article').select('id').limit(1).executeTakeFirst()) !== undefined) return
  const slots = slotsOf(c)
  const chosen = chooseSamples(suitableSamples(c.tenant), slots.map((state) => slotAt(state, c.now())), () => c.random())
  const communication = await c.use(Directory).search({ text: 'communication', limit: 5 })
  const authors = communication.length > 0 ? communication : await c.use(Directory).search({ text: '', limit: 5 })
  const slugs = new Set<string>()
  let pictures = 0
  const articles: { readonly row: ArticleRow; readonly state: ArticleState; readonly attachment: AttachmentRow | undefined }[] = []
  for (const [index, state] of slots.entries()) {
    const sample = chosen[index]
    if (sample === undefined) continue
    const place = placeOf(c, state.publishedAt ?? c.now())
    const withPicture = sample.imageAlt !== undefined && pictures < MOST_PICTURES
    if (withPicture) pictures += 1
    const row = await makeArticle(c, sample, place, state, authors[index % Math.max(1, authors.length)], slugs, withPicture, index === PINNED ? new Date(c.now().getTime() + 30 * DAY_MS) : undefined)
    articles.push({ row, state, attachment: sample.attachment === undefined ? undefined : await makeAttachment(c, row.id, sample.attachment(place)) })
  }
  await c.transaction(async (tx) => {
    await tx.insertInto('article').values(articles.map(({ row }) => row)).execute()
    const attachments = articles.flatMap(({ attachment }) => attachment ?? [])
    if (attachments.length > 0) await tx.insertInto('attachment').values(attachments).execute()
    for (const { row, state } of articles) {
      // What is over is no news to anyone.
      if (state.status === 'published' || state.status === 'scheduled') await announceChange(c, tx, row, { status: 'draft', publishedAt: undefined, expiresAt: undefined }, state, 'withdrawn')
    }
  })
}

/** What each article will be, seven for a village to twelve for a town: those online, from the latest back, then one that is over, a draft, and one for next week. */
function slotsOf(c: Demo): readonly ArticleState[] {
  const population = c.tenant.population ?? 0
  const count = c.tenant.kind === 'satellite' ? 7 : population > 20_000 ? 12 : population > 5_000 ? 10 : population > 1_500 ? 8 : 7
  const daysAgo = (days: number, hour: number): Date => new Date(Math.floor(c.now().getTime() / DAY_MS - days) * DAY_MS + hour * 3_600_000)
  return [
    ...Array.from({ length: count - 3 }, (_, index): ArticleState => (
      { status: 'published', publishedAt: daysAgo(1 + index * 9 + Math.floor(c.random() * 6), 7 + Math.floor(c.random() * 9)), expiresAt: undefined }
    )),
    { status: 'expired', publishedAt: daysAgo(95, 8), expiresAt: daysAgo(65, 8) },
    { status: 'draft', publishedAt: undefined, expiresAt: undefined },
    { status: 'scheduled', publishedAt: daysAgo(-7, 7), expiresAt: undefined },
  ]
}

/** @param now - when a draft would appear */
function slotAt(state: ArticleState, now: Date): Slot {
  return { month: (state.publishedAt ?? now).getUTCMonth() + 1, over: state.status === 'expired' }
}

function placeOf(c: Demo, appears: Date): Place {
  const format = new Intl.DateTimeFormat('fr-FR', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'Europe/Paris' })
  return {
    name: c.tenant.name,
    population: c.tenant.population ?? 0,
    pick: (values) => values[Math.floor(c.random() * values.length)] ?? values[0],
    on: (weekday, daysAfter) => {
      const earliest = new Date(appears.getTime() + daysAfter * DAY_MS)
      // Intl does not know that the first of a month is an ordinal.
      return format.format(new Date(earliest.getTime() + ((WEEKDAYS[weekday] - earliest.getUTCDay() + 7) % 7) * DAY_MS)).replace(' 1 ', ' 1er ')
    },
  }
}

async function makeArticle(c: Demo, sample: Sample, place: Place, state: ArticleState, author: PersonCard | undefined, slugs: Set<string>, withPicture: boolean, pinnedUntil: Date | undefined): Promise<ArticleRow> {
  const text = sample.write(place)
  const title = frenchSpaces(text.title)
  const summary = frenchSpaces(text.summary)
  const slug = freeSlug(slugOf(title), slugs)
  slugs.add(slug)
  const picture = withPicture
    ? await c.files.put(drawLandscape(Math.floor(c.random() * LANDSCAPES), () => c.random()), { name: 'illustration.png', type: 'image/png' })
    : undefined
  // Written the day before it appeared, so that nothing reads as edited afterwards.
  const written = new Date((state.status === 'published' || state.status === 'expired' ? state.publishedAt : c.now()).getTime() - DAY_MS).toISOString()
  const columns = columnsOf(state)
  return {
    id: c.id(), slug, title, summary, body: frenchSpaces(text.body), category: sample.category, ...columns,
    author_person_id: author?.id ?? null,
    author_name: author?.displayName ?? null,
    author_account_id: null,
    image_file_id: picture?.id ?? null,
    image_type: picture?.type ?? null,
    image_size: picture?.size ?? null,
    image_alt: picture === undefined || sample.imageAlt === undefined ? null : frenchSpaces(sample.imageAlt),
    image_credit: picture === undefined ? null : 'illustration de démonstration',
    publish_at: columns.published_at,
    pinned_until: pinnedUntil?.toISOString() ?? null,
    first_published_at: columns.published_at,
    created_at: written,
    updated_at: written,
    version: 1,
    search_text: foldText(`${title} ${summary}`),
  }
}

async function makeAttachment(c: Demo, articleId: string, { name, lines }: { readonly name: string; readonly lines: readonly string[] }): Promise<AttachmentRow> {
  const file = await c.files.put(writePdf(c.tenant.name, lines), { name, type: 'application/pdf' })
  return { id: c.id(), article_id: articleId, file_id: file.id, name, type: file.type, size: file.size, position: 1 }
}

/** The non-breaking spaces that French typography wants. */
function frenchSpaces(text: string): string {
  return text.replace(/ (?=[:;?!»%](?:\s|$))/gm, '\u00a0').replaceAll('« ', '«\u00a0').replace(/(?<=\d) (?=h\b|\d{3}\b|euros\b|%)/g, '\u00a0')
}
