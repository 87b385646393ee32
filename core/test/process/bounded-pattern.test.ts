import { describe, expect, test } from 'vitest'
import { Type } from '@sinclair/typebox'
import { isBoundedPattern } from '../../src/process/bounded-pattern.ts'
import { portableSchema, restoredSchema } from '../../src/process/portable-schema.ts'

describe('patterns from outside', () => {
  test.each(['^(a+)+$', '^(a|a)*b$', '(a|aa)+$', '^\\d{4}-[a-z0-9-]+$', '^/', '', '\\p{L}'])('[R102] %s is finished in time that grows with the text and no faster', (pattern) => {
    expect(isBoundedPattern(pattern)).toBe(true)
    // Going back and forth it would take longer than there will be stars.
    expect(new RegExp(pattern).test(`${'a'.repeat(100_000)}!`)).toBe(pattern === '')
  })

  test.each<[string, number?]>([
    ['^[a-z]{2,41}$'], ['^$|^[A-Za-z0-9.:-]{1,253}$'], ['^(db|net:[a-z0-9.-]{1,200})$'], ['^(?!www)[a-z]{1,63}[|][a-z]{3,}$'], ['^[0-9a-f]{64}$'], ['[a-z]{2,20}'],
    ['^[^@]+@[^@]+\\.[a-z]{2,20}$', 1_000],
  ])('[R102] %s takes few enough steps', (pattern, longest = 4 * 1_048_576) => {
    expect(isBoundedPattern(pattern, longest)).toBe(true)
    expect(new RegExp(pattern).test('@'.repeat(longest))).toBe(false)
  })

  test.each<[string, number?]>([
    ['^(a{1,50}){1,50}$'], ['^(?=(a+)+$).*$'], ['^(a+)+\\1$'], ['(a*)*\\1b'], ['^a{1,900}a{1,900}a{1,900}b$'], ['a{1,30}a{1,40}b'], ['^[^@]+@[^@]+\\.[a-z]{2,20}$'],
    ['('], ['['], ['a{2,1}'], ['(?<n>a+)+\\k<n>'],
  ])('[R102] %s is not tried at all', (pattern) => {
    expect(isBoundedPattern(pattern)).toBe(false)
  })

  const MAIL = '^[^@]+@[^@]+\\.[a-z]{2,20}$'

  test.each<[string, number, number, boolean]>([
    ['^[a-z]{2,41}$', 4 * 1_048_576, Number.MAX_SAFE_INTEGER, true], ['^[0-9a-f]{64}$', 64, Number.MAX_SAFE_INTEGER, true],
    [MAIL, 254, 1, true], [MAIL, 254, 100, true], [MAIL, 1_000, 1_000, false], [MAIL, 254, Number.MAX_SAFE_INTEGER, false], ['^a{1,20}a+a+b$', 1_000, Number.MAX_SAFE_INTEGER, false],
  ])('[R102] %s on texts of up to %d characters, %d of them: all together they come to their end soon, or it is not tried', (pattern, longest, most, holds) => {
    expect(isBoundedPattern(pattern, longest, most)).toBe(holds)
  })

  test('[R102] how many texts of a value meet a pattern is counted by the lists around it', () => {
    const text = Type.String({ pattern: MAIL, maxLength: 254 })
    const restored = (schema: object) => () => restoredSchema(portableSchema(schema))
    for (const schema of [text, Type.Object({ a: text, b: Type.Optional(text) }), Type.Array(text, { maxItems: 100 })]) expect(restored(schema)).not.toThrow()
    for (const schema of [Type.Array(text), Type.Array(Type.Array(text, { maxItems: 100 }), { maxItems: 100 }), Type.Record(Type.String(), text), Type.Array(Type.Object({ a: text }))]) expect(restored(schema)).toThrow(/pattern is not/)
  })
})
