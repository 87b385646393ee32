/**
 * Atom 1.0 (RFC 4287) as text. Written here because the `feed` package gives every enclosure a media type guessed from
 * its address (`image/pdf`), escapes identifiers that it also escapes on writing, marks plain titles as HTML, and lets
 * through characters that XML 1.0 forbids.
 */

/** A person in the sense of RFC 4287 section 3.2. */
interface FeedPerson {
  readonly name: string
  readonly email?: string | undefined
}

/** A file that goes with an entry. */
export interface FeedEnclosure {
  readonly href: string
  readonly type: string
  readonly title: string
  /** Size in bytes. */
  readonly length: number
}

/** One article. Addresses are absolute. */
export interface FeedEntry {
  /** A permanent, universally unique IRI. */
  readonly id: string
  readonly title: string
  readonly href: string
  readonly published: Date
  readonly updated: Date
  /** Without one, the feed's author is the author (RFC 4287 section 4.2.1). */
  readonly author?: FeedPerson | undefined
  readonly category: { readonly term: string; readonly label: string }
  /** Plain text. */
  readonly summary: string
  /** HTML; relative links are resolved against {@link Feed.base}. */
  readonly html: string
  readonly enclosures: readonly FeedEnclosure[]
}

/** A feed. Addresses are absolute. */
export interface Feed {
  readonly id: string
  readonly title: string
  readonly subtitle: string
  /** BCP 47 language tag. */
  readonly language: string
  readonly updated: Date
  readonly author: FeedPerson
  /** Where the feed itself is. */
  readonly self: string
  /** The page that says the same to people. */
  readonly alternate: string
  /** What relative addresses in the content start from. */
  readonly base: string
  readonly entries: readonly FeedEntry[]
}

// Char of XML 1.0 section 2.2: everything else may not appear in a document, not even as a reference.
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu
const REFERENCES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text as XML 1.0 content or attribute value: escaped, without the characters that XML forbids. */
export function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, '').replace(/[&<>"']/g, (character) => REFERENCES[character] ?? character)
}

/** A tag URI (RFC 4151), such as `tag:la-rochelle.example,2026-01-01:actualites`. @param date - `YYYY-MM-DD` */
export function tagUri(host: string, date: string, specific: string): string {
  return `tag:${host.toLowerCase()},${date}:${encodeURI(specific)}`
}

/** A permanent IRI from an id of ours: a UUID names itself (RFC 9562), anything else is a tag within the feed's own name. */
export function entryIri(id: string, feedId: string): string {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? `urn:uuid:${id.toLowerCase()}` : `${feedId}/${encodeURIComponent(id)}`
}

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values).map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`).join('')
const empty = (name: string, values: Readonly<Record<string, string | number>>): string => `<${name}${attributes(values)}/>`
const element = (name: string, text: string, values: Readonly<Record<string, string | number>> = {}): string =>
  `<${name}${attributes(values)}>${escapeXml(text)}</${name}>`

function person({ name, email }: FeedPerson): string {
  return `<author>${element('name', name)}${email === undefined ? '' : element('email', email)}</author>`
}

function entry(item: FeedEntry): string {
  return [
    '<entry>',
    element('id', item.id),
    element('title', item.title, { type: 'text' }),
    empty('link', { rel: 'alternate', type: 'text/html', href: item.href }),
    ...item.enclosures.map(({ href, type, title, length }) => empty('link', { rel: 'enclosure', type, href, length, title })),
    element('published', item.published.toISOString()),
    element('updated', item.updated.toISOString()),
    ...(item.author === undefined ? [] : [person(item.author)]),
    empty('category', { term: item.category.term, label: item.category.label }),
    element('summary', item.summary, { type: 'text' }),
    element('content', item.html, { type: 'html' }),
    '</entry>',
  ].join('\n')
}

/** The feed as an `application/atom+xml` document. */
export function writeAtom(feed: Feed): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<feed${attributes({ xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': feed.language, 'xml:base': feed.base })}>`,
    element('id', feed.id),
    element('title', feed.title, { type: 'text' }),
    element('subtitle', feed.subtitle, { type: 'text' }),
    empty('link', { rel: 'self', type: 'application/atom+xml', href: feed.self }),
    empty('link', { rel: 'alternate', type: 'text/html', href: feed.alternate }),
    element('updated', feed.updated.toISOString()),
    person(feed.author),
    ...feed.entries.map(entry),
    '</feed>',
    '',
  ].join('\n')
}
