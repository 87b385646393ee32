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
