import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readTrustRoot, writeEnvelope } from '@liberacces/core'
import { runCertify } from '../../src/cli/run-certify.ts'
import { ask } from '../../src/deployment/ask.ts'
import { DOSSIER_TYPE, type Company, type Dossier } from '../../src/deployment/dossier.ts'
import { readOfficerKey } from '../../src/label/officer-key.ts'
import { signDocument } from '../../src/label/sign-envelope.ts'
import { dossierPage, RULES_IN_FRENCH } from '../../src/deployment/dossier-page.ts'
import { judgeDossier, RULES } from '../../src/deployment/rules.ts'
import { isSiren } from '../../src/deployment/siren.ts'
import { OPERATOR, startKernel } from '../kernel/kernel-kit.ts'
import { certifier } from './label-kit.ts'

let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'deployment-')) })
afterAll(async () => { await rm(folder, { recursive: true, force: true }) })

const NOW = Date.parse('2026-12-01T10:00:00Z')
const company: Company = {
  name: 'Intégrateur SARL', siren: '732829320', people: [{ name: 'Anne A', passedOn: '2026-10-01' }, { name: 'Bruno B', passedOn: '2026-10-01' }],
  reference: { collectivite: 'CA d’essai', checkedBy: 'Mme C, DSI', checkedOn: '2026-11-01' }, support: { contact: 'support@example.fr', hours: '8 h – 18 h', answerWithinHours: 4 },
  security: { contact: 'security@example.fr', noticeWithinHours: 48 }, reversibility: { plan: 'Plan v2', rehearsedOn: '2026-09-01' },
  restoreDrill: { on: '2026-08-01', minutes: 40, report: 'PV n° 4' }, accessibilityAudit: { on: '2026-07-01', by: 'Cabinet D', ratePercent: 78 }, sso: 'ProConnect devant le proxy', monitoring: 'Prometheus et astreinte',
}
const gie = certifier()
const { id, fingerprint } = readTrustRoot(gie.root)
const good: Dossier = {
  format: 'liberacces-dossier/1', url: 'https://pool.example.fr', at: '2026-12-01T09:00:00.000Z', company,
  observations: [{ id: 'tls', ok: true, what: 'TLSv1.3' }, { id: 'accessibility-statement', ok: true, what: 'partiellement conforme' }],
  evidence: {
    format: 'liberacces-evidence/1', at: '2026-12-01T09:00:00.000Z', platform: { version: '0.1.0' },
    plugins: [{ id: 'agenda', version: '1.2.0', tenants: 4, shipped: false, label: { grade: 'silver', state: 'valid', notAfter: '2027-11-26T00:00:00Z', root: { id, fingerprint } } }, { id: 'news', version: '0.1.0', tenants: 4, shipped: true }],
    register: { plugins: 2, stores: 9, incomplete: [] }, backup: { at: '2026-12-01T02:00:00.000Z' }, rehearsal: { at: '2026-11-20T02:00:00.000Z', plugin: 'agenda', to: '1.2.0', done: 4, failed: 0 },
    accessibility: { tenants: 4, withContact: 4 }, sso: { configured: false }, monitoring: { tracing: true, mail: true },
  },
}
const statuses = (dossier: Dossier, roots = [{ id, fingerprint }]): Readonly<Record<string, string>> => Object.fromEntries(judgeDossier({ dossier, signers: ['0'.repeat(64)], roots, now: NOW }).map(({ id, status }) => [id, status]))
const failing = (dossier: Dossier): readonly string[] => Object.entries(statuses(dossier)).filter(([, status]) => status === 'fail').map(([id]) => id)
const evidence = (more: Partial<NonNullable<Dossier['evidence']>>): Dossier => (good.evidence === undefined ? good : { ...good, evidence: { ...good.evidence, ...more } })
const without = (...keys: readonly (keyof Company)[]): Dossier => ({ ...good, company: Object.fromEntries(Object.entries(company).filter(([key]) => !keys.includes(key as keyof Company))) as Company })

