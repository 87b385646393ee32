import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readStatusList, readTrustRoot, requireOwnKeys, writeBundle } from '@liberacces/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changedStatus, emptyStatusList, nextStatusList, signStatusList, type AskedChange } from '../../src/label/change-status.ts'
import type { IssuedLabel } from '../../src/label/issue-label.ts'
import { OPERATOR, startKernel, type Kernel } from '../kernel/kernel-kit.ts'
import { greeterArchive, GREETER_ID, labelledGreeter } from './greeter-archive.ts'
import { certifier, rotated, type Certifier } from './label-kit.ts'

const ID = GREETER_ID
const DAY = 86_400_000
const HTML = { headers: { accept: 'text/html' } }

let folder = ''
let bundles = 0
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'labelled-')) })
afterAll(async () => { await rm(folder, { recursive: true, force: true }) })

interface Scene {
  readonly certifier: Certifier
  readonly archive: Buffer
  readonly issued: IssuedLabel
  /** Path of the bundle. */
  readonly bundle: string
  /** The newest list, with one change more. */
  readonly changed: (change: Omit<AskedChange, 'idx' | 'appeal' | 'reason'>, from?: Buffer) => Buffer
}

/** A certifier that labelled the plugin, as of the kernel's own clock. */
async function scene(kernel: Kernel, version = '1.0.0'): Promise<Scene> {
  const ours = certifier()
  const archive = await greeterArchive(version)
  const now = kernel.outside.now()
  const issued = labelledGreeter(ours, archive, version, now)
  const bundle = join(folder, `${ID}-${version}-${bundles += 1}.labelbundle`)
  await writeFile(bundle, writeBundle({ 'package.tgz': archive, 'label.json': issued.label, 'root.json': ours.root, 'status.json': issued.status }))
  return {
    certifier: ours, archive, issued, bundle,
    changed: (change, from = issued.status) => signStatusList(changedStatus(readStatusList(from, readTrustRoot(ours.root)), { idx: 0, reason: 'security', appeal: 'https://gie.invalid/appeal', ...change }, kernel.outside.now()), ours.keys),
  }
}

const answers = async (kernel: Kernel): Promise<number> => (await kernel.visitor().get('/apps/greeter/')).status

test('[K80] a Pool that requires a label installs and switches on what bears one, from one file, and says why of everything else', async () => {
  await using kernel = await startKernel({ plugins: [] })
  const { platform } = kernel
  const { bundle, archive, certifier: ours } = await scene(kernel)
  const plain = join(folder, 'plain.tgz')
  await writeFile(plain, archive)
  await platform.labels.setPolicy({ require: 'bronze', statusMaxAgeDays: 30, onStale: 'block' }, OPERATOR)
  await expect(platform.releases.install(plain, '/', OPERATOR)).rejects.toMatchObject({ code: 'LABEL_MISSING' })
  await expect(platform.releases.install(bundle, '/', OPERATOR)).rejects.toMatchObject({ code: 'LABEL_ROOT_UNKNOWN' })
  await expect(platform.labels.trust(ours.root, '0'.repeat(64), OPERATOR)).rejects.toMatchObject({ code: 'LABEL_LIST_REFUSED' })
  await platform.labels.trust(ours.root, readTrustRoot(ours.root).fingerprint, OPERATOR)
  await platform.labels.setPolicy({ require: 'gold', statusMaxAgeDays: 30, onStale: 'block' }, OPERATOR)
  await expect(platform.releases.install(bundle, '/', OPERATOR)).rejects.toMatchObject({ code: 'LABEL_GRADE' })
  await platform.labels.setPolicy({ require: 'silver', statusMaxAgeDays: 30, onStale: 'block' }, OPERATOR)
  expect((await platform.releases.install(bundle, '/', OPERATOR)).label.verified).toMatchObject({ grade: 'silver', state: 'valid' })
  await platform.installations.enable(kernel.tenantId(), ID, '*', OPERATOR)
  expect(await answers(kernel)).toBe(200)
  const trail = await platform.audit.list(platform.tenants.pool()?.id ?? '', { limit: 50 })
  expect(trail.map(({ action }) => action)).toEqual(expect.arrayContaining(['label.policy', 'label.trusted', 'label.taken', 'release.installed']))
})

