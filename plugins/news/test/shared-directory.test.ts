import { startTestPlatform, TestClient } from '@liberacces/certification/testing'
import directory from '@liberacces/plugin-directory'
import { expect, test } from 'vitest'
import news from '../src/plugin.tsx'
import { page, press, write } from './newsroom.ts'

const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const
const CONTRACT = 'fr.liberacces.directory/v1'

test('a satellite runs the news on its commune’s directory and accounts: the author’s card is the commune’s, and leads to its site', async () => {
  await using kit = await startTestPlatform({ plugins: [news, directory] })
  const { platform, port } = kit
  const commune = kit.tenant()
  const ccas = await platform.tenants.create({ kind: 'satellite', name: 'CCAS', slug: 'ccas', parent: commune.info.slug }, OPERATOR)
  await expect(platform.installations.enable(ccas.id, 'fr.liberacces.news', '*', OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_NEED_MISSING' })
  for (const what of [CONTRACT, 'accounts']) {
    await platform.shares.offer(commune.id, ccas.id, { what }, OPERATOR)
    await platform.shares.accept(ccas.id, what, OPERATOR)
  }
  await platform.installations.enable(ccas.id, 'fr.liberacces.news', '*', OPERATOR)
  expect(platform.installations.modules(ccas.id).releases.map(({ manifest }) => manifest.id)).toEqual(['fr.liberacces.news'])

  const agnes = await platform.accounts.create(commune.id, { login: 'agnes', name: 'Compte d’Agnès', password: 'a-long-enough-test-password', roles: [] }, OPERATOR)
  const editor = await kit.as(['agent.directory', 'tenant-admin'])
  const made = await editor.post('/apps/annuaire/api/persons', { kind: 'agent', firstName: 'Agnès', lastName: 'Morin', accountId: agnes.id })
  expect(made.status, made.text).toBe(201)
  await platform.guests.setRoles(ccas.id, 'agnes', ['tenant-admin'], OPERATOR)
  const writer = new TestClient(port, 'ccas.localhost')
  expect((await writer.post('/auth/login', { login: 'agnes', password: 'a-long-enough-test-password' })).status).toBe(200)
  const id = await write(writer)
  await press(writer, id, 'publier')
  const read = await page(new TestClient(port, 'ccas.localhost'), '/articles/le-marche-s-agrandit')
  expect([read.status, /<a[^>]+href="([^"]+)"[^>]*>Agnès Morin/.exec(read.text)?.[1]]).toEqual([200, expect.stringContaining(`http://${commune.host}:${port}/apps/annuaire/personnes/`)])
  await expect(platform.installations.disable(commune.id, 'fr.liberacces.directory', OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_NEEDED' })
})
