import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { HeldLock, Locks } from '../../src/locks/locks.ts'
import type { Storage } from '../../src/storage/storage.ts'

/** Nodes of one platform that share their locks. */
export interface LockingNodes {
  /** The locks as two nodes see them; the same twice where a platform is one process. */
  readonly nodes: readonly [Locks, Locks]
  readonly storage: Storage
  /** Cuts the first node off from whatever keeps the locks; ends when the locks it held are free for others. */
  readonly cutFirst: () => Promise<void>
}

/** A driver of {@link Locks}, and what it need not prove. */
export interface LocksUnderTest {
  readonly name: string
  /** Closes by itself when the test is over. */
  readonly start: () => Promise<LockingNodes>
  /** Promise to reason. */
  readonly waived?: Readonly<Record<string, string>>
}

const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })

/** The contract of locks, on every driver. */
export function certifyLocks({ name, start, waived = {} }: LocksUnderTest): void {
  const promise = (title: string, body: () => Promise<void>): void => {
    const reason = waived[title.slice(1, title.indexOf(']'))]
    // oxlint-disable-next-line vitest/expect-expect -- they are in the bodies
    test.skipIf(reason !== undefined)(`${title} (${name}${reason === undefined ? '' : `; left out: ${reason}`})`, body)
  }

  promise('[E40] a lock is held by one at a time, and others are free meanwhile', async () => {
    const { nodes: [first, second] } = await start()
    const held = Promise.withResolvers<void>()
    const over = Promise.withResolvers<void>()
    const log: string[] = []
    const one = first.withLock('a', async () => { held.resolve(); await over.promise; log.push('first') })
    await held.promise
    const two = second.withLock('a', async () => { log.push('second') })
    await second.withLock('b', async () => { log.push('another') })
    over.resolve()
    await Promise.all([one, two])
    expect(log).toEqual(['another', 'first', 'second'])
  })

  promise('[E40] those who ask on one node get it in the order of asking', async () => {
    const { nodes: [first] } = await start()
    const order: number[] = []
    await Promise.all([0, 1, 2, 3, 4].map((index) => first.withLock('a', async () => { await turn(); order.push(index) })))
    expect(order).toEqual([0, 1, 2, 3, 4])
    expect(first.size).toBe(0)
  })

  promise('[E40] a body that fails lets it go and says why', async () => {
    const { nodes: [first, second] } = await start()
    await expect(first.withLock('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down')
    expect(await second.withLock('a', async () => 'mine')).toBe('mine')
  })

  promise('[E40] whoever asks for whatever on whichever node: never two at a time', async () => {
    const { nodes } = await start()
    const asked = fc.array(fc.record({ node: fc.nat(1), names: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }), turns: fc.nat(3) }), { minLength: 1, maxLength: 12 })
    await fc.assert(fc.asyncProperty(asked, async (all) => {
      const inside = new Set<string>()
      await Promise.all(all.map(({ node, names, turns }) => nodes[node === 0 ? 0 : 1].withLocks(names, async () => {
        for (const each of names) {
          expect(inside).not.toContain(each)
          inside.add(each)
        }
        for (let index = 0; index < turns; index += 1) await turn()
        for (const each of names) inside.delete(each)
      })))
    }), { numRuns: 20 })
  })

  promise('[E41] two that want the same locks in another order do not wait for each other', async () => {
    const { nodes: [first, second] } = await start()
    const done: string[] = []
    await Promise.all(Array.from({ length: 10 }, (_, index) => (index % 2 === 0
      ? first.withLocks(['a', 'b', 'c'], async () => { done.push('one') })
      : second.withLocks(['c', 'b', 'a', 'b'], async () => { done.push('two') }))))
    expect(done.toSorted()).toEqual([...Array.from({ length: 5 }, () => 'one'), ...Array.from({ length: 5 }, () => 'two')])
  })

  promise('[E42] who gives up waiting lets the others through, and the body is told when the caller goes away', async () => {
    const { nodes: [first, second] } = await start()
    const held = Promise.withResolvers<HeldLock>()
    const over = Promise.withResolvers<void>()
    const leaving = new AbortController()
    const one = first.withLock('a', async (lock) => { held.resolve(lock); await over.promise }, leaving.signal)
    const { signal } = await held.promise
    const gone = new AbortController()
    const two = second.withLock('a', async () => 'never', gone.signal)
    const three = second.withLock('a', async () => 'third')
    gone.abort(new Error('gone away'))
    await expect(two).rejects.toThrow('gone away')
    expect(signal.aborted).toBe(false)
    leaving.abort(new Error('left'))
    expect(signal.reason).toEqual(new Error('left'))
    over.resolve()
    await one
    expect(await three).toBe('third')
    await expect(first.withLock('a', async () => 'never', gone.signal)).rejects.toThrow('gone away')
  })

  promise('[E43] a lock that is held can be confirmed inside a transaction', async () => {
    const { nodes: [first], storage } = await start()
    expect(await first.withLock('a', (lock) => storage.platformTransaction(async (tx) => { await lock.confirm(tx); return 'held' }))).toBe('held')
  })

  promise('[E44] who is cut off is told, the next gets the lock, and nothing is written in the name of the lost one', async () => {
    const { nodes: [first, second], storage, cutFirst } = await start()
    const held = Promise.withResolvers<HeldLock>()
    const lost = first.withLock('a', async (lock) => {
      held.resolve(lock)
      await new Promise((resolve) => { lock.signal.addEventListener('abort', resolve) })
      throw lock.signal.reason
    })
    const outcome = lost.then(() => 'done', (error: unknown) => error)
    const lock = await held.promise
    await cutFirst()
    expect(await outcome).toMatchObject({ code: 'LOCK_LOST' })
    expect(await second.withLock('a', async () => 'taken over')).toBe('taken over')
    await expect(storage.platformTransaction((tx) => lock.confirm(tx))).rejects.toMatchObject({ code: 'LOCK_LOST' })
    // Back again.
    expect(await first.withLock('a', async () => 'mine again')).toBe('mine again')
  })

  promise('[E43] closing tells who holds, and gives no more', async () => {
    const { nodes: [first] } = await start()
    const held = Promise.withResolvers<void>()
    const told = first.withLock('a', async ({ signal }) => {
      held.resolve()
      await new Promise((resolve) => { signal.addEventListener('abort', resolve) })
      return 'told'
    })
    await held.promise
    await first.close()
    expect(await told).toBe('told')
    await expect(first.withLock('a', async () => 'never')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })
}

/** Closes locks when the test is over. */
export function closedAfterTest<Closable extends Locks>(locks: Closable): Closable {
  onTestFinished(() => locks.close())
  return locks
}
