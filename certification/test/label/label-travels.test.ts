import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPlatform, readConfig, restoreBackup, writeBundle, type Platform } from '@liberacces/core'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changedStatus, signStatusList, type AskedChange } from '../../src/label/change-status.ts'
import { TestClient } from '../../src/testing/index.ts'
import { OPERATOR, startKernel, type Kernel } from '../kernel/kernel-kit.ts'
import { greeterArchive, GREETER_ID, labelledGreeter } from './greeter-archive.ts'
import { certifier, type Certifier } from './label-kit.ts'

const DAY = 86_400_000
const KEY = { id: GREETER_ID, version: '1.0.0' }
const POLICY = { require: 'silver', statusMaxAgeDays: 30, onStale: 'block' } as const
const PAGE = '/apps/greeter/'

let folder = ''
let files = 0
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'travelling-')) })
afterAll(async () => { await rm(folder, { recursive: true, force: true }) })

const file = (name: string): string => join(folder, `${files += 1}-${name}`)

/** The archive with its label and status list in one file. */
async function bundleBy(ours: Certifier, now: number): Promise<{ readonly path: string; readonly status: Buffer }> {
  const archive = await greeterArchive('1.0.0')
  const { label, status } = labelledGreeter(ours, archive, '1.0.0', now)
  const path = file('greeter.labelbundle')
  await writeFile(path, writeBundle({ 'package.tgz': archive, 'label.json': label, 'root.json': ours.root, 'status.json': status }))
  return { path, status }
}

/** The newest list that a platform knows of, with a change. */
async function changed(ours: Certifier, { labels }: Platform, change: Pick<AskedChange, 'state' | 'disableAt'>, now: number): Promise<Buffer> {
  const list = (await labels.trusted()).lists[0]
  if (list === undefined) throw new Error('no list')
  return signStatusList(changedStatus(list, { idx: 0, reason: 'security', appeal: 'https://gie.invalid/appeal', ...change }, now), ours.keys)
}

/** A platform that trusts the certifier, asks for silver and runs the labelled plugin for its commune. */
async function labelledKernel(ours: Certifier): Promise<{ readonly kernel: Kernel; readonly bundle: Awaited<ReturnType<typeof bundleBy>> }> {
  const kernel = await startKernel({ plugins: [], tenants: 2 })
  const bundle = await bundleBy(ours, kernel.outside.now())
  await kernel.platform.labels.trust(ours.root, undefined, OPERATOR)
  await kernel.platform.labels.setPolicy(POLICY, OPERATOR)
  await kernel.platform.releases.install(bundle.path, '/', OPERATOR)
  await kernel.platform.installations.enable(kernel.tenantId(), GREETER_ID, '*', OPERATOR)
  return { kernel, bundle }
}

async function exportOf({ platform }: Kernel, slug = 'commune-1'): Promise<string> {
  const tenant = platform.tenants.bySlug(slug)
  if (tenant === undefined) throw new Error(`no ${slug}`)
  const out = file('commune.tar')
  await platform.leaving.export(tenant, { out }, OPERATOR)
  return out
}

const serves = async (kernel: Kernel, host: string): Promise<number> => (await new TestClient(kernel.port, host).get(PAGE)).status

test('[K105] a tenant that comes brings no trust along: at the new place the labels, policy and decisions of that place hold, and a plugin that holds there serves at once', async () => {
  const ours = certifier()
  const from = await labelledKernel(ours)
  await using old = from.kernel
  // The old place went on with it in spite of a suspension; that was its own decision.
  await old.platform.labels.update(await changed(ours, old.platform, { state: 'suspended' }, old.outside.now()), OPERATOR)
  await old.platform.labels.decide(KEY, 'continue', 'Sans alternative cette semaine', OPERATOR)
  const left = await exportOf(old)
  expect(await serves(old, 'commune-1.localhost')).toBe(200)

  await using place = await startKernel({ plugins: [], tenants: 0 })
  const { labels, leaving, releases, tenants } = place.platform
  await labels.trust(ours.root, undefined, OPERATOR)
  await labels.setPolicy(POLICY, OPERATOR)
  await releases.install(from.bundle.path, '/', OPERATOR)
  const before = [await labels.standings(), await labels.policy()]
  const { tenant } = await leaving.import({ file: left }, OPERATOR)
  expect(tenants.bySlug('commune-1')?.id).toBe(tenant.id)
  expect(await serves(place, 'commune-1.localhost')).toBe(200)
  expect([await labels.standings(), await labels.policy()]).toEqual(before)
  expect(before[0]).toMatchObject([{ ...KEY, state: 'valid' }])
  expect(await place.platform.storage.platform.selectFrom('label_decision').selectAll().execute()).toEqual([])
  // What the certifier says afterwards holds for the commune that came, too.
  await labels.update(await changed(ours, place.platform, { state: 'suspended' }, place.outside.now()), OPERATOR)
  expect(await serves(place, 'commune-1.localhost')).toBe(200)
  await labels.decide(KEY, 'stop', 'La faille est confirmée', OPERATOR)
  expect(await serves(place, 'commune-1.localhost')).toBe(503)
})

