import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packPlugin } from '@liberacces/certification/pack'
import { startTestPlatform, TEST_START, TestClient, type TestPlatform } from '@liberacces/certification/testing'
import directory from '@liberacces/plugin-directory'
import { afterAll, beforeAll, expect, test } from 'vitest'
import news from '../src/plugin.tsx'
import { openModuleWindow, type ModuleWindow } from './module-window.ts'
import { NEWS } from './newsroom.ts'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
const FIRST = join(import.meta.dirname, 'fixtures', 'fr.liberacces.news-1.0.0.tgz')
const PASSWORD = 'une-phrase-de-passe-longue'
const MODULE = `/admin/modules/${news.id}`
const COMMUNES = [['aytre', 'Aytré', 9_000], ['la-rochelle', 'La Rochelle', 78_000]] as const
const HTML = { headers: { accept: 'text/html' } }

type Slug = typeof COMMUNES[number][0]
let folder: string
let kit: TestPlatform

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'liberacces-upgrade-in-browser-'))
  kit = await startTestPlatform({ plugins: [directory], tenants: 0 })
  const { releases, tenants, installations, accounts } = kit.platform
  await releases.install(FIRST, folder, BY)
  for (const [slug, name, population] of COMMUNES) {
    const tenant = await tenants.create({ kind: 'commune', slug, name, population }, BY)
    await installations.enable(tenant.id, directory.id, '*', BY)
    await installations.enable(tenant.id, news.id, '1.0.0', BY)
    await kit.fill(tenant.id)
    await accounts.create(tenant.id, { login: 'paul', name: 'Paul Roux', password: PASSWORD, roles: ['tenant-admin'] }, BY)
    await accounts.create(tenant.id, { login: 'agnes', name: 'Agnès Morin', password: PASSWORD, roles: ['agent'] }, BY)
  }
  await kit.settle()
}, 120_000)

afterAll(async () => {
  await kit?.[Symbol.asyncDispose]()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
})

const clientOf = (slug: Slug): TestClient => new TestClient(kit.port, `${slug}.localhost`)
const enter = (slug: Slug, login: string, options = {}): Promise<ModuleWindow> => openModuleWindow(`http://${slug}.localhost:${kit.port}`, login, PASSWORD, options)

/** Titles of what is online at a commune, a hundred at the most. */
async function titlesOf(slug: Slug): Promise<readonly string[]> {
  const { items } = (await clientOf(slug).get(`${NEWS}/api/articles?limit=50`)).json<{ readonly items: readonly { readonly title: string }[] }>()
  return items.map(({ title }) => title).toSorted()
}

async function versionAt(slug: Slug): Promise<string | undefined> {
  const tenant = kit.platform.tenants.bySlug(slug)
  return (await kit.platform.installations.list(tenant?.id ?? '')).find(({ pluginId }) => pluginId === news.id)?.version
}

/** A reader in each commune, who opens its pages in turn, all the time. What they say at the end: how often which status. */
function readAllTheTime(pages: Readonly<Record<Slug, readonly string[]>>): AsyncDisposable & { stop(): Promise<Readonly<Record<string, number>>> } {
  let reading = true
  const answers: Record<string, number> = {}
  const reader = async (slug: Slug): Promise<void> => {
    for (let turn = 0; reading; turn += 1) {
      const path = pages[slug][turn % pages[slug].length] ?? '/'
      const status = await clientOf(slug).get(path, HTML).then((answer) => String(answer.status), (error: Error) => error.message)
      answers[`${slug}${path} ${status}`] = (answers[`${slug}${path} ${status}`] ?? 0) + 1
    }
  }
  const readers = Promise.all(COMMUNES.map(([slug]) => reader(slug)))
  const stop = async (): Promise<Readonly<Record<string, number>>> => { reading = false; await readers; return answers }
  return { stop, [Symbol.asyncDispose]: async () => { await stop() } }
}

