import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plugin } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { OPERATOR, startKernel, type Kernel } from './kernel-kit.ts'
import { auditor, LEDGER, LEDGER_ID, ledger } from './ledger-plugin.ts'
import { notesPlugin, readerPlugin } from './notes-plugin.tsx'

const { first, colour, oneWay, broken, unhappy, wider } = LEDGER

/** A kernel on which each commune runs the first release. */
async function withFirst(more: readonly Plugin[], tenants = 1): Promise<Kernel> {
  const kernel = await startKernel({ plugins: [first, ...more], tenants, enable: [] })
  for (let index = 0; index < tenants; index += 1) {
    await kernel.platform.installations.enable(kernel.tenantId(index), LEDGER_ID, '1.0.0', OPERATOR)
    await write(kernel, 'a', index)
  }
  return kernel
}

async function write(kernel: Kernel, id: string, index = 0): Promise<void> {
  expect((await kernel.visitor(index).post('/apps/ledger/entries', { id })).status).toBe(201)
}

const read = async (kernel: Kernel, index = 0): Promise<unknown> => (await kernel.visitor(index).get('/apps/ledger/entries')).json()
const stateOf = async (kernel: Kernel, index = 0): Promise<string> => {
  const [one] = await kernel.platform.installations.list(kernel.tenantId(index))
  return `${one?.version} ${one?.state}`
}
const upgrade = (kernel: Kernel, range = '*', index = 0) => kernel.platform.installations.upgrade(kernel.tenantId(index), LEDGER_ID, { range, by: OPERATOR })
const rollback = (kernel: Kernel, discardChanges = false) => kernel.platform.installations.rollback(kernel.tenantId(), LEDGER_ID, { discardChanges, by: OPERATOR })

/** Digest of every file of a tenant's data. */
async function digestOf(kernel: Kernel): Promise<string> {
  const hash = createHash('sha256')
  for (const folder of ['tenants', 'files', 'snapshots']) {
    const path = join(kernel.platform.config.dataFolder, folder)
    const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => [])
    for (const file of entries.filter((entry) => entry.isFile() && !entry.name.endsWith('-shm')).map((entry) => join(entry.parentPath, entry.name)).sort()) hash.update(file).update(await readFile(file))
  }
  return hash.digest('hex')
}

test('[L16] an upgrade moves one tenant, data and settings along; the other stays where it is, and both answer', async () => {
  await using kernel = await withFirst([colour], 2)
  expect(await upgrade(kernel)).toMatchObject({ kind: 'upgraded', from: '1.0.0', to: '1.1.0', migrations: ['0002-colour'] })
  expect([await read(kernel, 0), await read(kernel, 1)]).toEqual([{ release: '1.1.0', ids: ['a'], shade: 'dark' }, { release: '1.0.0', ids: ['a'] }])
  expect(await upgrade(kernel)).toMatchObject({ kind: 'unchanged', from: '1.1.0', to: '1.1.0' })
  await kernel.restart()
  expect([await stateOf(kernel, 0), await stateOf(kernel, 1)]).toEqual(['1.1.0 active', '1.0.0 active'])
  const trail = (await kernel.platform.audit.list(kernel.tenantId(), { limit: 5 })).map(({ action, actor }) => `${action} ${actor.id}`)
  expect(trail).toContain('plugin.upgraded test')
})

test('[L17] an upgrade that fails in its migration or its check leaves data, release and requests as they were', async () => {
  for (const failing of [broken, unhappy]) {
    await using kernel = await withFirst([failing])
    await expect(upgrade(kernel)).rejects.toMatchObject({ code: failing === broken ? 'MIGRATION_FAILED' : 'PLUGIN_CALL_FAILED' })
    expect([await stateOf(kernel), await read(kernel)]).toEqual(['1.0.0 active', { release: '1.0.0', ids: ['a'] }])
    await write(kernel, 'b')
  }
})

test('[L18] a rollback takes the migrations back where that works, and what was written since stays', async () => {
  await using kernel = await withFirst([colour])
  await upgrade(kernel)
  await write(kernel, 'b')
  expect(await rollback(kernel)).toMatchObject({ from: '1.1.0', to: '1.0.0', way: 'down', migrations: ['0002-colour'], lostChanges: false })
  expect(await read(kernel)).toEqual({ release: '1.0.0', ids: ['a', 'b'] })
  await upgrade(kernel)
  expect(await read(kernel)).toEqual({ release: '1.1.0', ids: ['a', 'b'], shade: 'dark' })
})

test('[L18] where migrations cannot be taken back, a rollback says what would be lost and does it only when told to', async () => {
  await using kernel = await withFirst([oneWay])
  await upgrade(kernel)
  await write(kernel, 'b')
  await expect(rollback(kernel)).rejects.toMatchObject({ code: 'ROLLBACK_LOSES_DATA', message: expect.stringContaining('0002-colour') })
  expect([await stateOf(kernel), await read(kernel)]).toEqual(['1.1.1 active', { release: '1.1.1', ids: ['a', 'b'], shade: 'dark' }])
  expect(await rollback(kernel, true)).toMatchObject({ to: '1.0.0', way: 'snapshot', lostChanges: true })
  expect(await read(kernel)).toEqual({ release: '1.0.0', ids: ['a'] })
  await expect(rollback(kernel)).rejects.toMatchObject({ code: 'ROLLBACK_IMPOSSIBLE' })
})

