import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from './cli-kit.ts'
import { said, saidJson } from './spoken.ts'

const PLUGINS = fileURLToPath(new URL('../fixtures/privacy-plugins', import.meta.url))

async function withVisits(): Promise<readonly string[]> {
  const data = temporaryFolder()
  const at = ['--plugins', PLUGINS, '--data', data]
  await saidJson(['tenant', 'create', 'CA de La Rochelle', '--siren', '241700434', ...at])
  await saidJson(['tenant', 'create', 'Aytré', '--insee', '17028', ...at])
  await saidJson(['enable', 'fr.example.visits', '--tenant', 'aytre', ...at])
  return ['--tenant', 'aytre', ...at]
}

test('[C16] the register, a person’s data and its erasure are asked for by command', async () => {
  const at = await withVisits()
  expect(await saidJson(['gdpr', 'register', ...at])).toMatchObject([{ pluginId: 'fr.example.visits', table: 'visit', basis: 'public-task', retentionDays: 30 }])
  const asked = ['--subject', 'anne@example.fr', ...at]
  expect(await saidJson(['gdpr', 'export', ...asked])).toEqual({
    tenant: 'aytre', subject: { id: 'anne@example.fr', email: 'anne@example.fr', name: 'anne@example.fr' }, plugins: { 'fr.example.visits': { data: { visits: [{ day: '2026-05-04' }] } } },
  })
  expect((await said(['gdpr', 'erase', ...asked])).exit).toBe(2)
  expect(await said(['gdpr', 'erase', ...asked, '--yes'])).toMatchObject({ exit: 0, out: expect.stringMatching(/fr\.example\.visits +1\n.*keeps the number of visits: it names nobody/) })
  expect(await saidJson(['gdpr', 'export', ...asked])).toMatchObject({ plugins: { 'fr.example.visits': { data: { visits: [] } } } })
  expect(await saidJson(['audit', 'list', '--action', 'privacy.erased', ...at])).toMatchObject([{ target: 'anne@example.fr' }])
})

test('[C16] an account is found by its login; somebody who is neither account nor address is nobody', async () => {
  const at = await withVisits()
  await saidJson(['account', 'create', 'anne', '--name', 'Anne Roy', '--role', 'agent', '--email', 'anne@example.fr', ...at])
  expect(await saidJson(['gdpr', 'export', '--subject', 'anne', ...at])).toMatchObject({ subject: { email: 'anne@example.fr', name: 'Anne Roy' }, plugins: { 'fr.example.visits': { data: { visits: [{}] } } } })
  expect(await said(['gdpr', 'export', '--subject', 'bob', ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('(ACCOUNT_UNKNOWN)') })
})

test('[C16] while a plugin with data is off nobody is told that there is nothing', async () => {
  const at = await withVisits()
  // What was never asked for anything has stored nothing.
  await saidJson(['gdpr', 'export', '--subject', 'anne@example.fr', ...at])
  await saidJson(['disable', 'fr.example.visits', ...at])
  expect(await said(['gdpr', 'export', '--subject', 'anne@example.fr', ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('(UNAVAILABLE)') })
})
