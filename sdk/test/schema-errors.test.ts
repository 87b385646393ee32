import { Choice, LongText, Type, Upload } from '@liberacces/sdk'
import { describeSchemaErrors, registerFormats } from '@liberacces/sdk/host'
import { Value } from '@sinclair/typebox/value'
import { beforeAll, describe, expect, test } from 'vitest'

const Schema = Type.Object({
  title: Type.String({ minLength: 3, maxLength: 5 }),
  email: Type.Optional(Type.String({ format: 'email' })),
  body: Type.Optional(LongText({ maxLength: 5 })),
  places: Type.Optional(Type.Integer({ minimum: 1 })),
  kind: Type.Optional(Choice(['a', 'b'])),
  tags: Type.Optional(Type.Array(Choice(['a', 'b']), { minItems: 1 })),
  photo: Type.Optional(Upload({ accept: ['image/*'] })),
  address: Type.Optional(Type.Object({ street: Type.String() })),
}, { additionalProperties: false })
const label = (key: string) => (key === 'field.title' ? 'Titre' : undefined)

beforeAll(() => registerFormats())

describe('errors of a value, in words', () => {
  test('a value that fits has none', () => {
    expect(describeSchemaErrors(Schema, { title: 'abc', kind: 'a', body: 'x' }, 'fr', label)).toEqual({})
  })

  test.each([
    [{}, { title: 'Renseignez le champ «\u00a0Titre\u00a0».' }],
    [{ title: '' }, { title: 'Renseignez le champ «\u00a0Titre\u00a0».' }],
    [{ title: 'ab' }, { title: '«\u00a0Titre\u00a0» doit compter au moins 3 caractères.' }],
    [{ title: 'abc', email: 'x' }, { email: '«\u00a0email\u00a0» doit être une adresse électronique, par exemple prenom.nom@exemple.fr.' }],
    [{ title: 'abc', body: 'abcdef' }, { body: '«\u00a0body\u00a0» ne peut pas dépasser 5 caractères.' }],
    [{ title: 'abc', places: 'deux' }, { places: '«\u00a0places\u00a0» doit être un nombre entier, par exemple 12.' }],
    [{ title: 'abc', places: 0 }, { places: '«\u00a0places\u00a0» doit être au moins égal à 1.' }],
    [{ title: 'abc', kind: 'z' }, { kind: 'Choisissez une des réponses proposées pour «\u00a0kind\u00a0».' }],
    [{ title: 'abc', tags: [] }, { tags: 'Choisissez au moins 1 réponse pour «\u00a0tags\u00a0».' }],
    [{ title: 'abc', photo: { id: '1' } }, { photo: 'Choisissez un fichier pour «\u00a0photo\u00a0».' }],
    [{ title: 'abc', address: {} }, { 'address.street': 'Renseignez le champ «\u00a0street\u00a0».' }],
    [{ title: 'abc', more: 1 }, { '': 'Le formulaire contient une information qui n’est pas attendue.' }],
  ])('%j', (value, errors) => {
    expect(describeSchemaErrors(Schema, value, 'fr', label)).toEqual(errors)
    const plain = JSON.parse(JSON.stringify(Schema)) as Readonly<Record<string, unknown>>
    expect(describeSchemaErrors(plain, value, 'fr', label)).toEqual(errors)
  })

  test('English sentences exist for the same errors', () => {
    expect(describeSchemaErrors(Schema, { title: 'ab', kind: 'z' }, 'en', label))
      .toEqual({ title: '“Titre” must be at least 3 characters long.', kind: 'Choose one of the answers offered for “kind”.' })
  })
})

describe('formats', () => {
  test.each([
    ['date', ['2024-02-29'], ['2026-02-29', '2026-13-01', '31/12/2026']],
    ['time', ['09:30', '23:59:59'], ['24:00', '9:30']],
    ['date-time', ['2026-05-02T12:05:00.000Z', '2026-05-02T12:05:00+02:00'], ['2026-05-02T12:05:00', '2026-02-30T12:05:00Z']],
    ['email', ['prenom.nom@exemple.fr'], ['prenom.nom', 'a b@exemple.fr']],
    ['uri', ['https://www.exemple.fr/a?b=c', 'mailto:a@b.fr'], ['www.exemple.fr', '/relative', 'https://a b']],
    ['uuid', ['0198b0de-7b3c-7e1a-8a66-0123456789ab'], ['0198b0de']],
  ])('%s', (format, right, wrong) => {
    const schema = Type.String({ format })
    expect(right.filter((text) => !Value.Check(schema, text))).toEqual([])
    expect(wrong.filter((text) => Value.Check(schema, text))).toEqual([])
  })

  test('TypeBox itself checks a Choice and a LongText', () => {
    expect([Value.Check(Choice(['a']), 'a'), Value.Check(Choice(['a']), 'b'), Value.Check(LongText({ maxLength: 1 }), 'ab')]).toEqual([true, false, false])
  })
})
