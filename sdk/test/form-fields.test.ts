import { Choice, LongText, Type, Upload } from '@liberacces/sdk'
import { parseFormFields, toFormFields } from '@liberacces/sdk/host'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const KINDS = ['a', 'b', 'c'] as const
const Schema = Type.Object({
  title: Type.String({ minLength: 1 }),
  email: Type.Optional(Type.String({ format: 'email' })),
  body: Type.Optional(LongText({ maxLength: 1000 })),
  day: Type.Optional(Type.String({ format: 'date' })),
  at: Type.Optional(Type.String({ format: 'date-time' })),
  places: Type.Integer(),
  price: Type.Optional(Type.Number()),
  open: Type.Boolean(),
  kind: Type.Optional(Choice(KINDS)),
  level: Type.Optional(Type.Union([Type.Literal(1), Type.Literal(2)])),
  tags: Type.Array(Choice(KINDS)),
  words: Type.Array(Type.String()),
  note: Type.Union([Type.String(), Type.Null()]),
  photo: Type.Optional(Upload({ accept: ['image/*'] })),
  address: Type.Object({ street: Type.Optional(Type.String()), floor: Type.Optional(Type.Integer()) }),
})

const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map((text) => text.replaceAll(/[\r\n]/g, '').trim()).filter((text) => text !== '')
const paragraph = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'))
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value))
// Whole minutes, and not the hour that autumn repeats: those instants have a wall time of their own.
const instant = fc.date({ min: new Date('1980-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
  .map((date) => new Date(Math.floor(date.getTime() / 60_000) * 60_000))
  .filter((date) => !((date.getUTCMonth() === 8 || date.getUTCMonth() === 9) && date.getUTCDate() >= 22 && date.getUTCHours() <= 2))
  .map((date) => date.toISOString())
const file = fc.record({ id: fc.uuid(), name: line, type: fc.constant('image/png'), size: fc.nat(), sha256: fc.stringMatching(/^[0-9a-f]{64}$/) })
const value = fc.record({
  title: line, email: fc.emailAddress(), body: paragraph, day: instant.map((text) => text.slice(0, 10)), at: instant,
  places: fc.integer(), price: number, open: fc.boolean(), kind: fc.constantFrom(...KINDS), level: fc.constantFrom(1, 2),
  tags: fc.uniqueArray(fc.constantFrom(...KINDS)), words: fc.array(line, { maxLength: 3 }), note: fc.option(line), photo: file,
  address: fc.record({ street: line, floor: fc.integer() }, { requiredKeys: [] }),
}, { requiredKeys: ['title', 'places', 'open', 'tags', 'words', 'note', 'address'] })

describe('form fields', () => {
  test('a value shown in a form and submitted unchanged is the same value', () => {
    fc.assert(fc.property(value, fc.constantFrom('fr' as const, 'en' as const), (given, locale) => {
      // A browser sends line breaks as CR LF.
      const submitted = Object.fromEntries(Object.entries(toFormFields(Schema, given, locale))
        .map(([name, text]) => [name, typeof text === 'string' ? text.replaceAll('\n', '\r\n') : text]))
      expect(parseFormFields(Schema, submitted)).toEqual(given)
    }), { numRuns: 200 })
  })

  test('schemas read from JSON are understood like those made by TypeBox', () => {
    fc.assert(fc.property(value, (given) => {
      const plain = JSON.parse(JSON.stringify(Schema)) as Readonly<Record<string, unknown>>
      expect(parseFormFields(plain, toFormFields(plain, given, 'fr'))).toEqual(parseFormFields(Schema, toFormFields(Schema, given, 'fr')))
    }), { numRuns: 50 })
  })

  test('what is left empty is absent, an unticked box is false, no ticked choice is an empty list', () => {
    const empty = { title: '', email: '', body: ' ', day: '', at: '', places: '', price: '', kind: '', note: '', 'address.street': '', 'address.floor': '' }
    expect(parseFormFields(Schema, empty)).toEqual({ open: false, tags: [], words: [], note: null, address: {} })
  })

  test('what cannot be read stays as it was typed', () => {
    expect(parseFormFields(Schema, { places: 'trois', price: '12,5,3', at: 'demain', level: '9' }))
      .toMatchObject({ places: 'trois', price: '12,5,3', at: 'demain', level: '9' })
  })

  test('numbers and dates are read as the French write them', () => {
    expect(parseFormFields(Schema, { places: '1\u202f250', price: '\u22123,5', day: '31/12/2026', at: '31/12/2026 14:30' }))
      .toMatchObject({ places: 1250, price: -3.5, day: '2026-12-31', at: '2026-12-31T13:30:00.000Z' })
  })

  test.each([
    ['summer', '2026-07-14T10:00', '2026-07-14T08:00:00.000Z'],
    ['winter', '2026-01-14T10:00', '2026-01-14T09:00:00.000Z'],
    ['skipped in spring', '2026-03-29T02:30', '2026-03-29T01:30:00.000Z'],
    ['repeated in autumn', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
  ])('a wall time in Paris becomes an instant: %s', (_when, local, utc) => {
    expect(parseFormFields(Schema, { at: local })).toMatchObject({ at: utc })
  })

  test('a new file replaces the current one, and an optional one can be taken away', () => {
    const current = { id: '1', name: 'a.png', type: 'image/png', size: 1, sha256: '0' }
    const fresh = { ...current, id: '2' }
    const fields = { 'photo.current': JSON.stringify(current) }
    expect(parseFormFields(Schema, fields)).toMatchObject({ photo: current })
    expect(parseFormFields(Schema, { ...fields, photo: JSON.stringify(fresh) })).toMatchObject({ photo: fresh })
    expect(parseFormFields(Schema, { ...fields, 'photo.remove': 'true' })).not.toHaveProperty('photo')
  })

  test('a form refuses a schema that it cannot show', () => {
    expect(() => parseFormFields(Type.Object({ rows: Type.Array(Type.Object({ a: Type.String() })) }), {})).toThrow('Field "rows": forms cannot show')
  })
})