test('[L18] where nothing was written since, the snapshot is put back without a question', async () => {
  await using kernel = await withFirst([oneWay])
  await upgrade(kernel)
  expect(await rollback(kernel)).toMatchObject({ way: 'snapshot', lostChanges: false })
  expect(await read(kernel)).toEqual({ release: '1.0.0', ids: ['a'] })
})

test('[L19] a downgrade, a release that does not exist, and what is off are refused, and everything is as before', async () => {
  await using kernel = await withFirst([colour, auditor()])
  await upgrade(kernel)
  await expect(upgrade(kernel, '1.0.0')).rejects.toMatchObject({ code: 'PLUGIN_DOWNGRADE', fix: expect.stringContaining('rollback') })
  await expect(upgrade(kernel, '^9')).rejects.toMatchObject({ code: 'PLUGIN_VERSION_CONFLICT' })
  await expect(kernel.platform.installations.upgrade(kernel.tenantId(), 'fr.test.auditor', { range: '*', by: OPERATOR })).rejects.toMatchObject({ code: 'PLUGIN_STATE' })
  await expect(kernel.platform.installations.enable(kernel.tenantId(), LEDGER_ID, '1.0.0', OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_STATE' })
  await kernel.platform.installations.disable(kernel.tenantId(), LEDGER_ID, OPERATOR)
  await expect(kernel.platform.installations.enable(kernel.tenantId(), LEDGER_ID, '1.0.0', OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_DOWNGRADE' })
  await kernel.platform.installations.enable(kernel.tenantId(), LEDGER_ID, '*', OPERATOR)
  expect(await stateOf(kernel)).toBe('1.1.0 active')
})

test('[L20] a release that asks for more waits for consent, and moves when that is given', async () => {
  await using kernel = await withFirst([wider])
  await expect(upgrade(kernel)).rejects.toMatchObject({ code: 'PLUGIN_CONSENT_NEEDED', message: expect.stringContaining('"files"') })
  expect(await stateOf(kernel)).toBe('1.0.0 active')
  expect(await kernel.platform.installations.upgrade(kernel.tenantId(), LEDGER_ID, { range: '*', acceptScopes: true, by: OPERATOR })).toMatchObject({ to: '2.0.0' })
  expect(await kernel.platform.installations.lockOf(kernel.tenantId())).toEqual({ plugins: [{ id: LEDGER_ID, version: '2.0.0', scopes: ['db', 'files'], refused: [] }] })
})

test('[L21] a rehearsal says go or no-go with the reason, and touches nothing', async () => {
  await using kernel = await withFirst([colour, broken, unhappy, wider])
  // What is in memory of the store goes to its file first, so that digests can be compared.
  const before = await digestOf(kernel)
  const rehearse = (range: string) => kernel.platform.installations.rehearse(kernel.tenantId(), LEDGER_ID, { range, by: OPERATOR })
  expect(await rehearse('1.1.0')).toMatchObject({ go: true, from: '1.0.0', to: '1.1.0', migrations: ['0002-colour'], problems: [] })
  expect(await rehearse('1.2.0')).toMatchObject({ go: false, problems: [{ code: 'MIGRATION_FAILED', message: expect.stringContaining('breaks halfway') }] })
  expect(await rehearse('1.3.0')).toMatchObject({ go: false, problems: [{ code: 'PLUGIN_CALL_FAILED', message: expect.stringContaining('an entry has no colour') }] })
  expect(await rehearse('2.0.0')).toMatchObject({ go: false, to: '2.0.0', scopes: ['files'], problems: [{ code: 'PLUGIN_CONSENT_NEEDED' }] })
  expect(await rehearse('^9')).toMatchObject({ go: false, problems: [{ code: 'PLUGIN_VERSION_CONFLICT' }] })
  expect(await digestOf(kernel)).toBe(before)
  expect(await stateOf(kernel)).toBe('1.0.0 active')
  expect(await readdir(join(kernel.platform.config.dataFolder, 'rehearsals')).catch(() => [])).toEqual([])
})

test('[L15] time in front of another plugin’s gate costs a caller none of its own', async () => {
  const hasty = Object.freeze({ ...readerPlugin, limits: { callMs: 500 } })
  await using kernel = await startKernel({ plugins: [notesPlugin, hasty] })
  const open = await kernel.platform.gates.shut(kernel.tenantId(), 'fr.test.notes', 10_000)
  const asking = kernel.visitor().get('/apps/reader/any')
  await expect.poll(() => kernel.platform.gates.insideOf(kernel.tenantId(), 'fr.test.reader')).toBe(1)
  // Longer than the caller may take.
  await new Promise((resolve) => { setTimeout(resolve, 700) })
  open()
  expect((await asking).status).toBe(200)
})

test('[L15] calls under way for too long make an upgrade give up, and everything goes on', async () => {
  const held = Promise.withResolvers<void>()
  const slow = ledger({ version: '1.0.0', held: held.promise })
  await using kernel = await startKernel({ plugins: [slow, colour], enable: [], drainMs: 20 })
  await kernel.platform.installations.enable(kernel.tenantId(), LEDGER_ID, '1.0.0', OPERATOR)
  const writing = kernel.visitor().post('/apps/ledger/entries', { id: 'b' })
  await expect.poll(() => kernel.platform.gates.insideOf(kernel.tenantId(), LEDGER_ID)).toBe(1)
  await expect(upgrade(kernel)).rejects.toMatchObject({ code: 'PLUGIN_BUSY' })
  held.resolve()
  expect((await writing).status).toBe(201)
  expect([await stateOf(kernel), await read(kernel)]).toEqual(['1.0.0 active', { release: '1.0.0', ids: ['b'] }])
})