test('[W7] [W8] [L16] [L18] an administrator of Aytré moves to a version that is out, by keyboard, and back, while all read on; La Rochelle stays', async () => {
  await using readers = readAllTheTime({ 'aytre': ['/', `${NEWS}/`], 'la-rochelle': ['/', `${NEWS}/`] })
  const [before, beforeThere] = [await titlesOf('aytre'), await titlesOf('la-rochelle')]
  await using paul = await enter('aytre', 'paul')
  const { page } = paul
  await paul.go('/admin/modules')
  expect(await page.getByText('Version 1.1.0 disponible').count()).toBe(0)

  const present = join(folder, 'news.tgz')
  await writeFile(present, (await packPlugin(join(import.meta.dirname, '..'))).archive)
  await kit.platform.releases.install(present, folder, BY)
  await paul.go('/admin')
  await paul.press(page.getByRole('link', { name: 'Modules', exact: true }).first())
  await page.getByText('Version 1.1.0 disponible').waitFor()
  await paul.look('modules-new-version')
  await paul.press(page.getByRole('link', { name: 'Voir la version 1.1.0 du module Actualités' }))
  await page.getByText('De la version 1.0.0 à la version 1.1.0').waitFor()
  await paul.look('versions')
  await paul.press(page.getByRole('button', { name: 'Répéter sur une copie' }))
  await page.getByText('La répétition a réussi').waitFor()
  await paul.look('versions-rehearsed')
  expect([await versionAt('aytre'), await titlesOf('aytre')]).toEqual(['1.0.0', before])
  await paul.press(page.getByRole('button', { name: 'Passer à la version 1.1.0' }))
  await page.getByText('est passé à la version 1.1.0').waitFor()
  await paul.look('versions-upgraded')
  expect([await versionAt('aytre'), await versionAt('la-rochelle')]).toEqual(['1.1.0', '1.0.0'])
  expect([await titlesOf('aytre'), await titlesOf('la-rochelle')]).toEqual([before, beforeThere])

  await pinAnArticle()
  expect((await clientOf('aytre').get('/', HTML)).text).toContain('À la une')
  expect((await clientOf('la-rochelle').get('/', HTML)).text).not.toContain('À la une')

  await paul.go('/admin/modules')
  await paul.press(page.getByRole('link', { name: 'Autorisations du module Actualités' }))
  await page.getByRole('heading', { level: 1, name: 'Autorisations du module Actualités' }).waitFor()
  await paul.look('consent')
  await paul.go(`${MODULE}/versions`)
  await paul.press(page.locator('summary', { hasText: 'Revenir à la version 1.0.0' }))
  await paul.look('versions-back')
  await paul.press(page.getByRole('button', { name: /Revenir à la version 1.0.0/ }))
  await page.getByText('est revenu à la version 1.0.0').waitFor()
  expect([await versionAt('aytre'), await titlesOf('aytre')]).toEqual(['1.0.0', [...before, 'La fête du port'].toSorted()])
  expect((await clientOf('aytre').get('/', HTML)).text).not.toContain('À la une')

  const answers = await readers.stop()
  expect(Object.keys(answers).toSorted()).toEqual(COMMUNES.flatMap(([slug]) => ['/', `${NEWS}/`].map((path) => `${slug}${path} 200`)).toSorted())
  expect(paul.complaints).toEqual([])
}, 240_000)

/** An agent of Aytré uses what is new. */
async function pinAnArticle(): Promise<void> {
  await using agnes = await enter('aytre', 'agnes')
  const { page } = agnes
  await agnes.go(`${NEWS}/gestion/nouveau`)
  await page.getByLabel('Titre').fill('La fête du port')
  await page.getByLabel('Thème').selectOption({ index: 1 })
  await page.getByLabel('Résumé').fill('Concerts et jeux, sur les quais.')
  await page.getByLabel('Texte', { exact: true }).fill('À partir de **18 h**.')
  await page.getByLabel('À la une jusqu’au').fill(new Date(TEST_START + 3 * 86_400_000).toISOString().slice(0, 16))
  await agnes.look('article-form')
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click()
  await page.getByRole('button', { name: 'Publier' }).first().click()
  await page.getByText('En ligne').first().waitFor()
  await kit.settle()
  expect(agnes.complaints).toEqual([])
}

