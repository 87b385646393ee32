import { describe, expect, test } from 'vitest'
import { isBoundedPattern } from '../../src/process/bounded-pattern.ts'

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
})
