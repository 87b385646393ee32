import { expect, test } from 'vitest'
import { InTurn } from '../src/in-turn.ts'

test('[J81] whoever takes a turn comes after those before, also after one that failed, and is handed nothing of theirs', async () => {
  const turns = new InTurn()
  const seen: unknown[] = []
  const gate = Promise.withResolvers<void>()
  const first = turns.take('a', async () => {
    await gate.promise
    seen.push('first')
    throw new Error('it failed')
  })
  const [second, third] = ['second', 'third'].map((name) => turns.take('a', async (...given: readonly unknown[]) => {
    seen.push(name, ...given)
    return name
  }))
  expect(await turns.take('b', async () => 'elsewhere')).toBe('elsewhere')
  expect(seen).toEqual([])
  gate.resolve()
  await expect(first).rejects.toThrow('it failed')
  expect([await second, await third, seen]).toEqual(['second', 'third', ['first', 'second', 'third']])
})
