import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'vcard4'
import { writeVcard, type VcardPerson } from '../src/vcard.ts'

const anne: VcardPerson = {
  id: '01936c5e-8a1c-7000-8000-000000000001', firstName: 'Anne', lastName: 'Le Goff', role: 'Adjointe, déléguée à la culture ; au patrimoine',
  organisation: 'La Rochelle', serviceName: 'Culture', email: 'anne@mairie.example', phone: '05 36 49 12 34', url: 'http://la-rochelle.localhost:3000/apps/annuaire/personnes/1',
}

describe('a vCard', () => {
  test('says what is public of a person', () => {
    expect(writeVcard(anne).split('\r\n')).toEqual([
      'BEGIN:VCARD', 'VERSION:4.0', 'KIND:individual', 'UID:urn:uuid:01936c5e-8a1c-7000-8000-000000000001', 'FN:Anne Le Goff', 'N:Le Goff;Anne;;;',
      'ORG:La Rochelle;Culture', 'TITLE:Adjointe\\, déléguée à la culture \\; au patrimoine', 'EMAIL;TYPE=work:anne@mairie.example',
      'TEL;VALUE=uri;TYPE="work,voice":tel:+33536491234', 'URL:http://la-rochelle.localhost:3000/apps/annuaire/personnes/1', 'END:VCARD', '',
    ])
  })

  test('is read by an independent reader', () => {
    const [card] = [parse(writeVcard(anne))].flat()
    const values = (name: string) => card?.getProperty(name).map((property: { readonly value: string }) => property.value)
    expect([values('FN'), values('N'), values('TEL')]).toEqual([['Anne Le Goff'], [{ familyNames: 'Le Goff', givenNames: 'Anne', additionalNames: '', honorificPrefixes: '', honorificSuffixes: '' }], ['tel:+33536491234']])
  })

  const hostile = fc.string({ unit: fc.oneof(fc.constantFrom('\r', '\n', '\u2028', '\u0000', ';', ',', '\\', ':', 'é', '🙂'), fc.string({ minLength: 1, maxLength: 1 })), maxLength: 120 })
  const unfold = (text: string): readonly string[] => text.replace(/\r\n /g, '').split('\r\n').slice(0, -1)

  test('no value starts a property of its own, whatever it holds', () => {
    fc.assert(fc.property(hostile, hostile, hostile, (firstName, lastName, role) => {
      const names = unfold(writeVcard({ ...anne, firstName, lastName, role: `x${role}` })).map((line) => line.replace(/[:;].*$/s, ''))
      expect(names).toEqual(['BEGIN', 'VERSION', 'KIND', 'UID', 'FN', 'N', 'ORG', 'TITLE', 'EMAIL', 'TEL', 'URL', 'END'])
    }))
  })

  test('no line is longer than 75 octets and none cuts a character', () => {
    fc.assert(fc.property(hostile, (role) => {
      for (const line of writeVcard({ ...anne, role: role + 'é🙂'.repeat(60) }).split('\r\n')) {
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
        expect(line.isWellFormed()).toBe(true)
      }
    }))
  })

  test('a text is read back as it was, line breaks made one kind', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', ' ', ';', ',', '\\', 'n', ':', '\n'), minLength: 1, maxLength: 200 })
    fc.assert(fc.property(text, (role) => {
      const line = unfold(writeVcard({ ...anne, role })).find((each) => each.startsWith('TITLE:')) ?? ''
      expect(line.slice(6).replace(/\\([\\,;n])/g, (_, mark: string) => (mark === 'n' ? '\n' : mark))).toBe(role)
    }))
  })
})
