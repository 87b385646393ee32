import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { badgeCode, scannedCode } from '../src/attendance/badge-code.ts'
import { correctedMoment, holdsAgainst, MARKS, type Recorded } from '../src/attendance/mark.ts'
import { after, clockOf, isPressed, VERBS } from '../src/attendance/verb.ts'

const entry = fc.record({ id: fc.string({ minLength: 1, maxLength: 3 }), recordedAt: fc.integer({ min: 0, max: 5 }).map((seconds) => new Date(seconds * 1_000).toISOString()) })
const settled = (entries: readonly Recorded[]): Recorded | undefined => entries.reduce<Recorded | undefined>((held, one) => (held === undefined || holdsAgainst(one, held) ? one : held), undefined)

describe('which entry holds', () => {
  test('the same one, in whatever order they come and however often', () => {
    fc.assert(fc.property(fc.uniqueArray(entry, { selector: ({ id }) => id, minLength: 1, maxLength: 6 }).chain((entries) => fc.tuple(fc.constant(entries), fc.shuffledSubarray([...entries, ...entries], { minLength: entries.length * 2 }))), ([entries, shuffled]) => {
      expect(settled(shuffled)).toEqual(settled(entries))
    }))
  })

  test('a clock that is wrong is set right by what it says when it sends; nothing is recorded later than now', () => {
    const at = (time: string): Date => new Date(`2026-05-14T${time}Z`)
    expect(correctedMoment(at('10:00:00'), at('10:05:00'), at('12:05:00'))).toEqual(at('12:00:00'))
    expect(correctedMoment(at('12:00:00'), at('12:05:00'), at('10:05:00'))).toEqual(at('10:00:00'))
    expect(correctedMoment(at('23:00:00'), at('10:00:00'), at('10:00:00'))).toEqual(at('10:00:00'))
  })
})

describe('what a button does', () => {
  const standing = fc.record({ mark: fc.constantFrom(...MARKS), arrivedAt: fc.option(fc.constant('2026-05-14T14:30:00.000Z'), { nil: undefined }), leftAt: fc.option(fc.constant('2026-05-14T15:30:00.000Z'), { nil: undefined }) })

  test('what was pressed holds afterwards, and pressing it again takes it back', () => {
    fc.assert(fc.property(standing, fc.boolean(), fc.constantFrom(...VERBS), (before, hourly, verb) => {
      const next = after(verb, before, '2026-05-14T16:00:00.000Z', hourly)
      const pressed = VERBS.filter((one) => one !== 'none' && isPressed(one, next))
      expect(verb === 'none' ? pressed.length === 0 : pressed.includes(verb)).toBe(true)
    }))
  })

  test('times are kept for units by the hour, and shown as a clock in Paris says', () => {
    const arrived = after('present', { mark: 'none', arrivedAt: undefined, leftAt: undefined }, '2026-05-14T14:35:00.000Z', true)
    expect(after('left', arrived, '2026-05-14T16:05:00.000Z', true)).toEqual({ mark: 'present', arrivedAt: '2026-05-14T14:35:00.000Z', leftAt: '2026-05-14T16:05:00.000Z' })
    expect(after('present', { mark: 'none', arrivedAt: undefined, leftAt: undefined }, '2026-05-14T14:35:00.000Z', false)).toEqual({ mark: 'present', arrivedAt: undefined, leftAt: undefined })
    expect([clockOf('2026-05-14T14:05:00.000Z'), clockOf('2026-01-14T14:05:00.000Z'), clockOf('2026-03-29T00:59:00.000Z'), clockOf('2026-03-29T01:00:00.000Z')]).toEqual(['16\u00a0h\u00a005', '15\u00a0h\u00a005', '1\u00a0h\u00a059', '3\u00a0h\u00a000'])
  })
})

test('a code of a badge is read as it was made, however it is typed; anything else is none', () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), (bytes) => {
    const code = badgeCode(bytes)
    expect(scannedCode(` ${code.toLowerCase().match(/.{4}/g)?.join('-') ?? ''}\n`)).toBe(code)
  }))
  expect([scannedCode(''), scannedCode('BCDF'), scannedCode('A'.repeat(24)), scannedCode('<script>'), scannedCode('B'.repeat(25))]).toEqual([undefined, undefined, undefined, undefined, undefined])
})
