import { faultsOf, openBrowser, picture } from '@liberacces/certification/browser'
import { startTestPlatform, type TestPlatform } from '@liberacces/certification/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logInByBrowser } from './browser-login.ts'
import { PASSWORD } from './kernel-kit.ts'
import { notesPlugin, readerPlugin } from './notes-plugin.tsx'

const BY = { kind: 'operator', id: 'test', name: 'Test' } as const

let browser: Browser
let kit: TestPlatform

beforeAll(async () => {
  browser = await openBrowser()
  kit = await startTestPlatform({ plugins: [notesPlugin, readerPlugin] })
  const { accounts, tenants, shares, guests, installations, administrators } = kit.platform
  const commune = kit.tenant()
  const ccas = await tenants.create({ kind: 'satellite', name: 'Centre communal d’action sociale', slug: 'ccas', parent: commune.info.slug }, BY)
  await accounts.create(tenants.pool()?.id ?? '', { login: 'claire', name: 'Claire Petit', password: PASSWORD, roles: ['pool-admin'] }, BY)
  await accounts.create(commune.id, { login: 'paul', name: 'Paul Roux', password: PASSWORD, email: 'mairie@commune.example', roles: ['tenant-admin'] }, BY)
  await accounts.create(ccas.id, { login: 'lea', name: 'Léa Blanc', password: PASSWORD, roles: ['tenant-admin'] }, BY)
  for (const what of ['accounts', 'fr.test.notes/v1']) await shares.offer(commune.id, ccas.id, { what }, BY)
  await shares.accept(ccas.id, 'accounts', BY)
  await guests.setRoles(ccas.id, 'paul', ['agent'], BY)
  await shares.accept(ccas.id, 'fr.test.notes/v1', BY)
  await installations.enable(ccas.id, 'fr.test.reader', '*', BY)
  await administrators.setOfficialAddress(commune.id, 'mairie@commune.example', BY)
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await kit?.[Symbol.asyncDispose]()
})

const logIn = (host: string, login: string, options: Parameters<Browser['newContext']>[0] = {}) => logInByBrowser(browser, `${host}:${kit.port}`, login, options)

test('[T14] in a browser without scripts an operator opens a grant, enters by it, and the tenant sees and ends it', async () => {
  const { page: operator } = await logIn('pool.localhost', 'claire', { javaScriptEnabled: false })
  await operator.getByRole('link', { name: 'Commune 1' }).click()
  await operator.getByRole('link', { name: 'Intervenir' }).click()
  await operator.getByLabel('Motif').fill('Appel de M. Roux, module Notes en erreur')
  await operator.getByLabel('Rôle sur place').selectOption({ label: 'Administrateur' })
  await operator.getByRole('button', { name: 'Ouvrir l’intervention' }).click()
  await picture(operator, 'console-grants')
  await operator.getByRole('button', { name: 'Entrer' }).click()
  await picture(operator, 'entry')
  await operator.getByRole('button', { name: 'Continuer vers Commune 1' }).click()
  await operator.getByText('Intervention du Pool en cours').waitFor()
  expect(new URL(operator.url()).host).toBe(`commune-1.localhost:${kit.port}`)
  await picture(operator, 'operator-inside')

  const { page: admin } = await logIn('commune-1.localhost', 'paul', { javaScriptEnabled: false, viewport: { width: 320, height: 700 } })
  await admin.goto(`http://commune-1.localhost:${kit.port}/bureau`)
  expect(await admin.getByText('Appel de M. Roux, module Notes en erreur').count()).toBe(1)
  await picture(admin, 'banner-320')
  await admin.getByRole('link', { name: 'Voir, ou y mettre fin' }).click()
  await picture(admin, 'admin-grants-320')
  await admin.getByRole('button', { name: 'Mettre fin' }).click()
  await admin.getByText('L’intervention est terminée.').waitFor()
  await operator.reload()
  expect(new URL(operator.url()).pathname).toBe('/auth/login')
})

test('[T14] the pages of grants, shares, administrators and accounts pass axe, in both languages, wide and at 320 pixels', async () => {
  const { platform } = kit
  const operatorId = (await platform.accounts.findByLogin(platform.tenants.pool()?.id ?? '', 'claire'))?.id ?? ''
  await platform.grants.request({ tenantId: kit.tenant().id, operatorId, role: 'agent', minutes: 60, reason: 'Vérification des sauvegardes' }, BY)
  await platform.roles.create(kit.tenant().id, { id: 'agent.ecole', title: 'Agent des écoles' }, BY)
  const paul = (await platform.accounts.findByLogin(kit.tenant().id, 'paul'))?.id ?? ''
  await platform.apiTokens.create(kit.tenant().id, paul, { label: 'Logiciel de paie' }, BY)
  const visits = [
    ['commune-1', 'paul', ['/admin', '/admin/interventions', '/admin/partages', '/admin/qui-administre', '/admin/roles', '/compte', `/admin/comptes/${paul}`]],
    ['ccas', 'lea', ['/admin/partages', '/admin/qui-administre', '/admin/interventions']],
    ['ccas', 'paul', ['/compte']],
    ['pool', 'claire', ['/collectivites/commune-1', '/collectivites/commune-1/interventions', '/collectivites/commune-1/administration', '/seuil', '/compte']],
  ] as const
  for (const width of [1280, 320]) {
    for (const [slug, login, paths] of visits) {
      const { page, context } = await logIn(`${slug}.localhost`, login, { viewport: { width, height: 900 } })
      for (const path of paths) {
        for (const lang of ['fr', 'en']) {
          expect([path, lang, (await page.goto(`http://${slug}.localhost:${kit.port}${path}?lang=${lang}`))?.status()]).toEqual([path, lang, 200])
          expect([slug, path, lang, width, await faultsOf(page)]).toEqual([slug, path, lang, width, []])
          if (lang === 'fr') await picture(page, `${slug}${path.replaceAll('/', '-').replace(paul, 'x')}-${width}`)
        }
      }
      await context.close()
    }
  }
}, 120_000)
