import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packPlugin } from '@liberacces/certification/pack'
import { startTestPlatform, type TestPlatform } from '@liberacces/certification/testing'
import directory from '@liberacces/plugin-directory'
import type { Migrations } from '@liberacces/sdk'
import { expect, onTestFinished, test } from 'vitest'
import { migrations } from '../src/migrations/migrations.ts'
import news from '../src/plugin.tsx'
import { NEWS, page } from './newsroom.ts'

const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const
const FIRST = join(import.meta.dirname, 'fixtures', 'fr.liberacces.news-1.0.0.tgz')
const TEXT = { title: 'Le marché', summary: 'Cinq étals de plus.', body: 'De 8 h à 13 h.', category: 'economie' } as const

/** A kernel with both releases of the news installed from archives, the present one packed from its source. */
async function startWithBoth(tenants: number): Promise<TestPlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-first-release-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const present = join(folder, 'news.tgz')
  await writeFile(present, (await packPlugin(join(import.meta.dirname, '..'))).archive)
  const platform = await startTestPlatform({ plugins: [directory], tenants })
  for (const archive of [FIRST, present]) await platform.platform.releases.install(archive, folder, OPERATOR)
  return platform
}

test('the first release and this one run side by side from their archives, each for its own commune', async () => {
  await using platform = await startWithBoth(2)
  const versions = ['1.0.0', news.version]
  for (const [index, version] of versions.entries()) expect(await platform.platform.installations.enable(platform.tenant(index).id, news.id, version, OPERATOR)).toMatchObject({ version, state: 'active' })
  const answers: object[] = []
  for (const index of versions.keys()) {
    const agent = await platform.tenant(index).as('agent')
    const { id } = (await agent.post(`${NEWS}/api/articles`, TEXT)).json<{ readonly id: string }>()
    expect((await agent.post(`${NEWS}/api/articles/${id}/publish`, {})).status).toBe(200)
    expect((await page(platform.tenant(index).visitor, '/')).text).toContain('Le marché')
    answers.push((await agent.get(`${NEWS}/api/articles/${id}`)).json<object>())
  }
  expect(answers.map((answer) => 'pinnedUntil' in answer)).toEqual([false, true])
})

test('the step to this release keeps every article, and its way back forgets only which were at the top', async () => {
  await using platform = await startWithBoth(1)
  const { id: tenantId } = platform.tenant()
  await platform.platform.installations.enable(tenantId, news.id, '1.0.0', OPERATOR)
  expect((await (await platform.as('agent')).post(`${NEWS}/api/articles`, TEXT)).status).toBe(201)
  const { storage } = platform.platform
  const key = { tenantId, pluginId: news.id }
  const article = async (): Promise<object> => (await storage.store(key).db.selectFrom('article').selectAll().executeTakeFirst()) ?? {}
  const before = await article()
  await storage.migrate(key, migrations as Migrations)
  expect(await article()).toEqual({ ...before, pinned_until: null })
  await storage.store(key).db.updateTable('article').set({ pinned_until: '2030-01-01T00:00:00.000Z' } as never).execute()
  // The kernel goes back by a snapshot; what undoes a step must work all the same.
  await storage.migrate(key, { ...migrations, '0003-back': { up: migrations['0002-pinned'].down, down: migrations['0002-pinned'].up } } as Migrations)
  expect(await article()).toEqual(before)
})

test('a commune moves to this release and back while another stays; nothing that was written is lost', async () => {
  await using platform = await startWithBoth(2)
  const { installations } = platform.platform
  for (const index of [0, 1]) await installations.enable(platform.tenant(index).id, news.id, '1.0.0', OPERATOR)
  const agent = await platform.as('agent')
  const publish = async (title: string, more: object = {}): Promise<void> => {
    const { id } = (await agent.post(`${NEWS}/api/articles`, { ...TEXT, title, ...more })).json<{ readonly id: string }>()
    expect((await agent.post(`${NEWS}/api/articles/${id}/publish`, {})).status).toBe(200)
  }
  const titles = async (): Promise<readonly string[]> => (await agent.get(`${NEWS}/api/articles`)).json<{ readonly items: readonly { readonly title: string }[] }>().items.map(({ title }) => title).toSorted()
  const versions = async (): Promise<readonly unknown[]> => Promise.all([0, 1].map(async (index) => (await installations.list(platform.tenant(index).id)).find(({ pluginId }) => pluginId === news.id)?.version))

  await publish('Avant')
  await installations.upgrade(platform.tenant().id, news.id, { range: news.version, by: OPERATOR })
  expect(await versions()).toEqual([news.version, '1.0.0'])
  await publish('À la une', { pinnedUntil: '2030-01-01T00:00:00Z' })
  expect((await page(platform.tenant().visitor, '/')).text).toContain('la-badge')
  expect((await page(platform.tenant(1).visitor, '/')).status).toBe(200)

  await installations.rollback(platform.tenant().id, news.id, { by: OPERATOR })
  expect(await versions()).toEqual(['1.0.0', '1.0.0'])
  expect(await titles()).toEqual(['Avant', 'À la une'].toSorted())
  expect((await page(platform.tenant().visitor, '/')).text).not.toContain('la-badge')
})