test('[C373] each rule fails for what it asks alone, and leaves to a person what only a person can see', () => {
  expect(statuses(good)).toEqual({
    'INT-01': 'review', 'INT-02': 'pass', 'INT-03': 'review', 'INT-04': 'review', 'INT-05': 'pass', 'INT-06': 'pass', 'INT-07': 'review', 'INT-08': 'pass',
    'DEP-01': 'pass', 'DEP-02': 'pass', 'DEP-03': 'pass', 'DEP-04': 'review', 'DEP-05': 'pass', 'DEP-06': 'review', 'DEP-07': 'pass', 'DEP-08': 'review', 'DEP-09': 'review',
  })
  const [agenda, news] = good.evidence?.plugins ?? []
  if (agenda === undefined || news === undefined) throw new Error('no plugins')
  const failures: Readonly<Record<string, Dossier>> = {
    'INT-01': { ...good, company: { ...company, siren: '732829321' } },
    'INT-02': evidence({ plugins: [news] }),
    'INT-03': { ...good, company: { ...company, people: company.people.slice(0, 1) } },
    'INT-04': without('reference'), 'INT-05': without('support'), 'INT-06': { ...good, company: { ...company, security: { contact: 'x', noticeWithinHours: 96 } } }, 'INT-07': without('reversibility'),
    'INT-08': evidence({ plugins: [agenda, { ...news, label: { grade: 'bronze', state: 'suspended', notAfter: '2027-01-01T00:00:00Z', change: { at: '2026-10-01T00:00:00Z', reason: 'security' } } }] }),
    'DEP-01': { ...good, observations: [...good.observations, { id: 'csp', ok: false, what: 'No content-security-policy is sent.' }] },
    'DEP-02': evidence({ plugins: [agenda, { ...agenda, id: 'wild', label: undefined as never }].map(({ label, ...plugin }) => (label === undefined ? plugin : { ...plugin, label })) }),
    'DEP-03': evidence({ backup: { at: '2026-11-20T00:00:00Z' } }), 'DEP-04': without('restoreDrill'),
    'DEP-05': evidence({ rehearsal: { at: '2026-11-20T02:00:00.000Z', plugin: 'agenda', to: '1.3.0', done: 3, failed: 1 } }),
    'DEP-06': { ...good, observations: good.observations.slice(0, 1) }, 'DEP-07': evidence({ register: { plugins: 2, stores: 9, incomplete: ['agenda: entry'] } }), 'DEP-09': evidence({ monitoring: { tracing: true, mail: false } }),
  }
  for (const [id, dossier] of Object.entries(failures)) expect([id, failing(dossier)]).toEqual([id, [id]])
  // Labels count by the root that is given, whomever the platform trusts; without one a person compares.
  expect([statuses(good, [])['DEP-02'], statuses(good, [{ id, fingerprint: '0'.repeat(64) }])['DEP-02']]).toEqual(['review', 'fail'])
  expect(RULES.map(({ id }) => id).filter((id) => failures[id] === undefined)).toEqual(['DEP-08'])
  expect(['732829320', '732829321', '000000000', '12345678'].map(isSiren)).toEqual([true, false, false, false])
})

