import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTraces, traceIdOf, tracestateOf } from '../../src/http/traceparent.ts'

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('[E63] what other systems noted about a trace is handed on as it came, and dropped as a whole where it is malformed', () => {
  const kept = ['rojo=00f067aa0ba902b7', 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7', 'fw529a3039@dt=FfAAAAAAAQ', 'a=b c']
  expect(kept.map((state) => tracestateOf(PARENT, state))).toEqual(kept)
  expect(tracestateOf(PARENT, ' a=1 , ,b=2\t')).toBe('a=1,b=2')
  const dropped = ['', ' , ', 'A=1', 'a', 'a=', 'a=1=2', 'a=1,a=2', 'a=é', 'a=b\u0000', `a=${'x'.repeat(511)}`, Array.from({ length: 33 }, (_, index) => `k${index}=1`).join(',')]
  expect(dropped.map((state) => tracestateOf(PARENT, state))).toEqual(dropped.map(() => undefined))
  expect([tracestateOf(undefined, 'a=1'), tracestateOf('00-nonsense', 'a=1'), tracestateOf(`${PARENT}-more`, 'a=1'), tracestateOf(PARENT, undefined)]).toEqual([undefined, undefined, undefined, undefined])
})

test('[E63] no header of any kind makes more than a valid trace of our own', () => {
  const traces = createTraces({ randomBytes: (length) => Buffer.alloc(length, 7) })
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ unit: fc.constantFrom(...'0123456789abcdef-'.split('')), minLength: 50, maxLength: 60 })), fc.string({ maxLength: 600 }), (parent, state) => {
    const own = traces(parent)
    expect(own).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    expect(traceIdOf(traces(own))).toBe(traceIdOf(own))
    const noted = tracestateOf(parent, state)
    expect(noted === undefined || tracestateOf(own, noted) === noted).toBe(true)
  }))
})
