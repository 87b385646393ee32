import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkContent, parseInstant, type ContentInput } from '../src/article-content.ts'

const input: ContentInput = { title: 'Marché', summary: 'Samedi.', body: 'De 8 h à 13 h.', category: 'economie', hasImage: false }
const problems = (change: Partial<ContentInput>) => {
  const checked = checkContent({ ...input, ...change })
  return checked.ok ? {} : checked.problems
}

describe('content', () => {
  test('is cleaned: one line for titles, Unix line ends, no control characters, no change of writing direction', () => {
    const checked = checkContent({ ...input, title: ' Le\u0000 grand\r\n\tmarché\u202e ', summary: 'a\u2028b', body: 'un\r\n\r\ndeux\u0007\n\n    code' })
    expect(checked).toMatchObject({ ok: true, content: { title: 'Le grand marché', summary: 'a b', body: 'un\n\ndeux\n\n    code' } })
  })

  test('keeps the non-breaking spaces of French typography', () => {
    expect(checkContent({ ...input, title: 'Alerte\u00a0: vents' })).toMatchObject({ content: { title: 'Alerte\u00a0: vents' } })
  })

  test('of spaces only is none', () => {
    expect(problems({ title: ' \u00a0', summary: '\n', body: '\t' })).toEqual({ title: 'text-missing', summary: 'text-missing', body: 'text-missing' })
  })

  test('with an image wants its alternative text', () => {
    expect(problems({ hasImage: true })).toEqual({ imageAlt: 'image-alt-missing' })
    expect(problems({ hasImage: true, imageAlt: ' ' })).toEqual({ imageAlt: 'image-alt-missing' })
    expect(problems({ hasImage: true, imageAlt: 'Un étal' })).toEqual({})
  })

  test('without an image keeps neither alternative text nor credit', () => {
    expect(checkContent({ ...input, imageAlt: 'Un étal', imageCredit: 'Mairie' })).toMatchObject({ content: { imageAlt: undefined, imageCredit: undefined } })
  })

  test('does not end before it begins', () => {
    expect(problems({ publishAt: '2026-05-02T10:00:00+02:00', expiresAt: '2026-05-02T08:00:00Z' })).toEqual({ expiresAt: 'expires-before-publication' })
  })
})

describe('dates', () => {
  test.each(['9999-12-31T23:59:59-14:00', '0001-01-01T00:00:00Z', '1999-12-31T23:59:59Z', 'hier', ''])('%s is refused', (text) => {
    expect(parseInstant(text)).toBeUndefined()
  })

  test('that are accepted sort as the text they are stored as', () => {
    const date = fc.date({ min: new Date('2000-01-01T00:00:00.000Z'), max: new Date('2199-12-31T23:59:59.999Z'), noInvalidDate: true })
    fc.assert(fc.property(date, date, (a, b) => {
      const [first, second] = [parseInstant(a.toISOString()), parseInstant(b.toISOString())]
      expect(first).toEqual(a)
      expect((first?.toISOString() ?? '') < (second?.toISOString() ?? '')).toBe(a < b)
    }))
  })

  test('that are accepted have years of four digits, whatever was typed', () => {
    fc.assert(fc.property(fc.date(), (date) => {
      const text = Number.isNaN(date.getTime()) ? 'Invalid Date' : date.toISOString()
      expect(parseInstant(text)?.toISOString() ?? '2000').toMatch(/^2[01]\d\d/)
    }))
  })
})
