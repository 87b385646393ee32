import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkService, mayBelongTo } from '../src/service.ts'

test('a service needs a name; its texts keep their lines', () => {
  const draft = { name: ' Urbanisme ', parentId: undefined, description: '', openingHours: 'Lundi : 9 h\r\nMardi : fermé  ', address: '', email: 'urbanisme', phone: '' }
  expect(checkService(draft)).toEqual({ ok: false, problems: { email: 'email' } })
  expect(checkService({ ...draft, email: '' })).toMatchObject({ ok: true, value: { name: 'Urbanisme', openingHours: 'Lundi : 9 h\nMardi : fermé' } })
  expect(checkService({ ...draft, email: '', name: '…' })).toEqual({ ok: false, problems: { name: 'required' } })
})

describe('the tree of services', () => {
  const parents = new Map([['a', undefined], ['b', 'a'], ['c', 'b'], ['d', undefined]])

  test('a service belongs neither to itself nor to one of its own', () => {
    expect([mayBelongTo('a', 'a', parents), mayBelongTo('a', 'c', parents), mayBelongTo('c', 'a', parents), mayBelongTo('a', 'd', parents)]).toEqual([false, false, true, true])
  })

  test('a circle that is there already ends the search', () => {
    expect(mayBelongTo('x', 'p', new Map([['p', 'q'], ['q', 'p']]))).toBe(false)
  })

  test('moves that are allowed never make a circle', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    fc.assert(fc.property(fc.array(fc.tuple(id, id), { maxLength: 30 }), (moves) => {
      const tree = new Map<string, string | undefined>(['a', 'b', 'c', 'd', 'e'].map((name) => [name, undefined]))
      for (const [child, parent] of moves) if (mayBelongTo(child, parent, tree)) tree.set(child, parent)
      return [...tree.keys()].every((start) => {
        let above = tree.get(start)
        for (let steps = 0; above !== undefined && steps < 6; steps += 1) above = tree.get(above)
        return above === undefined
      })
    }))
  })
})
