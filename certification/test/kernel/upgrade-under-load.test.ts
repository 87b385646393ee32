import { expect, test } from 'vitest'
import { OPERATOR, startKernel } from './kernel-kit.ts'
import { auditor, LEDGER, LEDGER_ID } from './ledger-plugin.ts'

const TURNS = 4

test('[L25] under load no request fails and no event is lost while a tenant is upgraded and rolled back; another stays where it is all the time', { timeout: 120_000 }, async () => {
  await using kernel = await startKernel({ plugins: [LEDGER.first, LEDGER.colour, auditor()], tenants: 2, enable: [] })
  const { installations } = kernel.platform
  for (const index of [0, 1]) {
    await installations.enable(kernel.tenantId(index), LEDGER_ID, '1.0.0', OPERATOR)
    await installations.enable(kernel.tenantId(index), 'fr.test.auditor', '*', OPERATOR)
  }
  let moving = true
  let number = 0
  const written: string[][] = [[], []]
  const statuses = new Map<number, number>()
  const releases: Set<string>[] = [new Set(), new Set()]
  const note = (status: number): void => { statuses.set(status, (statuses.get(status) ?? 0) + 1) }
  const writer = async (index: number): Promise<void> => {
    while (moving) {
      const id = `e-${String(number++).padStart(6, '0')}`
      const answer = await kernel.visitor(index).post('/apps/ledger/entries', { id })
      note(answer.status)
      if (answer.status === 201) written[index]?.push(id)
    }
  }
  const reader = async (index: number): Promise<void> => {
    while (moving) {
      const answer = await kernel.visitor(index).get('/apps/ledger/entries')
      note(answer.status)
      releases[index]?.add(answer.json<{ release: string }>().release)
    }
  }
  const load = [writer(0), writer(0), reader(0), writer(1), reader(1)]
  const ways: string[] = []
  for (let turn = 0; turn < TURNS; turn += 1) {
    await installations.upgrade(kernel.tenantId(), LEDGER_ID, { range: '*', by: OPERATOR })
    await expect.poll(() => releases[0]?.has('1.1.0'), { timeout: 10_000 }).toBe(true)
    ways.push((await installations.rollback(kernel.tenantId(), LEDGER_ID, { by: OPERATOR })).way)
  }
  moving = false
  await Promise.all(load)
  expect([...statuses.keys()].toSorted((a, b) => a - b)).toEqual([200, 201])
  expect(ways).toEqual(Array.from({ length: TURNS }, () => 'down'))
  expect(releases.map((seen) => [...seen].toSorted())).toEqual([['1.0.0', '1.1.0'], ['1.0.0']])
  await kernel.settle()
  for (const index of [0, 1]) {
    const { ids } = (await kernel.visitor(index).get('/apps/ledger/entries')).json<{ ids: readonly string[] }>()
    expect(ids).toEqual(written[index]?.toSorted())
    // Each event once, whatever was put back and delivered again.
    expect((await kernel.visitor(index).get('/apps/auditor/seen')).json()).toEqual(written[index]?.toSorted())
  }
  expect(written.every((ids) => ids.length > 20)).toBe(true)
})

test('[L25] the subscriber of events is upgraded while they come, and gets each of them once', { timeout: 60_000 }, async () => {
  await using kernel = await startKernel({ plugins: [LEDGER.first, auditor(), auditor('1.1.0')], enable: [] })
  const { installations } = kernel.platform
  await installations.enable(kernel.tenantId(), LEDGER_ID, '1.0.0', OPERATOR)
  await installations.enable(kernel.tenantId(), 'fr.test.auditor', '1.0.0', OPERATOR)
  const written: string[] = []
  let moving = true
  const writing = (async () => {
    while (moving) {
      const id = `e-${String(written.length).padStart(6, '0')}`
      expect((await kernel.visitor().post('/apps/ledger/entries', { id })).status).toBe(201)
      written.push(id)
    }
  })()
  for (let turn = 0; turn < TURNS; turn += 1) {
    await installations.upgrade(kernel.tenantId(), 'fr.test.auditor', { range: '*', by: OPERATOR })
    await installations.rollback(kernel.tenantId(), 'fr.test.auditor', { by: OPERATOR })
  }
  moving = false
  await writing
  await kernel.settle()
  expect((await kernel.visitor().get('/apps/auditor/seen')).json()).toEqual(written)
})
