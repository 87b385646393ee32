import { describe, expect, test } from 'vitest'
import { checkAssociation, parseRna, parseWebsite, type AssociationDraft } from '../src/association.ts'

describe('RNA numbers', () => {
  test.each([['W171234567', 'W171234567'], [' w17 1234 567', 'W171234567'], ['W2A1234567', 'W2A1234567'], ['W9R1234567', 'W9R1234567']])('%j is stored as %s', (typed, stored) => {
    expect(parseRna(typed)).toBe(stored)
  })

  test.each(['', 'W17123456', 'W1712345678', 'X171234567', '171234567', 'WAB1234567', 'W17123456A'])('%j is refused', (typed) => {
    expect(parseRna(typed)).toBeUndefined()
  })
})

describe('web addresses', () => {
  test.each([['exemple.example', 'https://exemple.example/'], ['http://exemple.example/a?b=c', 'http://exemple.example/a?b=c']])('%s is stored as %s', (typed, stored) => {
    expect(parseWebsite(typed)).toBe(stored)
  })

  test.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://a.example', 'https://user:secret@a.example', 'localhost', 'https://', 'a b.example'])('%s is refused', (typed) => {
    expect(parseWebsite(typed)).toBeUndefined()
  })
})

test('checking an association names everything that is wrong at once', () => {
  const draft: AssociationDraft = { name: '', rna: 'W1', purpose: '', website: 'javascript:1', contactName: 'x'.repeat(121), contactEmail: 'a', contactPhone: '1', contactPublic: true }
  expect(checkAssociation(draft)).toEqual({
    ok: false, problems: { rna: 'rna', website: 'url', contactEmail: 'email', contactPhone: 'phone', name: 'required', contactName: 'too-long' },
  })
})
