import { startTestPlatform } from '@liberacces/certification/testing'
import directory from '@liberacces/plugin-directory'
import { expect, test } from 'vitest'
import news from '../src/plugin.tsx'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const

test('an author finds their articles in the export, and after erasure the articles stay without a trace of the author', async () => {
  await using platform = await startTestPlatform({ plugins: [news, directory] })
  const tenant = platform.tenant()
  const agent = await tenant.as('agent', 'Solange Untel')
  const subject = { id: tenant.accountOf(agent), email: undefined, name: 'Solange Untel' }
  const article = { title: 'Un titre à retrouver', summary: 'Un résumé.', body: 'Un texte.', category: 'vie-municipale' }
  const written = await agent.post('/apps/actualites/api/articles', article)
  expect(written.status, written.text).toBe(201)

  const { privacy } = platform.platform
  expect(privacy.register(tenant.id).map(({ pluginId, table, basis }) => [pluginId, table, basis])).toContainEqual(['fr.liberacces.news', 'article', 'public-task'])
  expect(JSON.stringify((await privacy.export(tenant.id, subject, BY))['fr.liberacces.news']?.data)).toContain('Un titre à retrouver')
  expect((await privacy.erase(tenant.id, subject, BY))['fr.liberacces.news']).toMatchObject({ erased: 1, kept: [{}] })
  expect(JSON.stringify((await privacy.export(tenant.id, subject, BY))['fr.liberacces.news']?.data)).not.toContain('Un titre')
  expect((await agent.get('/apps/actualites/gestion', { headers: { accept: 'text/html' } })).text).toContain('Un titre à retrouver')
})

test('while a plugin that holds data is switched off, nothing is exported or erased as if it were all', async () => {
  await using platform = await startTestPlatform({ plugins: [news, directory] })
  const tenant = platform.tenant()
  // Before it stores anything it holds nothing.
  await (await tenant.as('agent')).get('/apps/actualites/api/articles')
  await platform.platform.installations.disable(tenant.id, 'fr.liberacces.news', BY)
  const subject = { id: 'someone', email: undefined, name: 'Solange Untel' }
  const refusal = expect.objectContaining({ code: 'UNAVAILABLE', message: expect.stringContaining('"fr.liberacces.news"') })
  await expect(platform.platform.privacy.export(tenant.id, subject, BY)).rejects.toThrowError(refusal)
  await expect(platform.platform.privacy.erase(tenant.id, subject, BY)).rejects.toThrowError(refusal)
})
