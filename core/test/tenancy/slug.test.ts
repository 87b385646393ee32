import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseHost } from '../../src/tenancy/host-name.ts'
import { departementOf, parseInseeCode } from '../../src/tenancy/insee-code.ts'
import { isSiren } from '../../src/tenancy/siren.ts'
import { isSlug, slugOf } from '../../src/tenancy/slug.ts'

describe('slugs', () => {
  test.each([
    ['L’Houmeau', 'l-houmeau'],
    ['Saint-Médard-d\'Aunis', 'saint-medard-d-aunis'],
    ['Œuilly', 'oeuilly'],
    ['CCAS de La Rochelle', 'ccas-de-la-rochelle'],
    ['L\'Haÿ-les-Roses', 'l-hay-les-roses'],
    ['Sainte-Marie-de-Ré (17)', 'sainte-marie-de-re-17'],
    ['Île d’Aix', 'ile-d-aix'],
    ['…', ''],
  ])('[T2] « %s » gives %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug)
  })

  test('[T2] of any name the slug is one, or empty, and its own slug', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.string({ unit: 'binary', maxLength: 80 })), (name) => {
      const slug = slugOf(name)
      expect(slug === '' || isSlug(slug)).toBe(true)
      expect(slugOf(slug)).toBe(slug)
    }))
  })
})

describe('hosts', () => {
  test('[T1] no text makes the reading of a host throw; what is read is lower case, without port and final dot, and reads as itself', () => {
    const label = fc.stringMatching(/^[a-zA-Z0-9-]{1,12}$/)
    const hostLike = fc.tuple(fc.array(label, { minLength: 1, maxLength: 5 }), fc.constantFrom('', '.', ':80', '.:8080', ':x')).map(([labels, end]) => labels.join('.') + end)
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), hostLike), (text) => {
      const host = parseHost(text)
      if (host === undefined) return
      expect(host).toMatch(/^[a-z0-9.-]+$/)
      expect(host.endsWith('.')).toBe(false)
      expect(parseHost(host)).toBe(host)
    }))
  })
})

describe('codes', () => {
  test('[T3] a SIREN is nine digits that check each other', () => {
    const right = ['241700434', '211703004', '356000000']
    const wrong = ['241700435', '24170043', '2417004340', '24170043a', '000000000', '']
    expect([right.every(isSiren), wrong.some(isSiren)]).toEqual([true, false])
  })

  test('[T3] a single wrong digit is always seen', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 9 }), (place, shift) => {
      const digits = '241700434'.split('').map(Number)
      digits[place] = ((digits[place] ?? 0) + shift) % 10
      expect(isSiren(digits.join(''))).toBe(false)
    }))
  })

  test('[T3] INSEE codes of Corsica and overseas are taken, those of former or foreign places are not', () => {
    expect(['17300', '2a004', '2B033', '97411', '98818', '01001'].map(parseInseeCode)).toEqual(['17300', '2A004', '2B033', '97411', '98818', '01001'])
    expect(['20004', '00123', '96001', '99100', '1730', '173000', '2C001', ''].map(parseInseeCode)).toEqual(Array.from({ length: 8 }, () => undefined))
    expect(['17300', '2A004', '97411'].map(departementOf)).toEqual(['17', '2A', '974'])
  })
})