test('[K81] where no label is required what has none is taken and shown as such; a label that deceives is refused all the same', async () => {
  await using kernel = await startKernel({ plugins: [] })
  const { archive, issued, bundle } = await scene(kernel)
  const path = join(folder, 'beside.tgz')
  await writeFile(path, archive)
  expect((await kernel.platform.releases.install(path, '/', OPERATOR)).label).toEqual({})
  const pool = await kernel.as('pool-admin', 'pool')
  expect((await pool.get('/modules', HTML)).text).toContain('Sans label')
  // A label by somebody whom nobody trusts here: kept, and shown as not recognised.
  expect((await kernel.platform.releases.install(bundle, '/', OPERATOR)).label.problem).toMatchObject({ code: 'LABEL_ROOT_UNKNOWN' })
  expect((await pool.get(`/modules/${ID}`, HTML)).text).toContain('Label non reconnu ici')
  // The label of another archive beside this one.
  await writeFile(join(folder, 'beside.tgz'), await greeterArchive('1.0.1'))
  await writeFile(join(folder, 'beside.label.json'), issued.label)
  await expect(kernel.platform.releases.install(path, '/', OPERATOR)).rejects.toMatchObject({ code: 'LABEL_DIGEST' })
})

test('[K82] [K83] suspended: nothing new begins, administrators see it on every page, what runs goes on until somebody decides with a reason, on record', async () => {
  await using kernel = await startKernel({ plugins: [], tenants: 2 })
  const { platform } = kernel
  const { bundle, certifier: ours, changed } = await scene(kernel)
  await platform.labels.trust(ours.root, undefined, OPERATOR)
  await platform.releases.install(bundle, '/', OPERATOR)
  await platform.installations.enable(kernel.tenantId(), ID, '*', OPERATOR)
  kernel.outside.advance(DAY)
  const suspended = changed({ state: 'suspended', note: 'Une fuite est à l’étude' })
  const pool = await kernel.as('pool-admin', 'pool')
  const page = (await pool.get('/labels', HTML)).text
  const boundary = 'x-boundary'
  const token = /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const body = Buffer.concat([Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="_csrf"\r\n\r\n${token}\r\n--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="status.json"\r\ncontent-type: application/json\r\n\r\n`), suspended, Buffer.from(`\r\n--${boundary}--\r\n`)])
  expect((await pool.send('POST', '/labels/fichier', { body, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } })).status).toBe(303)

  expect(await answers(kernel)).toBe(200)
  await expect(platform.installations.enable(kernel.tenantId(1), ID, '*', OPERATOR)).rejects.toMatchObject({ code: 'LABEL_SUSPENDED' })
  await expect(platform.releases.install(bundle, '/', OPERATOR)).rejects.toMatchObject({ code: 'LABEL_SUSPENDED' })
  const admin = await kernel.as('tenant-admin')
  expect((await admin.get('/admin', HTML)).text).toContain('Labels à examiner')
  expect((await (await kernel.as('tenant-admin', 1)).get('/admin', HTML)).text).not.toContain('Labels à examiner')
  expect((await pool.get('/', HTML)).text).toContain('Une fuite est à l’étude')

  const module = `/modules/${ID}`
  expect((await pool.submit(`${module}/label`, { version: '1.0.0', decision: 'continue', reason: 'court' }, module)).status).toBe(409)
  expect((await pool.submit(`${module}/label`, { version: '1.0.0', decision: 'continue', reason: 'Service d’état civil, sans alternative' }, module)).status).toBe(303)
  expect(await answers(kernel)).toBe(200)
  expect((await pool.get(module, HTML)).text).toContain('Décision\u00a0: poursuivre le service')
  const decided = (await platform.audit.list(platform.tenants.pool()?.id ?? '', { limit: 20 })).find(({ action }) => action === 'label.decided')
  expect(decided).toMatchObject({ target: ID, detail: { decision: 'continue', reason: 'Service d’état civil, sans alternative', label: 'suspended' } })
  await pool.submit(`${module}/label`, { version: '1.0.0', decision: 'stop', reason: 'La fuite est confirmée' }, module)
  expect(await answers(kernel)).toBe(503)
})

test('[K84] revoked: refused at once, out of service on the published day and not before, and an operator has the last word', async () => {
  await using kernel = await startKernel({ plugins: [] })
  const { platform } = kernel
  const { bundle, certifier: ours, changed } = await scene(kernel)
  await platform.labels.trust(ours.root, undefined, OPERATOR)
  await platform.releases.install(bundle, '/', OPERATOR)
  await platform.installations.enable(kernel.tenantId(), ID, '*', OPERATOR)
  await platform.labels.update(changed({ state: 'revoked', disableAt: kernel.outside.now() + 10 * DAY }), OPERATOR)
  await platform.labels.sweep()
  expect(await answers(kernel)).toBe(200)
  await expect(platform.labels.decide({ id: ID, version: '1.0.0' }, 'continue', 'Nous voulons le garder', OPERATOR)).rejects.toMatchObject({ code: 'LABEL_DECISION_INVALID' })
  kernel.outside.advance(11 * DAY)
  await platform.labels.sweep()
  expect(await answers(kernel)).toBe(503)
  const trail = (await platform.audit.list(platform.tenants.pool()?.id ?? '', { limit: 20 })).map(({ action }) => action)
  expect(trail).toEqual(expect.arrayContaining(['plugin.stopped', 'label.decided']))
  // Whoever starts it again has done so on record; it is not stopped a second time behind their back.
  await platform.health.halts.start(ID, '1.0.0', OPERATOR)
  await platform.labels.sweep()
  expect(await answers(kernel)).toBe(200)
  await expect(platform.releases.install(bundle, '/', OPERATOR)).rejects.toMatchObject({ code: 'LABEL_REVOKED' })
})

test('[K85] an older list, or one that takes back what was said, is refused and changes nothing', async () => {
  await using kernel = await startKernel({ plugins: [] })
  const { labels } = kernel.platform
  const { certifier: ours, issued, changed } = await scene(kernel)
  await expect(labels.update(issued.status, OPERATOR)).rejects.toMatchObject({ code: 'LABEL_ROOT_UNKNOWN' })
  await labels.trust(ours.root, undefined, OPERATOR)
  const revoked = changed({ state: 'revoked' })
  await labels.update(revoked, OPERATOR)
  const forged = signStatusList({ ...nextStatusList(readStatusList(issued.status, readTrustRoot(ours.root)), kernel.outside.now() + DAY), version: 9 }, ours.keys)
  for (const bytes of [issued.status, forged]) await expect(labels.update(bytes, OPERATOR)).rejects.toMatchObject({ code: 'LABEL_LIST_REFUSED' })
  expect((await labels.trusted()).lists.map(({ version, states }) => [version, states])).toEqual([[3, ['revoked']]])
})

test('[K86] labels, trust, policy and decisions are there after a restart, and the label goes with its release', async () => {
  await using kernel = await startKernel({ plugins: [] })
  const { bundle, certifier: ours, changed } = await scene(kernel)
  await kernel.platform.labels.trust(ours.root, undefined, OPERATOR)
  await kernel.platform.labels.setPolicy({ require: 'bronze', statusMaxAgeDays: 7, onStale: 'warn' }, OPERATOR)
  await kernel.platform.releases.install(bundle, '/', OPERATOR)
  await kernel.platform.labels.update(changed({ state: 'suspended' }), OPERATOR)
  await kernel.platform.labels.decide({ id: ID, version: '1.0.0' }, 'continue', 'Rien d’autre pour l’instant', OPERATOR)
  const before = [await kernel.platform.labels.standings(), await kernel.platform.labels.policy(), kernel.platform.labels.amiss]
  await kernel.restart()
  const { labels } = kernel.platform
  expect([await labels.standings(), await labels.policy(), labels.amiss]).toEqual(before)
  expect(before[0]).toMatchObject([{ state: 'suspended', decision: { decision: 'continue' } }])
  await kernel.platform.releases.remove(ID, undefined, OPERATOR)
  expect([await labels.standings(), labels.amiss]).toEqual([[], []])
})

test('[K88] what another node changes of labels, trust and decisions holds here as soon as it is heard', async () => {
  await using kernel = await startKernel({ plugins: [] })
  const { labels, releases, bulletin, storage: { platform: db } } = kernel.platform
  const { bundle, certifier: ours, changed } = await scene(kernel)
  await labels.trust(ours.root, undefined, OPERATOR)
  await releases.install(bundle, '/', OPERATOR)
  await labels.update(changed({ state: 'suspended' }), OPERATOR)
  const rows = await db.selectFrom('label_trust').selectAll().execute()
  await db.deleteFrom('label_trust').execute()
  await bulletin.reloadAll()
  expect([labels.amiss, (await labels.trusted()).roots]).toEqual([[], []])
  await db.insertInto('label_trust').values(rows).execute()
  await db.insertInto('label_decision').values({ id: ID, version: '1.0.0', change_at: changedAt(rows), decision: 'continue', reason: 'Décidé ailleurs', decided_at: 1, by_name: 'Autre nœud' }).execute()
  await bulletin.reloadAll()
  expect(labels.amiss).toMatchObject([{ id: ID, state: 'suspended', decision: { decision: 'continue', by: 'Autre nœud' } }])
})

/** When the one change in the list was made. */
function changedAt(rows: readonly { readonly kind: string; readonly envelope: string }[]): string {
  const { payload } = JSON.parse(rows.find(({ kind }) => kind === 'status')?.envelope ?? '{}') as { readonly payload: string }
  return (JSON.parse(Buffer.from(payload, 'base64').toString()) as { readonly history: readonly { readonly at: string }[] }).history[0]?.at ?? ''
}

test('[K85] only the certifier that gave a label says how it stands: a list of another one for the same address changes nothing, and no root takes another’s keys', async () => {
  await using kernel = await startKernel({ plugins: [] })
  const { labels, releases } = kernel.platform
  const { bundle, certifier: ours, issued } = await scene(kernel)
  const others = certifier(2, 'https://autre.invalid')
  await labels.trust(others.root, undefined, OPERATOR)
  await labels.trust(ours.root, undefined, OPERATOR)
  const { uri, labels: given } = readStatusList(issued.status, readTrustRoot(ours.root))
  const now = kernel.outside.now()
  const foreign = nextStatusList({ ...emptyStatusList(uri, now), version: 9, labels: given }, now, { changes: [{ idx: 0, state: 'revoked', reason: 'security', at: new Date(now).toISOString(), appeal: 'https://autre.invalid/appeal' }] })
  await labels.update(signStatusList(foreign, others.keys), OPERATOR)
  await releases.install(bundle, '/', OPERATOR)
  expect(await labels.standings()).toMatchObject([{ state: 'valid', warnings: [] }])
  expect((await labels.trusted()).lists.map(({ rootId, version }) => `${rootId} ${version}`).sort()).toEqual(['https://autre.invalid 10', 'https://gie.invalid 2'])
  const [officer] = Object.entries(readTrustRoot(ours.root).keys)
  if (officer === undefined) throw new Error('no officer')
  const mixed = readTrustRoot(certifier(2, 'https://tiers.invalid').root)
  expect(() => { requireOwnKeys([readTrustRoot(ours.root)], { ...mixed, keys: { ...mixed.keys, [officer[0]]: officer[1] } }) }).toThrow('names a key of https://gie.invalid')
})

test('[C355] [K81] a label that is revoked is refused also where none is required and it has ended, is for another kernel, or is signed by officers who have left', async () => {
  await using kernel = await startKernel({ plugins: [] })
  const { labels, releases } = kernel.platform
  const { bundle, archive, issued, certifier: ours, changed } = await scene(kernel)
  await labels.trust(ours.root, undefined, OPERATOR)
  await labels.update(changed({ state: 'revoked' }), OPERATOR)
  kernel.outside.advance(800 * DAY)
  await expect(releases.install(bundle, '/', OPERATOR)).rejects.toMatchObject({ code: 'LABEL_REVOKED' })
  await labels.trust(rotated(ours).root, undefined, OPERATOR)
  const path = join(folder, 'left.tgz')
  await writeFile(path, archive)
  await writeFile(join(folder, 'left.label.json'), issued.label)
  await expect(releases.install(path, '/', OPERATOR)).rejects.toMatchObject({ code: 'LABEL_REVOKED' })
})

test('[C356] the list that is known stays when its keys are withdrawn: what was revoked stays revoked, and an older list by the new keys is refused', async () => {
  await using kernel = await startKernel({ plugins: [] })
  const { labels } = kernel.platform
  const { certifier: ours, issued, changed } = await scene(kernel)
  await labels.trust(ours.root, undefined, OPERATOR)
  const revoked = changed({ state: 'revoked' })
  await labels.update(revoked, OPERATOR)
  const next = rotated(ours)
  await labels.trust(next.root, undefined, OPERATOR)
  expect((await labels.trusted()).lists).toMatchObject([{ version: 3, states: ['revoked'], isWithdrawn: true }])
  const old = readTrustRoot(ours.root)
  const resigned = (bytes: Buffer): Buffer => { const { envelope: _envelope, states: _states, rootId: _rootId, isWithdrawn: _isWithdrawn, ...document } = readStatusList(bytes, old); return signStatusList(document, next.keys) }
  await expect(labels.update(resigned(issued.status), OPERATOR)).rejects.toMatchObject({ code: 'LABEL_LIST_REFUSED' })
  await expect(labels.update(signStatusList({ ...nextStatusList(readStatusList(issued.status, old), kernel.outside.now() + DAY), version: 9 }, next.keys), OPERATOR)).rejects.toMatchObject({ code: 'LABEL_LIST_REFUSED' })
  const fresh = signStatusList(nextStatusList(readStatusList(revoked, old), kernel.outside.now() + DAY), next.keys)
  await labels.update(fresh, OPERATOR)
  expect((await labels.trusted()).lists).toMatchObject([{ version: 4, states: ['revoked'], isWithdrawn: false }])
})

test('[C356] a list by withdrawn keys tells of no label any more that it is good', async () => {
  await using kernel = await startKernel({ plugins: [] })
  const { labels } = kernel.platform
  const ours = certifier()
  const next = rotated(ours)
  const archive = await greeterArchive('1.0.0')
  const issued = labelledGreeter(ours, archive, '1.0.0', kernel.outside.now())
  // The label itself was renewed by the new officers.
  const bundle = join(folder, 'rotated.labelbundle')
  await writeFile(bundle, writeBundle({ 'package.tgz': archive, 'label.json': labelledGreeter({ ...ours, keys: next.keys }, archive, '1.0.0', kernel.outside.now()).label, 'root.json': next.root }))
  await labels.trust(ours.root, undefined, OPERATOR)
  await labels.update(issued.status, OPERATOR)
  await labels.trust(next.root, undefined, OPERATOR)
  await labels.setPolicy({ require: 'bronze', statusMaxAgeDays: 30, onStale: 'block' }, OPERATOR)
  await expect(kernel.platform.releases.install(bundle, '/', OPERATOR)).rejects.toMatchObject({ code: 'LABEL_STATUS_STALE', message: expect.stringContaining('withdrawn since') })
})

test('[K81] a label that does not hold never takes the place of one that does', async () => {
  await using kernel = await startKernel({ plugins: [] })
  const { labels, releases } = kernel.platform
  const { bundle, archive, certifier: ours, issued } = await scene(kernel)
  await labels.trust(ours.root, undefined, OPERATOR)
  await releases.install(bundle, '/', OPERATOR)
  const path = join(folder, 'foreign.tgz')
  await writeFile(path, archive)
  await writeFile(join(folder, 'foreign.label.json'), labelledGreeter(certifier(2, 'https://autre.invalid'), archive, '1.0.0', kernel.outside.now()).label)
  expect((await releases.install(path, '/', OPERATOR)).label.problem).toMatchObject({ code: 'LABEL_ROOT_UNKNOWN' })
  const row = await kernel.platform.storage.platform.selectFrom('release_label').select('label').executeTakeFirstOrThrow()
  expect(row.label).toBe(issued.label.toString())
})

test('[K82] nobody goes back to a release whose label is suspended', async () => {
  await using kernel = await startKernel({ plugins: [] })
  const { platform } = kernel
  const { bundle, certifier: ours, issued, changed } = await scene(kernel)
  await platform.labels.trust(ours.root, undefined, OPERATOR)
  await platform.releases.install(bundle, '/', OPERATOR)
  await platform.installations.enable(kernel.tenantId(), ID, '*', OPERATOR)
  const newer = await greeterArchive('1.1.0')
  const second = labelledGreeter({ ...ours, status: issued.status }, newer, '1.1.0', kernel.outside.now())
  const path = join(folder, 'newer.labelbundle')
  await writeFile(path, writeBundle({ 'package.tgz': newer, 'label.json': second.label, 'root.json': ours.root, 'status.json': second.status }))
  await platform.releases.install(path, '/', OPERATOR)
  await platform.installations.upgrade(kernel.tenantId(), ID, { range: '1.1.0', by: OPERATOR })
  await platform.labels.update(changed({ state: 'suspended' }, second.status), OPERATOR)
  await expect(platform.installations.rollback(kernel.tenantId(), ID, { by: OPERATOR })).rejects.toMatchObject({ code: 'LABEL_SUSPENDED' })
  expect(await platform.installations.list(kernel.tenantId())).toMatchObject([{ version: '1.1.0', state: 'active' }])
})
