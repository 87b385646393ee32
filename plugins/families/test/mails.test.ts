/** Every mail of this plugin: what it says in French, and to whom it goes. */
import { startTestPlatform, type TestClient, type TestPlatform } from '@liberacces/certification/testing'
import { expect, test } from 'vitest'
import plugin from '../src/plugin.tsx'
import { page, PDF, user } from './families-kit.ts'

const APP = '/apps/familles'

/** A mail's text; French puts spaces that do not break before some signs. */
const plain = (text: unknown): string => String(text).replaceAll(/[\u00A0\u202F]/g, ' ')

async function registered(platform: TestPlatform, citizen: TestClient, agent: TestClient, email: string | undefined): Promise<string> {
  const started = await citizen.submit(`${APP}/inscription/commencer`, {}, `${APP}/inscription`)
  const base = String(started.headers['location']).replace(/\/foyer$/, '')
  for (const [path, fields] of [
    ['/foyer', { address: '12 rue du Port', postcode: '17440', town: 'Aytré' }], ['/responsables/0', { firstName: 'Claire', lastName: 'Moreau', ...(email === undefined ? {} : { email }) }],
    ['/responsables/1', { firstName: 'Paul', lastName: 'Petit', email: 'paul@example.fr' }], ['/enfants/0', { firstName: 'Zoé', lastName: 'Moreau', birthDay: '2018-05-04', level: 'CE1' }],
    ['/enfants/0/sante', {}], ['/enfants/0/documents', { kind: 'school-insurance', file: new File([PDF], 'a.pdf', { type: 'application/pdf' }) }],
  ] as const) expect((await citizen.submit(base + path, fields)).status, path).toBe(303)
  expect((await citizen.submit(`${base}/envoyer`, {}, base)).status).toBe(303)
  await platform.settle()
  // Those that wait for a decision come first.
  return /gestion\/demandes\/([\w-]+)"/.exec((await page(agent, `${APP}/gestion/demandes`)).text)?.[1] ?? ''
}

test('who asked is told of the decision, accepted or refused with its reason; without an address nobody is', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const agent = await platform.as('agent.enfance')
  const decide = async (name: string, email: string | undefined, how: 'accepter' | 'refuser', fields: Readonly<Record<string, string>>) => {
    const before = platform.mails.length
    const id = await registered(platform, await platform.as('citizen', name), agent, email)
    expect((await agent.submit(`${APP}/gestion/demandes/${id}/${how}`, fields, how === 'accepter' ? `${APP}/gestion/demandes/${id}` : `${APP}/gestion/demandes/${id}/refuser`)).status).toBe(303)
    await platform.settle()
    return platform.mails.slice(before).map(({ to, subject, text }) => ({ to, subject, text: plain(text).replaceAll(/^http.*\/apps/gm, '/apps') }))
  }
  expect(await decide('Un', 'claire@example.fr', 'accepter', {})).toEqual([{
    to: ['claire@example.fr'], subject: 'Vos enfants sont inscrits', text: 'Bonjour,\n\nCommune 1 a accepté votre demande d’inscription. Votre page famille est ouverte :\n/apps/familles/\n',
  }])
  expect(await decide('Deux', 'claire@example.fr', 'refuser', { reason: 'Il manque un justificatif de domicile.' })).toEqual([{
    to: ['claire@example.fr'], subject: 'Votre demande d’inscription est refusée', text: 'Bonjour,\n\nCommune 1 a refusé votre demande d’inscription, pour ce motif :\nIl manque un justificatif de domicile.\n\n/apps/familles/',
  }])
  expect(await decide('Trois', undefined, 'accepter', {})).toEqual([])
})

