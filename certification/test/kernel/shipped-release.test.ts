import { expect, test } from 'vitest'
import { OPERATOR, startKernel } from './kernel-kit.ts'
import { LEDGER, LEDGER_ID } from './ledger-plugin.ts'

const entries = async (kernel: Awaited<ReturnType<typeof startKernel>>) => (await kernel.visitor().get('/apps/ledger/entries')).json<{ release: string; ids: readonly string[] }>()

test('[L30] what a start brings along to a newer release of the plugins folder has a way back: the release is asked for by name, and with it the rollback keeps or restores the data', async () => {
  await using kernel = await startKernel({ plugins: [LEDGER.first] })
  await kernel.visitor().post('/apps/ledger/entries', { id: 'a' })
  await kernel.restart([LEDGER.oneWay])
  expect(await entries(kernel)).toMatchObject({ release: '1.1.1', ids: ['a'] })
  const back = () => kernel.platform.installations.rollback(kernel.tenantId(), LEDGER_ID, { by: OPERATOR })
  await expect(back()).rejects.toMatchObject({ code: 'ROLLBACK_IMPOSSIBLE', message: expect.stringContaining('1.0.0, is no longer in the catalogue') as string, fix: expect.stringContaining('plugins folder') as string })
  await kernel.restart([LEDGER.first, LEDGER.oneWay])
  expect(await entries(kernel)).toMatchObject({ release: '1.1.1', ids: ['a'] })
  expect(await back()).toMatchObject({ from: '1.1.1', to: '1.0.0', way: 'snapshot', lostChanges: false })
  expect(await entries(kernel)).toMatchObject({ release: '1.0.0', ids: ['a'] })
})

test('[L30] a start that is cut short after the data was brought along does not take what it made for what was before', async () => {
  await using kernel = await startKernel({ plugins: [LEDGER.first] })
  await kernel.visitor().post('/apps/ledger/entries', { id: 'a' })
  let dies = true
  Object.assign(kernel.outside, { reached: (point: string) => { if (dies && point === 'start:migrated') throw new Error('the process died here') } })
  await kernel.restart([LEDGER.oneWay])
  expect((await kernel.platform.installations.list(kernel.tenantId()))[0]).toMatchObject({ version: '1.0.0', state: 'degraded' })
  dies = false
  await kernel.restart([LEDGER.oneWay])
  expect(await entries(kernel)).toMatchObject({ release: '1.1.1', ids: ['a'] })
  expect(await kernel.platform.installations.snapshots.list({ tenantId: kernel.tenantId() })).toMatchObject([{ reason: 'upgrade', release: { version: '1.0.0' } }])
  await kernel.restart([LEDGER.first, LEDGER.oneWay])
  expect(await kernel.platform.installations.rollback(kernel.tenantId(), LEDGER_ID, { by: OPERATOR })).toMatchObject({ to: '1.0.0', way: 'snapshot' })
  expect(await entries(kernel)).toMatchObject({ release: '1.0.0', ids: ['a'] })
})

test('[L30] a start whose migration fails keeps no snapshot of data that goes on changing', async () => {
  await using kernel = await startKernel({ plugins: [LEDGER.first] })
  await kernel.visitor().post('/apps/ledger/entries', { id: 'a' })
  await kernel.restart([LEDGER.broken])
  expect((await kernel.platform.installations.list(kernel.tenantId()))[0]).toMatchObject({ state: 'migration-failed' })
  expect(await kernel.platform.installations.snapshots.list({ tenantId: kernel.tenantId() })).toEqual([])
})