test('[K106] a tenant whose plugin may not begin to run at the new place, for its label, is refused before anything is touched', async () => {
  const ours = certifier()
  const from = await labelledKernel(ours)
  await using old = from.kernel
  const left = await exportOf(old)

  await using place = await startKernel({ plugins: [], tenants: 0 })
  const { labels, leaving, releases, storage, tenants } = place.platform
  const nothing = async (): Promise<unknown> => ({
    tenant: tenants.bySlug('commune-1'), tenants: (await storage.platform.selectFrom('tenant').selectAll().execute()).length, installations: await storage.platform.selectFrom('installation').selectAll().execute(),
    told: (await place.platform.audit.list(tenants.pool()?.id ?? '', { limit: 50 })).filter(({ action }) => action.startsWith('tenant.')).length,
  })
  const archive = file('greeter.tgz')
  await writeFile(archive, await greeterArchive('1.0.0'))
  await releases.install(archive, '/', OPERATOR)
  const before = await nothing()
  // Installed when no label was asked for.
  await labels.setPolicy(POLICY, OPERATOR)
  await expect(leaving.import({ file: left }, OPERATOR)).rejects.toMatchObject({ code: 'LABEL_MISSING' })
  await releases.remove(GREETER_ID, undefined, OPERATOR)
  await labels.trust(ours.root, undefined, OPERATOR)
  await releases.install(from.bundle.path, '/', OPERATOR)
  await labels.update(await changed(ours, place.platform, { state: 'suspended' }, place.outside.now()), OPERATOR)
  await expect(leaving.import({ file: left }, OPERATOR)).rejects.toMatchObject({ code: 'LABEL_SUSPENDED' })
  expect(await nothing()).toEqual(before)
  // At the old place it went on meanwhile. Once the suspension is over, it can come.
  expect(await serves(old, 'commune-1.localhost')).toBe(200)
  await labels.update(await changed(ours, place.platform, { state: 'valid' }, place.outside.now()), OPERATOR)
  await leaving.import({ file: left }, OPERATOR)
  expect(await serves(place, 'commune-1.localhost')).toBe(200)
})

test('[K107] a platform that is brought back from a backup goes on as it was decided: what was continued serves, what was revoked ends on its day, an older list is refused, and the decision is on record', async () => {
  const ours = certifier()
  const { kernel, bundle } = await labelledKernel(ours)
  await using _ = kernel
  const { labels } = kernel.platform
  kernel.outside.advance(DAY)
  await labels.update(await changed(ours, kernel.platform, { state: 'suspended' }, kernel.outside.now()), OPERATOR)
  await labels.decide(KEY, 'continue', 'Sans alternative cette semaine', OPERATOR)
  const out = file('backup')
  await kernel.platform.backup({ out })
  const revoked = await changed(ours, kernel.platform, { state: 'revoked', disableAt: kernel.outside.now() + 10 * DAY }, kernel.outside.now())
  const data = file('restored')
  await restoreBackup(out, data)
  const restored = await createPlatform({ config: readConfig({ PORT: '0', LIBERACCES_DATA: data }, data), plugins: [], outside: kernel.outside, log: pino({ level: 'silent' }) })
  try {
    const { port } = await restored.listen()
    const status = async (): Promise<number> => (await new TestClient(port, 'commune-1.localhost').get(PAGE)).status
    expect(await status()).toBe(200)
    expect(restored.labels.amiss).toMatchObject([{ ...KEY, state: 'suspended', decision: { decision: 'continue', reason: 'Sans alternative cette semaine' } }])
    expect((await restored.audit.list(restored.tenants.pool()?.id ?? '', { limit: 50 })).find(({ action }) => action === 'label.decided')).toMatchObject({ target: GREETER_ID, detail: { decision: 'continue', label: 'suspended' } })
    const second = restored.tenants.bySlug('commune-2')?.id ?? ''
    await expect(restored.installations.enable(second, GREETER_ID, '*', OPERATOR)).rejects.toMatchObject({ code: 'LABEL_SUSPENDED' })
    await expect(restored.labels.update(bundle.status, OPERATOR)).rejects.toMatchObject({ code: 'LABEL_LIST_REFUSED' })
    // What happened after the backup is taken in as on any other day.
    await restored.labels.update(revoked, OPERATOR)
    expect(await status()).toBe(200)
    kernel.outside.advance(11 * DAY)
    await restored.labels.sweep()
    expect(await status()).toBe(503)
  } finally {
    await restored.stop()
  }
})
