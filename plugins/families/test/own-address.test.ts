import { startTestPlatform, type TestClient } from '@liberacces/certification/testing'
import { expect, test } from 'vitest'
import type { HouseholdCard } from '../src/contract.ts'
import plugin from '../src/plugin.tsx'
import { ask, page, user } from './families-kit.ts'

const APP = '/apps/familles'
const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const

/** Links an account to the guardian of that name. */
async function link(agent: TestClient, citizen: TestClient, path: string, guardian: string): Promise<void> {
  await agent.submit(`${APP}/gestion/responsables/${guardian}/code`, {}, path)
  const codes = [...(await page(agent, path)).text.matchAll(/Code[\s\u00a0]*: ([A-Z0-9-]{14})/g)]
  expect((await citizen.submit(`${APP}/rattacher`, { code: codes.at(-1)?.[1] ?? '' })).status).toBe(303)
}

test('two payers live apart: each has an address of its own, that the other does not see; it is exported and forgotten', async () => {
  await using platform = await startTestPlatform({ plugins: [plugin, user] })
  const [agent, mother, father] = [await platform.as('agent.enfance'), await platform.as('citizen', 'Claire'), await platform.as('citizen', 'Paul')]
  const made = await agent.submit(`${APP}/gestion/foyers/ajouter`, { firstName: 'Claire', lastName: 'Moreau', address: '3 rue Pasteur', postcode: '17440', town: 'Aytré', resident: 'true' })
  const path = String(made.headers['location'])
  const add = (fields: Readonly<Record<string, string>>) => agent.submit(`${path}/responsables/ajouter`, { firstName: 'Paul', lastName: 'Petit', mayBook: 'true', ...fields })
  const half = await add({ ownAddress: '2 quai Valin', ownTown: 'La Rochelle' })
  expect([half.status, half.text.includes('Une adresse a trois parties')]).toEqual([422, true])
  expect((await add({ ownAddress: '2 quai Valin', ownPostcode: '17000', ownTown: 'La Rochelle' })).status).toBe(303)
  const cards = () => ask<HouseholdCard[]>(agent, 'households', {})
  expect((await cards())[0]?.guardians.map(({ firstName, address, town }) => [firstName, address, town])).toEqual([['Claire', '3 rue Pasteur', 'Aytré'], ['Paul', '2 quai Valin', 'La Rochelle']])
  expect((await page(agent, path)).text).toContain('2 quai Valin, 17000 La Rochelle')

  const [first, second] = (await cards())[0]?.guardians ?? []
  await link(agent, mother, path, first?.id ?? '')
  await link(agent, father, path, second?.id ?? '')
  const household = path.split('/').at(-1) ?? ''
  const addressesFor = async (citizen: TestClient) => [
    (await ask<HouseholdCard[]>(citizen, 'ownHouseholds', {}))[0]?.guardians.map(({ address }) => address),
    (await ask<HouseholdCard>(citizen, 'household', { id: household })).guardians.map(({ address }) => address),
  ]
  expect(await addressesFor(mother)).toEqual([['3 rue Pasteur', undefined], ['3 rue Pasteur', undefined]])
  expect(await addressesFor(father)).toEqual([['3 rue Pasteur', '2 quai Valin'], ['3 rue Pasteur', '2 quai Valin']])
  expect([(await page(mother, `${APP}/`)).text.includes('quai Valin'), (await page(father, `${APP}/`)).text.includes('quai Valin')]).toEqual([false, true])

  // The father moves, and says so himself; he says nothing for anybody else.
  const contact = `${APP}/coordonnees/${household}`
  expect((await page(father, contact)).text).toContain('2 quai Valin')
  expect((await page(mother, contact)).text).not.toContain('2 quai Valin')
  expect((await father.submit(contact, { email: 'Paul@Example.fr', ownAddress: '8 rue du Palais', ownPostcode: '17000' })).text).toContain('Une adresse a trois parties')
  expect((await father.submit(contact, { email: 'Paul@Example.fr', ownAddress: '8 rue du Palais', ownPostcode: '17000', ownTown: 'La Rochelle' })).status).toBe(303)
  expect((await (await platform.as('citizen', 'Autre')).get(contact, { headers: { accept: 'text/html' } })).status).toBe(404)
  expect((await cards())[0]?.guardians[1]).toMatchObject({ firstName: 'Paul', email: 'paul@example.fr', address: '8 rue du Palais' })
  expect((await agent.get(`${APP}/gestion/export/foyers.csv`)).text).toContain('Paul Petit : 8 rue du Palais, 17000 La Rochelle')
  const trail = (await platform.platform.audit.list(platform.tenant().id, { limit: 100 })).map(({ action }) => action)
  expect(trail).toContain('guardian.contact-changed')

  const tenant = platform.tenant()
  const subject = { id: tenant.accountOf(father), email: undefined, name: 'Paul' }
  expect(JSON.stringify((await platform.platform.privacy.export(tenant.id, subject, OPERATOR))[plugin.id])).toContain('8 rue du Palais')
  const ofMother = JSON.stringify((await platform.platform.privacy.export(tenant.id, { id: tenant.accountOf(mother), email: undefined, name: 'Claire' }, OPERATOR))[plugin.id])
  expect([ofMother.includes('3 rue Pasteur'), ofMother.includes('rue du Palais')]).toEqual([true, false])
  await platform.platform.privacy.erase(tenant.id, subject, OPERATOR)
  expect((await cards())[0]?.guardians[1]).toEqual({ id: second?.id, firstName: 'Paul', lastName: 'Petit', address: '3 rue Pasteur', postcode: '17440', town: 'Aytré' })
})
