import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startTestPlatform } from '@liberacces/certification/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askQuotient, type QuotientAnswer, type QuotientSource } from '../src/quotient/api-particulier.ts'
import { civilStatusQuery, splitFirstNames, type CivilStatus } from '../src/quotient/civil-status.ts'
import type { HouseholdCard, Quotient } from '../src/contract.ts'
import plugin from '../src/plugin.tsx'
import { ask, page, user } from './families-kit.ts'

/** The payloads that API Particulier gives out for tests, where somebody has put them: named by the environment, else beside the repository. */
const SAMPLES = join('api-particulier', 'api_particulier_v3_cnav_quotient_familial_with_civility')
const FOLDER = [process.env['LIBERACCES_TEST_DATA'], ...['../../../..', '../../../../..'].map((up) => fileURLToPath(new URL(`${up}/shared/data`, import.meta.url)))]
  .flatMap((folder) => (folder === undefined ? [] : [join(folder, SAMPLES)])).find((folder) => existsSync(folder))
const APP = '/apps/familles'
const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const

interface Sample { readonly file: string; readonly query: string; readonly civil: CivilStatus; readonly status: number; readonly payload: string }

/** These files hold flat parameters, one list, a status and a block of JSON: no more of YAML is read than that. */
function readSample(folder: string, file: string): Sample {
  const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n')
  const value = (name: string): string | undefined => new RegExp(`^  ${name}: '?([^'\\n]*)'?$`, 'm').exec(text)?.[1]
  const number = (name: string): number | undefined => { const found = value(name); return found === undefined ? undefined : Number(found) }
  const names = [...(/^  prenoms:\n((?: +- .*\n)*)/m.exec(text)?.[1] ?? '').matchAll(/- '?([^'\n]*)'?/g)].map(([, name]) => name ?? '')
  const sex = value('sexeEtatCivil')
  const civil: CivilStatus = {
    birthName: value('nomNaissance') ?? '', usedName: value('nomUsage'), firstNames: names, sex: sex === 'F' || sex === 'M' ? sex : undefined, birthYear: number('anneeDateNaissance'), birthMonth: number('moisDateNaissance'),
    birthDayOfMonth: number('jourDateNaissance'), birthCountry: value('codeCogInseePaysNaissance') ?? '99100', birthCommune: value('codeCogInseeCommuneNaissance'),
  }
  return { file, civil, query: civilStatusQuery(civil).toString(), status: number('status') ?? Number(/^status: (\d+)/m.exec(text)?.[1]), payload: /^payload: \|-?\n([\s\S]*)$/m.exec(text)?.[1] ?? '' }
}

const samples = FOLDER === undefined ? [] : readdirSync(FOLDER).filter((name) => name.endsWith('.yaml')).map((name) => readSample(FOLDER, name)).filter(({ civil }) => civil.birthName !== '')
const TOKEN = 'un-jeton-de-test'
const RECIPIENT = '21170028700015'

