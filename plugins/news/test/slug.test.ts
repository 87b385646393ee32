import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldText, freeSlug, MAX_SLUG_LENGTH, slugOf } from '../src/slug.ts'

test.each([
  ['Fête de l’été à Saint-Xandre', 'fete-de-l-ete-a-saint-xandre'],
  ['ŒUVRES & CÆSAR : n° 1', 'oeuvres-caesar-n-1'],
  ['  ../../etc/passwd%00  ', 'etc-passwd-00'],
  ['日本', 'article'],
  ['', 'article'],
])('%s becomes %s', (title, slug) => {
  expect(slugOf(title)).toBe(slug)
})

test('a long title is cut between words', () => {
  const slug = slugOf('Réunion publique sur le plan local d’urbanisme intercommunal et ses conséquences pour les habitants du bourg')
  expect(slug).toBe('reunion-publique-sur-le-plan-local-d-urbanisme-intercommunal-et-ses-consequences')
})

test('whatever the title, the slug is safe in an address and in a search by prefix', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (title) => {
    const slug = slugOf(title)
    expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(slug.length).toBeLessThanOrEqual(MAX_SLUG_LENGTH)
  }))
})

test('folding twice changes nothing', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => { expect(foldText(foldText(text))).toBe(foldText(text)) }))
})

test('a taken slug gets the first free number', () => {
  expect(freeSlug('marche', new Set())).toBe('marche')
  expect(freeSlug('marche', new Set(['marche', 'marche-2', 'marche-4']))).toBe('marche-3')
})
