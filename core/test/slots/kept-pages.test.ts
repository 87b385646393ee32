import { expect, test } from 'vitest'
import { KeptPages } from '../../src/slots/kept-pages.ts'

test('[S7] kept pages take no more memory than their share', async () => {
  const modules = {} as never
  const pages = new KeptPages({ platform: { stamp: () => 1 }, modules: () => modules, outside: { now: () => 0 } })
  const tenant = { id: 't' }
  const people = Array.from({ length: 1_001 }, (_, number) => ({ id: String(number) }))
  const contextOf = (number: number) => ({ tenant, principal: people[number], locale: 'fr' }) as never
  const large = 'x'.repeat(100_000)
  for (let number = 0; number < 200; number += 1) {
    const context = contextOf(number)
    await pages.make('/', context, async () => large)
    expect(pages.find('/', context)?.length).toBe(large.length)
  }
  expect(pages.bytes).toBeLessThanOrEqual(16 * 1024 * 1024)
  expect([pages.find('/', contextOf(0)), pages.find('/', contextOf(199))?.length]).toEqual([undefined, large.length])
  const context = contextOf(1_000)
  await pages.make('/', context, async () => 'é'.repeat(150_000))
  expect(pages.find('/', context)).toBeUndefined()
})
