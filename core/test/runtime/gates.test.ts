import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Gates, type Passage } from '../../src/runtime/gates.ts'

const T = 't-1'
const P = 'fr.test.a'

const now = (passage: Passage | Promise<Passage>): Passage => {
  if (passage instanceof Promise) throw new Error('The gate is shut.')
  return passage
}

test('[L15] a gate shuts when those inside have left; who comes meanwhile waits, and goes in when it opens', async () => {
  const gates = new Gates()
  const seen: string[] = []
  const inside = now(gates.enter(T, P))
  const shutting = gates.shut(T, P, 1_000).then((open) => { seen.push('shut'); return open })
  const late = Promise.resolve(gates.enter(T, P)).then((passage) => { seen.push('in'); passage.leave() })
  expect(gates.waitFor(T, P)).toBeInstanceOf(Promise)
  inside.leave()
  const open = await shutting
  seen.push('open')
  open()
  await late
  expect(seen).toEqual(['shut', 'open', 'in'])
  expect(gates.waitFor(T, P)).toBeUndefined()
})

test('[L15] a call nested in one that is inside already goes in through a shut gate; other plugins and tenants never wait', async () => {
  const gates = new Gates()
  const outer = now(gates.enter(T, P))
  const shutting = gates.shut(T, P, 1_000)
  const between = now(gates.enter(T, 'fr.test.b', outer))
  now(gates.enter(T, P, between)).leave()
  now(gates.enter('t-2', P)).leave()
  between.leave()
  expect(await gates.drained(T, P, 1)).toBe(false)
  outer.leave()
  ;(await shutting)()
})

test('[L15] a gate that cannot be shut in time is open again, and says how many were inside', async () => {
  const gates = new Gates()
  const inside = now(gates.enter(T, P))
  const late = gates.enter(T, 'fr.test.b')
  await expect(gates.shut(T, P, 1)).rejects.toMatchObject({ code: 'PLUGIN_BUSY', message: expect.stringContaining('1 call was') })
  now(gates.enter(T, P)).leave()
  inside.leave()
  now(late).leave()
})

test('[L15] whatever comes and goes, a shut gate has nobody inside, and in the end everyone was', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom('enter', 'leave', 'shut', 'open'), { maxLength: 60 }), async (steps) => {
    const gates = new Gates()
    const inside: Passage[] = []
    let entered = 0
    let wanted = 0
    let mostInside = 0
    let shutting: Promise<() => void> | undefined
    let open: (() => void) | undefined
    const settle = async (): Promise<void> => { for (let turn = 0; turn < 10; turn += 1) await Promise.resolve() }
    for (const step of steps) {
      if (step === 'enter') {
        wanted += 1
        void Promise.resolve(gates.enter(T, P)).then((passage) => { entered += 1; inside.push(passage) })
      }
      if (step === 'leave') inside.shift()?.leave()
      if (step === 'shut' && shutting === undefined) {
        shutting = gates.shut(T, P, 60_000)
        void shutting.then((opener) => { open = opener })
      }
      if (step === 'open' && open !== undefined) {
        open()
        open = shutting = undefined
      }
      await settle()
      if (open !== undefined) mostInside = Math.max(mostInside, inside.length)
    }
    while (shutting !== undefined && open === undefined) {
      inside.shift()?.leave()
      await settle()
    }
    open?.()
    await settle()
    expect([mostInside, entered]).toEqual([0, wanted])
    for (const passage of inside) passage.leave()
  }))
})
