import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPlatform, readConfig, readStatusList, readTrustRoot, restoreBackup, writeBundle } from '@liberacces/core'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changedStatus, signStatusList } from '../../src/label/change-status.ts'
import { OPERATOR, startKernel, type Kernel } from '../kernel/kernel-kit.ts'
import { greeterArchive, GREETER_ID, labelledGreeter } from './greeter-archive.ts'
import { certifier, ID as CERTIFIER, rotated, type Certifier } from './label-kit.ts'

const HTML = { headers: { accept: 'text/html' } }
const KEY = { id: GREETER_ID, version: '1.0.0' }

let folder = ''
let bundles = 0
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'trusted-')) })
afterAll(async () => { await rm(folder, { recursive: true, force: true }) })

/** A labelled plugin in one file, whose status list says what it is told to. */
async function bundleBy(ours: Certifier, kernel: Kernel, state?: 'suspended' | 'revoked', signs: Certifier = ours): Promise<string> {
  const archive = await greeterArchive('1.0.0')
  const now = kernel.outside.now()
  const issued = labelledGreeter(ours, archive, '1.0.0', now)
  const list = readStatusList(issued.status, readTrustRoot(ours.root))
  const status = state === undefined ? issued.status : signStatusList(changedStatus(list, { idx: 0, state, reason: 'security', appeal: 'https://gie.invalid/appeal' }, now), signs.keys)
  const path = join(folder, `${bundles += 1}.labelbundle`)
  await writeFile(path, writeBundle({ 'package.tgz': archive, 'label.json': issued.label, 'root.json': ours.root, 'status.json': status }))
  return path
}

test('[K100] a bundle that was installed before its certifier was trusted keeps its status list, which counts from then on; one that does not hold counts for nothing', async () => {
  await using kernel = await startKernel({ plugins: [] })
  const { labels, releases } = kernel.platform
  const ours = certifier()
  // Also where somebody else is trusted already.
  await labels.trust(certifier(2, 'https://autre.invalid').root, undefined, OPERATOR)
  const path = await bundleBy(ours, kernel, 'suspended')
  expect((await releases.install(path, '/', OPERATOR)).label.problem).toMatchObject({ code: 'LABEL_ROOT_UNKNOWN' })
  expect([(await labels.trusted()).lists, labels.amiss]).toEqual([[], []])
  await kernel.restart()
  await kernel.platform.labels.trust(ours.root, undefined, OPERATOR)
  expect(kernel.platform.labels.amiss).toMatchObject([{ ...KEY, state: 'suspended' }])
  expect(await kernel.platform.storage.platform.selectFrom('label_waiting').selectAll().execute()).toEqual([])
  await kernel.platform.releases.remove(GREETER_ID, undefined, OPERATOR)

  await using another = await startKernel({ plugins: [] })
  const forged = await bundleBy(ours, another, 'revoked', certifier())
  await another.platform.releases.install(forged, '/', OPERATOR)
  await another.platform.labels.trust(ours.root, undefined, OPERATOR)
  expect([(await another.platform.labels.trusted()).lists, another.platform.labels.amiss]).toEqual([[], []])
  await another.platform.releases.remove(GREETER_ID, undefined, OPERATOR)
  expect(await another.platform.storage.platform.selectFrom('label_waiting').selectAll().execute()).toEqual([])
})

test('[K101] a certifier is trusted no longer, for a reason on record: what runs goes on, nothing new starts where a label is required, and trusted again it says at once what it had said', async () => {
  await using kernel = await startKernel({ plugins: [], tenants: 2 })
  const { platform } = kernel
  const { labels } = platform
  const ours = certifier()
  await labels.trust(ours.root, undefined, OPERATOR)
  const path = await bundleBy(ours, kernel)
  await platform.releases.install(path, '/', OPERATOR)
  await platform.installations.enable(kernel.tenantId(), GREETER_ID, '*', OPERATOR)
  await expect(labels.untrust('https://autre.invalid', 'Contrat terminé', OPERATOR)).rejects.toMatchObject({ code: 'LABEL_ROOT_UNKNOWN' })
  await expect(labels.untrust(CERTIFIER, 'court', OPERATOR)).rejects.toMatchObject({ code: 'LABEL_DECISION_INVALID' })
  // What somebody has still to decide about does not go by unseen.
  const list = (await labels.trusted()).lists[0]
  if (list === undefined) throw new Error('no list')
  const suspended = signStatusList(changedStatus(list, { idx: 0, state: 'suspended', reason: 'security', appeal: 'https://gie.invalid/appeal' }, kernel.outside.now()), ours.keys)
  await labels.update(suspended, OPERATOR)
  await expect(labels.untrust(CERTIFIER, 'Contrat terminé', OPERATOR)).rejects.toMatchObject({ code: 'LABEL_DECISION_INVALID', message: expect.stringContaining('has suspended the label') })
  await labels.decide(KEY, 'continue', 'Sans alternative cette semaine', OPERATOR)
  expect((await labels.untrust(CERTIFIER, 'Contrat terminé', OPERATOR)).releases).toMatchObject([KEY])
  expect(await labels.trusted()).toEqual({ roots: [], lists: [] })
  expect(await labels.standings()).toMatchObject([{ ...KEY, problem: { code: 'LABEL_ROOT_UNKNOWN' } }])
  expect((await kernel.visitor().get('/apps/greeter/')).status).toBe(200)
  await labels.setPolicy({ require: 'bronze', statusMaxAgeDays: 30, onStale: 'warn' }, OPERATOR)
  await expect(platform.installations.enable(kernel.tenantId(1), GREETER_ID, '*', OPERATOR)).rejects.toMatchObject({ code: 'LABEL_ROOT_UNKNOWN' })
  const trail = await platform.audit.list(platform.tenants.pool()?.id ?? '', { limit: 20 })
  expect(trail.find(({ action }) => action === 'label.untrusted')).toMatchObject({ target: CERTIFIER, detail: { reason: 'Contrat terminé' } })
  await labels.trust(ours.root, undefined, OPERATOR)
  expect(labels.amiss).toMatchObject([{ ...KEY, state: 'suspended', decision: { decision: 'continue' } }])
})