let base = ''
const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const send = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): void => { response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body) }
  if (request.headers.authorization !== `Bearer ${TOKEN}`) return send(401, '{"errors":[{"code":"00101"}]}')
  if (url.pathname !== '/v3/dss/quotient_familial/identite' || url.searchParams.get('recipient') !== RECIPIENT) return send(422, '{"errors":[{"code":"00301"}]}')
  url.searchParams.delete('recipient')
  const name = url.searchParams.get('nomNaissance')
  if (name === 'PANNE') return send(502, '{"errors":[{"code":"37999"}]}')
  if (name === 'MANDATAIRE') return send(502, '<html>Bad Gateway</html>')
  if (name === 'ETRANGE') return send(200, '{"data":{"quotient_familial":{"fournisseur":"CNAF","valeur":"beaucoup","annee":2026,"mois":1}}}')
  const sample = samples.find(({ query }) => query === url.searchParams.toString())
  if (sample === undefined) return send(404, '{"errors":[{"code":"37003"}]}')
  send(sample.status, sample.payload, sample.status === 429 ? { 'retry-after': '120' } : {})
})
beforeAll(async () => {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** What a given case has to come out as. */
function meant({ status, payload }: Sample): QuotientAnswer {
  if (status === 404) return { kind: 'not-found' }
  if (status === 429) return { kind: 'busy', retryAfterMs: 120_000 }
  if (status !== 200) return { kind: 'unreachable', status }
  const { fournisseur, valeur, annee, mois } = (JSON.parse(payload) as { data: { quotient_familial: { valeur: number; annee: number; mois: number; fournisseur: 'CNAF' | 'MSA' } } }).data.quotient_familial
  return { kind: 'read', value: valeur, month: `${annee}-${String(mois).padStart(2, '0')}`, source: fournisseur }
}

const NOW = Date.UTC(2026, 0, 5)
const source = (over: Partial<QuotientSource> = {}): QuotientSource => ({
  fetch: (url, init) => fetch(url.replace('https://particulier.api.gouv.fr', base), init), host: 'particulier.api.gouv.fr', token: TOKEN, recipient: RECIPIENT, signal: new AbortController().signal, now: () => NOW, ...over,
})
const person = (birthName: string): CivilStatus => ({ birthName, firstNames: ['JEAN-PHILIPPE'], birthCountry: '99100' })

describe('against a server of API Particulier’s own answers', () => {
  test.skipIf(samples.length === 0)(`every given case is answered as it is meant${samples.length === 0 ? ' (skipped: its test data is not here, see LIBERACCES_TEST_DATA)' : ''}`, async () => {
    expect(samples.length).toBeGreaterThan(8)
    const answers = await Promise.all(samples.map(async ({ file, civil }) => [file, await askQuotient(source(), civil)]))
    expect(answers).toEqual(samples.map((sample) => [sample.file, meant(sample)]))
  })

  test('a provider that is down, a page of a proxy, a quotient that is no number and a wrong token are told apart, and none is believed', async () => {
    expect(await askQuotient(source(), person('PANNE'))).toEqual({ kind: 'unreachable', status: 502 })
    expect(await askQuotient(source(), person('MANDATAIRE'))).toEqual({ kind: 'unreachable', status: 502 })
    expect(await askQuotient(source(), person('ETRANGE'))).toEqual({ kind: 'unreachable', status: 200 })
    expect(await askQuotient(source({ token: 'autre' }), person('PANNE'))).toEqual({ kind: 'refused', status: 401 })
    expect(await askQuotient(source(), person('INCONNU'))).toEqual({ kind: 'not-found' })
    expect(await askQuotient(source({ fetch: () => Promise.reject(new TypeError('fetch failed')) }), person('PANNE'))).toEqual({ kind: 'unreachable', status: undefined })
  })
})

test('compound first names stay one, and what is not known of a birth is left out', () => {
  expect(splitFirstNames(' Alexis,  Gérôme Jean-Philippe ')).toEqual(['Alexis', 'Gérôme', 'Jean-Philippe'])
  expect(civilStatusQuery({ birthName: 'LEFEBVRE', firstNames: ['ALEXIS', 'JEAN-PHILIPPE'], sex: 'F', birthYear: 1982, birthCountry: '99100', birthCommune: '08480' }).toString())
    .toBe('nomNaissance=LEFEBVRE&prenoms%5B%5D=ALEXIS&prenoms%5B%5D=JEAN-PHILIPPE&sexeEtatCivil=F&anneeDateNaissance=1982&codeCogInseePaysNaissance=99100&codeCogInseeCommuneNaissance=08480')
  expect(civilStatusQuery({ birthName: 'NGUYEN', firstNames: ['LAN'], birthCountry: '99243', birthCommune: '08480' }).has('codeCogInseeCommuneNaissance')).toBe(false)
})

test('a family lets its quotient be read: at once, again in January after a service that was busy', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const tenant = platform.tenant()
  const [citizen, agent] = [await platform.as('citizen'), await platform.as('agent.enfance')]
  const { outside } = platform
  const made = await agent.submit(`${APP}/gestion/foyers/ajouter`, { firstName: 'Claire', lastName: 'Moreau', address: '3 rue Pasteur', postcode: '17440', town: 'Aytré', resident: 'true', email: 'claire@example.fr' })
  const path = made.headers['location']?.toString() ?? ''
  const guardian = /gestion\/responsables\/([\w-]+)\/code/.exec((await page(agent, path)).text)?.[1] ?? ''
  await agent.submit(`${APP}/gestion/responsables/${guardian}/code`, {}, path)
  const code = /Code[\s\u00a0]*: ([A-Z0-9-]{14})/.exec((await page(agent, path)).text)?.[1] ?? ''
  await citizen.submit(`${APP}/rattacher`, { code })
  const [household] = await ask<HouseholdCard[]>(citizen, 'ownHouseholds', {})
  const form = `${APP}/quotient/${household?.id}`
  const status = { birthName: 'MOREAU', firstNames: 'CLAIRE', sex: 'F', birthYear: '1988', birthCountry: '99100', birthCommune: '17300', agreed: 'true' }
  expect((await citizen.submit(form, { ...status, birthCommune: '' })).status).toBe(422)
  expect(outside.requests).toHaveLength(0)
  const quotient = async (on: string): Promise<Quotient | null> => ask(await platform.as('agent.enfance', 'Lecteur'), 'quotient', { householdId: household?.id, on })
  // Without a token nobody is asked; the consent is kept.
  expect((await citizen.submit(form, status)).status).toBe(303)
  expect([outside.requests.length, await quotient('2026-03-02')]).toEqual([0, null])

  await platform.platform.settings.set(tenant.id, plugin.id, { apiEnvironment: 'production', apiToken: TOKEN, siret: RECIPIENT }, OPERATOR)
  const read = (value: number, year: number, month: number) => Response.json({ data: { quotient_familial: { fournisseur: 'CNAF', valeur: value, annee: year, mois: month } } })
  outside.answer(() => read(0, 2026, 2))
  expect((await citizen.submit(form, status)).status).toBe(303)
  expect(await quotient('2026-03-02')).toEqual({ value: 0, month: '2026-02', source: 'CNAF' })
  expect(outside.requests[0]).toMatchObject({ method: 'GET', url: expect.stringMatching(/^https:\/\/particulier\.api\.gouv\.fr\/v3\/dss\/quotient_familial\/identite\?nomNaissance=MOREAU&prenoms%5B%5D=CLAIRE&.*recipient=21170028700015$/) })
  expect(outside.requests[0]?.headers.get('authorization')).toBe(`Bearer ${TOKEN}`)

  // January: the service is busy, is left alone for as long as it says, and answers then. The old quotient counts until it does.
  outside.answer(() => new Response('{}', { status: 429, headers: { 'retry-after': '3600' } }))
  await platform.advance(Date.UTC(2027, 0, 4, 1, 5) - outside.now())
  const asked = outside.requests.length
  expect([asked, (await quotient('2027-01-04'))?.value]).toEqual([2, 0])
  outside.answer(() => read(815, 2027, 1))
  await platform.advance(30 * 60_000)
  expect(outside.requests.length).toBe(asked)
  await platform.advance(60 * 60_000)
  expect([outside.requests.length, await quotient('2027-01-04')]).toEqual([asked + 1, { value: 815, month: '2027-01', source: 'CNAF' }])
  await platform.advance(60 * 60_000)
  expect(outside.requests.length).toBe(asked + 1)
})
