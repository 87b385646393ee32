import { describe, expect, test, vi } from 'vitest'
import { Scope } from '../src/scope.ts'

describe('a scope owns what was opened', () => {
  test('[L3] it closes last in, first out, children included', async () => {
    const closed: string[] = []
    const scope = new Scope('platform')
    scope.defer('first', () => { closed.push('first') })
    const child = scope.child('release')
    child.defer('route', () => { closed.push('route') })
    scope.defer('last', () => { closed.push('last') })
    await scope.close()
    expect(closed).toEqual(['last', 'route', 'first'])
  })

  test('[L3] one failure or hang costs only itself, and the answer says how each went', async () => {
    vi.useFakeTimers()
    try {
      const scope = new Scope('s')
      const closed: string[] = []
      scope.defer('good', () => { closed.push('good') })
      scope.defer('bad', () => { throw new Error('broken') })
      scope.defer('hung', () => new Promise(() => undefined))
      const closing = scope.close(1_000)
      await vi.advanceTimersByTimeAsync(1_000)
      expect((await closing).map(({ label, error }) => [label, error instanceof Error ? error.message : undefined])).toEqual([
        ['s › hung', 'Closing "hung" took longer than 1000 ms and was left behind.'], ['s › bad', 'broken'], ['s › good', undefined],
      ])
      expect(closed).toEqual(['good'])
    } finally {
      vi.useRealTimers()
    }
  })

  test('[L3] a child closed by itself leaves nothing behind in its parent', async () => {
    const scope = new Scope('platform')
    const child = scope.child('release')
    expect(scope.open).toEqual(['release'])
    await child.close()
    expect(scope.open).toEqual([])
    expect(() => child.defer('late', () => undefined)).toThrow('is closed')
  })
})