test('[K102] an administrator of a commune sees the label of each module, with its grade', async () => {
  await using kernel = await startKernel({ plugins: [] })
  const ours = certifier()
  await kernel.platform.labels.trust(ours.root, undefined, OPERATOR)
  await kernel.platform.releases.install(await bundleBy(ours, kernel), '/', OPERATOR)
  const { text } = await (await kernel.as('tenant-admin')).get('/admin/modules', HTML)
  expect(text).toContain('Label valide')
  expect(text).toContain('niveau argent')
  expect(text).toContain('GIE d’essai')
})

test('[K104] labels, whom one trusts, the policy and decisions come back with a backup', async () => {
  await using kernel = await startKernel({ plugins: [] })
  const { platform } = kernel
  const ours = certifier()
  await platform.labels.trust(ours.root, undefined, OPERATOR)
  await platform.releases.install(await bundleBy(ours, kernel), '/', OPERATOR)
  await platform.labels.setPolicy({ require: 'silver', statusMaxAgeDays: 300, onStale: 'warn' }, OPERATOR)
  const list = (await platform.labels.trusted()).lists[0]
  if (list === undefined) throw new Error('no list')
  await platform.labels.update(signStatusList(changedStatus(list, { idx: 0, state: 'suspended', reason: 'security', appeal: 'https://gie.invalid/appeal' }, kernel.outside.now()), ours.keys), OPERATOR)
  await platform.labels.decide(KEY, 'continue', 'Sans alternative cette semaine', OPERATOR)
  await platform.backup({ out: join(folder, 'backup') })
  const data = join(folder, 'restored')
  await restoreBackup(join(folder, 'backup'), data)
  const restored = await createPlatform({ config: readConfig({ PORT: '0', LIBERACCES_DATA: data }, data), plugins: [], outside: kernel.outside, log: pino({ level: 'silent' }) })
  try {
    expect(await restored.labels.policy()).toEqual({ require: 'silver', statusMaxAgeDays: 300, onStale: 'warn' })
    expect(await restored.labels.trusted()).toMatchObject({ roots: [{ id: CERTIFIER }], lists: [{ version: 3 }] })
    expect(await restored.labels.standings()).toMatchObject([{ ...KEY, grade: 'silver', state: 'suspended', certifier: 'GIE d’essai', decision: { decision: 'continue' } }])
  } finally {
    await restored.stop()
  }
})

test('[K103] a certifier that is not trusted yet is shown with its fingerprint and not trusted, unless the right one is given', async () => {
  await using kernel = await startKernel({ plugins: [] })
  const { platform } = kernel
  const ours = certifier()
  const { fingerprint } = readTrustRoot(ours.root)
  await expect(platform.labels.requireCompared(ours.root, undefined)).rejects.toMatchObject({ code: 'LABEL_ROOT_UNKNOWN', message: expect.stringContaining(fingerprint) })
  await expect(platform.labels.trust(ours.root, '0'.repeat(64), OPERATOR)).rejects.toMatchObject({ code: 'LABEL_LIST_REFUSED' })
  expect((await platform.labels.trusted()).roots).toEqual([])
  await platform.labels.requireCompared(ours.root, fingerprint)
  await platform.labels.trust(ours.root, fingerprint, OPERATOR)
  // A newer root is vouched for by the keys of the one that is known.
  await platform.labels.requireCompared(rotated(ours).root, undefined)
})
