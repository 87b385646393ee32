import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseEmail, parsePhone, phoneUri } from '../src/contact.ts'

describe('telephone numbers', () => {
  test.each([
    ['0536491234', '05 36 49 12 34'],
    ['05.36.49.12.34', '05 36 49 12 34'],
    ['+33 5 36 49 12 34', '05 36 49 12 34'],
    ['+33 (0)5 36 49 12 34', '05 36 49 12 34'],
    ['0033536491234', '05 36 49 12 34'],
    ['+32 2 123 45 67', '+3221234567'],
  ])('%s is stored as %s', (typed, stored) => {
    expect(parsePhone(typed)).toBe(stored)
  })

  test.each(['', '05 36 49 12', '+33 536', '=1+1', '05 36 49 12 34 56', 'standard'])('%j is refused', (typed) => {
    expect(parsePhone(typed)).toBeUndefined()
  })

  test('what is stored is read back as itself', () => {
    fc.assert(fc.property(fc.stringMatching(/^(0[1-9][0-9]{8}|\+[1-9][0-9]{5,14})$/), (typed) => {
      const stored = parsePhone(typed)
      return stored === undefined || parsePhone(stored) === stored
    }))
  })

  test('a link dials the international number', () => {
    expect(phoneUri('05 36 49 12 34')).toBe('tel:+33536491234')
    expect(phoneUri('+3221234567')).toBe('tel:+3221234567')
  })
})

describe('e-mail addresses', () => {
  test('are stored in lower case', () => {
    expect(parseEmail(' Anne.Le-Goff@Mairie.Example ')).toBe('anne.le-goff@mairie.example')
  })

  test.each(['', 'anne', 'anne@mairie', 'a b@mairie.fr', 'a@b@c.fr', 'anne@mairie.fr\r\nBcc: x@y.fr', 'anne@mairie.fr,x@y.fr', `${'a'.repeat(250)}@b.fr`])('%j is refused', (typed) => {
    expect(parseEmail(typed)).toBeUndefined()
  })
})