test('[W9] [U1] [U2] [U3] [U6] Aytré switches the module off and removes its data, by keyboard: the report says zero, and the archive brings every article back', async () => {
  await using readers = readAllTheTime({ 'aytre': ['/'], 'la-rochelle': ['/', `${NEWS}/`] })
  const before = await titlesOf('aytre')
  await using paul = await enter('aytre', 'paul')
  const { page } = paul
  await paul.go('/admin/modules')
  await paul.press(page.locator('summary', { hasText: 'Désactiver Actualités' }))
  await paul.press(page.getByRole('button', { name: /Désactiver Actualités/ }))
  await page.getByText('est désactivé').waitFor()
  await paul.look('modules-off')
  expect(await page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Actualités' }) }).getByText('Version 1.0.0, par').count()).toBe(1)
  expect((await clientOf('aytre').get(`${NEWS}/`, HTML)).status).toBe(404)
  await paul.press(page.getByRole('link', { name: 'Supprimer les données du module Actualités' }))
  await page.getByText('Ce qui sera supprimé').waitFor()
  await paul.look('removal-preview')
  await paul.press(page.getByRole('checkbox'), 'Space')
  await paul.press(page.getByRole('button', { name: 'Archiver et supprimer Actualités' }))
  await page.getByText('Il ne reste rien de « Actualités »').waitFor()
  await paul.look('removal-report')
  const counts = await page.getByRole('table', { name: /Ce qui reste/ }).locator('td').allInnerTexts()
  expect([counts.length > 5, new Set(counts)]).toEqual([true, new Set(['0'])])

  await paul.press(page.locator('summary', { hasText: 'Remettre en place' }))
  await paul.look('removal-restore')
  await paul.press(page.getByRole('button', { name: /Remettre en place/ }))
  await page.getByText('sont remises en place').waitFor()
  await paul.press(page.getByRole('button', { name: 'Activer Actualités' }))
  await page.getByText('est activé').waitFor()
  // The data belongs to 1.0.0, so this is what is on again, although 1.1.0 is out.
  expect([await titlesOf('aytre'), await versionAt('aytre'), await versionAt('la-rochelle')]).toEqual([before, '1.0.0', '1.0.0'])

  const answers = await readers.stop()
  expect(Object.keys(answers).toSorted()).toEqual(['aytre/ 200', 'la-rochelle/ 200', `la-rochelle${NEWS}/ 200`])
  expect(paul.complaints).toEqual([])
}, 240_000)

test('[W7] [W9] all of it works without a script: La Rochelle rehearses, upgrades, goes back, removes and restores', async () => {
  const before = await titlesOf('la-rochelle')
  await using paul = await enter('la-rochelle', 'paul', { javaScriptEnabled: false, viewport: { width: 320, height: 900 } })
  const { page } = paul
  await paul.go('/admin/modules')
  await page.getByRole('link', { name: 'Voir la version 1.1.0 du module Actualités' }).click()
  await page.getByRole('button', { name: 'Répéter sur une copie' }).click()
  await page.getByText('La répétition a réussi').waitFor()
  await page.getByRole('button', { name: 'Passer à la version 1.1.0' }).click()
  await page.getByText('est passé à la version 1.1.0').waitFor()
  await page.locator('summary', { hasText: 'Revenir à la version 1.0.0' }).click()
  await page.getByRole('button', { name: /Revenir à la version 1.0.0/ }).click()
  await page.getByText('est revenu à la version 1.0.0').waitFor()
  await paul.go('/admin/modules')
  await page.locator('summary', { hasText: 'Désactiver Actualités' }).click()
  await page.getByRole('button', { name: /Désactiver Actualités/ }).click()
  await page.getByRole('link', { name: 'Supprimer les données du module Actualités' }).click()
  await page.getByRole('button', { name: 'Archiver et supprimer Actualités' }).click()
  await page.getByText('Cochez la case').waitFor()
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Archiver et supprimer Actualités' }).click()
  await page.getByText('Il ne reste rien de « Actualités »').waitFor()
  await page.locator('summary', { hasText: 'Remettre en place' }).click()
  await page.getByRole('button', { name: /Remettre en place/ }).click()
  await page.getByRole('button', { name: 'Activer Actualités' }).click()
  await page.getByText('est activé').waitFor()
  expect(await titlesOf('la-rochelle')).toEqual(before)
}, 120_000)
