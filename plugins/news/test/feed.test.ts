import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { articleHtml } from '../src/article-html.ts'
import { entryIri, escapeXml, tagUri, writeAtom, type Feed } from '../src/feed.ts'

const entry: Feed['entries'][number] = {
  id: 'urn:uuid:0190a000-0000-7000-8000-000000000001',
  title: 'Travaux & « voirie » <b>',
  href: 'https://ville.example/apps/actualites/articles/travaux',
  published: new Date('2026-05-02T08:00:00Z'),
  updated: new Date('2026-05-03T08:00:00Z'),
  author: { name: 'Anne Martin' },
  category: { term: 'travaux', label: 'Travaux et voirie' },
  summary: 'Résumé "court" & clair',
  html: '<p>1 &lt; 2</p>',
  enclosures: [{ href: 'https://ville.example/apps/actualites/pieces-jointes/1?a=1&b=2', type: 'application/pdf', title: 'Plan "A"', length: 12 }],
}
const feed: Feed = {
  id: 'tag:ville.example,2026-01-01:actualites', title: 'Actualités de Ville', subtitle: 'Les derniers articles', language: 'fr',
  updated: new Date('2026-05-03T08:00:00Z'), author: { name: 'Ville', email: 'com@ville.example' },
  self: 'https://ville.example/apps/actualites/feed.atom', alternate: 'https://ville.example/apps/actualites/', base: 'https://ville.example/apps/actualites/',
  entries: [entry],
}

describe('an Atom feed', () => {
  test('is this document', async () => {
    await expect(writeAtom(feed)).toMatchFileSnapshot('golden/feed.atom')
  })

  test('without author of an entry leaves it to the feed', () => {
    expect(writeAtom({ ...feed, entries: [{ ...entry, author: undefined }] }).match(/<author>/g)).toHaveLength(1)
  })

  test('stays well-formed whatever people write', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const xml = writeAtom({ ...feed, title: text, entries: [{ ...entry, title: text, summary: text, html: text, author: { name: text }, enclosures: [{ href: text, type: text, title: text, length: 1 }] }] })
      expect(xml).toMatch(WELL_FORMED)
    }))
  })
})

// Every `<` opens one of our tags, every `&` a reference, and no character is one that XML 1.0 forbids.
const WELL_FORMED = /^<\?xml version="1\.0" encoding="utf-8"\?>(?:[\t\n\r\u0020-%'-;=?-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]|&(?:amp|lt|gt|quot|#39);|<\/?(?:feed|id|title|subtitle|link|updated|published|author|name|email|category|summary|content|entry)(?: [a-z:]+="[^"<]*")*\/?>)*$/u

test('escaping drops what XML forbids and keeps the rest', () => {
  expect(escapeXml('a\u0000\u0008\ud800\ufffe<&>"\'é\u{1f600}\t')).toBe('a&lt;&amp;&gt;&quot;&#39;é\u{1f600}\t')
})

describe('identifiers', () => {
  test('of articles are their UUID, which no move changes', () => {
    expect(entryIri('0190A000-0000-7000-8000-000000000001', feed.id)).toBe('urn:uuid:0190a000-0000-7000-8000-000000000001')
    expect(entryIri('x 1', feed.id)).toBe('tag:ville.example,2026-01-01:actualites/x%201')
  })

  test('of feeds are tag URIs', () => {
    expect(tagUri('Ville.Example', '2026-01-01', 'actualites')).toMatch(/^tag:[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[\w/%-]+$/)
  })
})

describe('an article as HTML', () => {
  const html = (markdown: string) => articleHtml(markdown, 'https://ville.example/apps/actualites/')

  test('has absolute links', () => {
    expect(html('[a](/contact) [b](articles/x) ![c](/i.png)')).toBe('<p><a href="https://ville.example/contact">a</a> <a href="https://ville.example/apps/actualites/articles/x">b</a> c</p>\n')
  })

  test('shows HTML as text and follows no script', () => {
    const hostile = html('<script>alert(1)</script> [x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) ![z](data:text/html,x)')
    expect(hostile).not.toMatch(/<script|href="j|src="data/i)
  })

  test('survives broken addresses', () => {
    expect(html('[a](https://x/%zz) [b](//) [c](http://[)')).toContain('a')
  })
})