test('on 5 January guardians of a quotient that ends and is not read by itself are asked for another one, once for each address', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const agent = await platform.as('agent.enfance')
  const household = async (firstName: string, email: string, fromDay: string | undefined): Promise<string> => {
    const made = await agent.submit(`${APP}/gestion/foyers/ajouter`, { firstName, lastName: firstName, email, address: '3 rue Pasteur', postcode: '17440', town: 'Aytré', resident: 'true' })
    const path = String(made.headers['location'])
    if (fromDay !== undefined && (await agent.submit(`${path}/quotient`, { value: '500', month: '2026-02', fromDay })).status !== 303) throw new Error('The quotient was not taken.')
    return path
  }
  const shared = await household('Ends', 'ends@example.fr', '2026-03-02')
  expect((await agent.submit(`${shared}/responsables/ajouter`, { firstName: 'Paul', lastName: 'Petit', email: 'paul@example.fr', mayBook: 'true' })).status).toBe(303)
  // The same address answers for two households: one mail.
  await household('Twice', 'ends@example.fr', '2026-03-03')
  // Known beyond January, and never known: nobody is written to.
  await household('Later', 'later@example.fr', '2027-01-02')
  await household('Unknown', 'unknown@example.fr', undefined)
  await platform.advance(Date.parse('2027-01-04T23:00:00Z') - platform.outside.now())
  await platform.settle()
  expect(platform.mails).toEqual([])
  await platform.advance(Date.parse('2027-01-05T12:00:00Z') - platform.outside.now())
  await platform.settle()
  expect(platform.mails.map(({ to, subject }) => [to, subject])).toEqual([[['ends@example.fr'], 'Votre quotient familial est à renouveler'], [['paul@example.fr'], 'Votre quotient familial est à renouveler']])
  const text = plain(platform.mails[0]?.text)
  expect(text).toContain('Le quotient familial que Commune 1 connaît pour votre foyer n’est plus valable après le 31 janvier. Autorisez sa lecture auprès de la CAF ou de la MSA, ou apportez une attestation ; sinon le tarif le plus élevé s’appliquera.')
  expect(text).toContain('/apps/familles/')
  expect(text).not.toMatch(/500|Ends|Petit/)
  await platform.advance(20 * 86_400_000)
  await platform.settle()
  expect(platform.mails).toHaveLength(2)
})

test('on the first of a month guardians are told of documents that end in it, once; of one that a newer one replaces nobody is', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const agent = await platform.as('agent.enfance')
  const family = async (name: string, validUntil: readonly string[]): Promise<void> => {
    const path = String((await agent.submit(`${APP}/gestion/foyers/ajouter`, { firstName: name, lastName: name, email: `${name.toLowerCase()}@example.fr`, address: '3 rue Pasteur', postcode: '17440', town: 'Aytré', resident: 'true' })).headers['location'])
    const child = String((await agent.submit(`${path}/enfants/ajouter`, { firstName: 'Tom', lastName: name, birthDay: '2018-02-28' })).headers['location'])
    for (const day of validUntil) expect((await agent.submit(`${child}/documents/ajouter`, { kind: 'school-insurance', validUntil: day, file: new File([PDF], 'a.pdf', { type: 'application/pdf' }) })).status).toBe(303)
  }
  await family('Ends', ['2026-04-30'])
  await family('Replaced', ['2026-04-15', '2027-04-15'])
  await family('Later', ['2026-05-01'])
  await platform.advance(Date.parse('2026-03-31T20:00:00Z') - platform.outside.now())
  expect(platform.mails).toEqual([])
  await platform.advance(24 * 3_600_000)
  await platform.settle()
  expect(platform.mails.map(({ to, subject, text }) => [to, subject, plain(text).replaceAll(/^http.*\/apps/gm, '/apps')])).toEqual([[
    ['ends@example.fr'], 'Un document de votre famille se termine', 'Bonjour,\n\nUn document que Commune 1 a reçu pour votre famille n’est plus valable après ce mois-ci. Ouvrez votre page famille pour voir lequel et en déposer un nouveau :\n/apps/familles/',
  ]])
  await platform.advance(20 * 86_400_000)
  expect(platform.mails).toHaveLength(1)
})