test('[C545] the page of a dossier says in French what each rule asks and what came of it, and takes nothing of the dossier for HTML', () => {
  expect(Object.keys(RULES_IN_FRENCH)).toEqual(RULES.map(({ id }) => id))
  const named: Dossier = { ...good, company: { ...company, name: 'Intégrateur <b>& fils</b>', people: [] } }
  const html = dossierPage(named, judgeDossier({ dossier: named, signers: ['0'.repeat(64)], roots: [{ id, fingerprint }], now: NOW }))
  expect(html).toContain('<h1>Intégrateur &lt;b&gt;&amp; fils&lt;/b&gt; <span>SIREN 732829320</span></h1>')
  expect(html).toContain('<strong>Une règle au moins n’est pas tenue.</strong>')
  expect(html).toContain('Règles\u00a0: 17\u00a0; tenues\u00a0: 9\u00a0; non tenues\u00a0: 1\u00a0; à examiner\u00a0: 7.')
  expect(html).toMatch(/INT-03\u00a0: Deux personnes nommées[^<]*<\/h3>\n<p class="rule fail"><strong>Non tenu/)
  expect(html.match(/<article>/g)).toHaveLength(RULES.length)
  expect(html).not.toMatch(/<script|src=|href="http/)
})

async function certify(...argv: readonly string[]): Promise<{ readonly exit: number; readonly out: string; readonly err: string }> {
  let out = ''
  let err = ''
  const exit = await runCertify(['deployment', ...argv], folder, { out: (text) => { out += text }, err: (text) => { err += text } })
  return { exit, out, err }
}

test('[C374] [K87] a dossier is gathered from a running platform with a token that opens nothing else, signed, and judged again from the file alone; changed by a byte it is nothing', async () => {
  await using kernel = await startKernel({ plugins: [] })
  const { platform } = kernel
  const pool = platform.tenants.pool()?.id ?? ''
  await platform.roles.create(pool, { id: 'evidence', title: 'Preuves' }, OPERATOR)
  await platform.roles.decide(pool, [{ role: 'evidence', permission: 'fr.liberacces.kernel/evidence.read', granted: true }], OPERATOR)
  const account = await platform.accounts.create(pool, { login: 'preuves', name: 'Preuves', password: 'a-long-enough-test-password', roles: ['evidence'] }, OPERATOR)
  const { token } = await platform.apiTokens.create(pool, account.id, { label: 'evidence' }, OPERATOR)
  const url = `http://pool.localhost:${kernel.port}`
  await writeFile(join(folder, 'token'), `${token}\n`)
  await writeFile(join(folder, 'company.json'), JSON.stringify(company))
  await runCertify(['label', 'keys', '--out', 'keys', '--name', 'societe'], folder, { out: () => undefined, err: () => undefined })
  const collected = await certify(url, '--company', 'company.json', '--key', 'keys/societe.pem', '--token-file', 'token', '--out', 'dossier.json')
  // No TLS here, and nothing labelled: it fails, and says at what.
  expect(collected).toMatchObject({ exit: 1, err: '' })
  expect(collected.out).toContain('fail   DEP-01')
  expect(collected.out).toContain('served without TLS')
  expect(collected.out).toContain('pass   DEP-07')
  const verify = ['verify', 'dossier.json', '--key', 'keys/societe.pub.pem']
  expect((await certify(...verify, '--html', 'dossier.html')).exit).toBe(1)
  expect(await readFile(join(folder, 'dossier.html'), 'utf8')).toContain('<h1>Intégrateur SARL <span>SIREN 732829320</span></h1>')
  expect((await certify(...verify)).exit).toBe(1)
  const dossier = await readFile(join(folder, 'dossier.json'), 'utf8')
  expect(dossier).not.toContain(token)
  await writeFile(join(folder, 'dossier.json'), dossier.replace('"payload":"ey', '"payload":"eY'))
  expect(await certify(...verify)).toMatchObject({ exit: 1, err: expect.stringContaining('(LABEL_SIGNATURES)') })

  // The token reads evidence and nothing else; nobody else reads evidence.
  const status = async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<number> => (await ask(new URL(path, url), headers)).status
  const bearer = { authorization: `Bearer ${token}` }
  expect([await status('/evidence.json', bearer), await status('/metrics', { ...bearer, 'x-forwarded-for': '192.0.2.1' }), await status('/modules', bearer), await status('/labels', bearer), await status('/evidence.json')]).toEqual([200, 403, 403, 403, 401])
  expect((await kernel.visitor().get('/evidence.json')).status).toBe(404)
  expect((await (await kernel.as('pool-admin', 'pool')).get('/evidence.json')).status).toBe(403)
})

test('[C375] reviews that people made close what was left to them; wrong uses end with 2', async () => {
  expect((await certify()).exit).toBe(2)
  expect((await certify('http://127.0.0.1:1', '--company', 'company.json')).exit).toBe(2)
  expect((await certify('http://127.0.0.1:1', '--company', 'company.json', '--key', 'keys/societe.pem')).exit).toBe(2)
  expect((await certify('no address', '--company', 'company.json', '--key', 'keys/societe.pem')).exit).toBe(2)
  await writeFile(join(folder, 'token'), 'secret')
  expect(await certify('http://pool.invalid', '--company', 'company.json', '--key', 'keys/societe.pem', '--token-file', 'token')).toMatchObject({ exit: 2, err: expect.stringContaining('in the clear') })
  expect((await certify('verify', 'company.json', '--key', 'keys/societe.pub.pem')).exit).toBe(1)
  expect((await certify('verify', 'dossier.json')).exit).toBe(2)
  await writeFile(join(folder, 'company-bad.json'), JSON.stringify({ ...company, siren: 'abc' }))
  expect(await certify('http://127.0.0.1:1', '--company', 'company-bad.json', '--key', 'keys/societe.pem')).toMatchObject({ exit: 2, err: expect.stringContaining('/siren') })
  const key = readOfficerKey(await readFile(join(folder, 'keys/societe.pem'), 'utf8'), 'key')
  await writeFile(join(folder, 'good.json'), writeEnvelope(signDocument(DOSSIER_TYPE, good, [key])))
  await writeFile(join(folder, 'root.json'), gie.root)
  const verify = ['verify', 'good.json', '--key', 'keys/societe.pub.pem', '--root', 'root.json', '--at', '2026-12-01T10:00:00Z']
  expect((await certify(...verify)).exit).toBe(3)
  const open = Object.entries(statuses(good)).filter(([, status]) => status === 'review').map(([check]) => ({ check, finding: 'Vu et conforme', by: 'Officier 1' }))
  await writeFile(join(folder, 'reviews.json'), JSON.stringify({ reviews: open }))
  expect((await certify(...verify, '--decisions', 'reviews.json')).exit).toBe(0)
})
