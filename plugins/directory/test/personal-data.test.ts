import { startTestPlatform } from '@liberacces/certification/testing'
import { expect, test } from 'vitest'
import directory from '../src/plugin.tsx'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const

test('a person in the directory finds their entry in the export, and none after erasure', async () => {
  await using platform = await startTestPlatform({ plugins: [directory] })
  const tenant = platform.tenant()
  const admin = await tenant.as('tenant-admin')
  const created = await admin.post('/apps/annuaire/api/persons', { kind: 'agent', firstName: 'Solange', lastName: 'Untel', email: 'solange.untel@example.fr' })
  expect(created.status, created.text).toBe(201)
  const subject = { id: 'nobody', email: 'solange.untel@example.fr', name: 'Solange Untel' }
  const held = async () => JSON.stringify(await platform.platform.privacy.export(tenant.id, subject, BY))

  expect(await held()).toContain('solange.untel@example.fr')
  expect(await platform.platform.privacy.erase(tenant.id, subject, BY)).toEqual({ 'fr.liberacces.directory': { erased: 1 } })
  expect(await held()).not.toContain('Untel')
  expect((await tenant.visitor.get('/apps/annuaire/api/entries?q=untel')).text).not.toContain('Solange')
})

test('whoever left long enough ago is let go of, in the night, by the numbers in the audit trail; who is listed stays', async () => {
  await using platform = await startTestPlatform({ plugins: [directory] })
  const tenant = platform.tenant()
  const admin = await tenant.as('tenant-admin')
  const make = async (person: object): Promise<void> => { expect((await admin.post('/apps/annuaire/api/persons', { kind: 'agent', firstName: 'Solange', ...person })).status).toBe(201) }
  await make({ lastName: 'Partie', email: 'partie@example.fr', listed: false })
  await make({ lastName: 'Restée', email: 'restee@example.fr' })
  const held = async (email: string) => JSON.stringify(await platform.platform.privacy.export(tenant.id, { id: 'nobody', email, name: '' }, BY)).includes(email)
  const day = 24 * 60 * 60 * 1_000
  await platform.advance(2_189 * day)
  expect([await held('partie@example.fr'), await held('restee@example.fr')]).toEqual([true, true])
  await platform.advance(3 * day)
  expect([await held('partie@example.fr'), await held('restee@example.fr')]).toEqual([false, true])
  expect(await platform.platform.audit.list(tenant.id, { limit: 5, action: 'privacy.expired' })).toMatchObject([{ target: 'fr.liberacces.directory', detail: { table: 'person', count: 1, days: 2_190 } }])
})
