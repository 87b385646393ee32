import fc from 'fast-check'
import { expect, test } from 'vitest'
import { moved, MOVES } from '../../src/slots/layouts.ts'

const keys = ['a', 'b', 'c', 'd']
const start = keys.map((key) => ({ contribution: { key }, hidden: false }))
const steps = fc.array(fc.tuple(fc.constantFrom(...keys, 'unknown'), fc.constantFrom(...MOVES)), { maxLength: 30 })

test('[S1] whatever a person does, every tile is there once, and each step up is undone by one down', () => {
  fc.assert(fc.property(steps, fc.constantFrom(...keys), (taken, key) => {
    const arranged = taken.reduce((before, [moving, move]) => moved(before, moving, move), start as ReturnType<typeof moved<{ key: string }>>)
    expect(arranged.map(({ contribution }) => contribution.key).toSorted()).toEqual(keys)
    const last = arranged.at(-1)?.contribution.key === key
    expect(last ? arranged : moved(moved(arranged, key, 'down'), key, 'up')).toEqual(arranged)
    expect(moved(arranged, key, 'hide').find(({ contribution }) => contribution.key === key)?.hidden).toBe(true)
  }))
})
