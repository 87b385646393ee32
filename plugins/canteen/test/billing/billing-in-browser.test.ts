import { readFileSync } from 'node:fs'
import { faultsAtWidths, logIn, openBrowser } from '@liberacces/certification/browser'
import type { TestPlatform } from '@liberacces/certification/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { standInTown } from '../families-stand-in.ts'
import { book, startBilling, openRegie } from './billing-kit.ts'

const PASSWORD = 'a-long-enough-test-password'
const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
const IDENTITY = { creditor: 'Régie', ics: 'FR72ZZZ123456', iban: 'FR7630006000011234567890189', siret: '21170028100010', idPost: '017028', codCol: '244', codProdLoc: 'CANT' }

let browser: Browser
let kit: TestPlatform

beforeAll(async () => {
  const town = standInTown()
  for (const household of town.households) household.guardians = household.guardians.map((guardian) => ({ ...guardian, address: '1 rue de l’Église', postcode: '17440', town: 'Aytré' }))
  browser = await openBrowser()
  kit = await startBilling(town)
  const { accounts } = kit.platform
  await accounts.create(kit.tenant().id, { login: 'rene', name: 'René Roy', password: PASSWORD, roles: ['agent', 'agent.regie', 'agent.enfance'] }, BY)
  const parent = await accounts.create(kit.tenant().id, { login: 'claire', name: 'Claire Petit', password: PASSWORD, roles: ['citizen'] }, BY)
  town.link('petit', parent.id)
  const regisseur = await kit.as('agent.regie')
  await openRegie(regisseur, undefined, IDENTITY)
  await book(regisseur, [['petit', 'petit-1', '2026-02-02'], ['petit', 'petit-1', '2026-02-03'], ['moreau', 'moreau-1', '2026-02-02']])
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await kit?.[Symbol.asyncDispose]()
})

const origin = (): string => `http://${kit.tenant().host}:${kit.port}`
const at = (path: string): string => `${origin()}${path}`
const open = (login: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> => logIn(browser, { origin: origin(), login, password: PASSWORD, options })

/** Presses a button by keyboard. */
async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).first().focus()
  await page.keyboard.press('Enter')
}

test('the régisseur drafts, validates and publishes by keyboard; a PDF and a PES file come out; the family reads on a phone without scripts why it pays', async () => {
  const faults: string[] = []
  const look = async (page: Page, name: string): Promise<void> => { faults.push(...await faultsAtWidths(page, name)) }
  const page = await open('rene')
  await page.goto(at('/apps/cantine/gestion/facturation'))
  await look(page, 'facturation')
  await page.getByRole('link', { name: /Régie des écoles/ }).first().click()
  await page.getByLabel('Nom de la campagne').fill('Février 2026')
  const days = page.locator('input[type=date]')
  for (const [place, day] of ['2026-02-01', '2026-02-28', '2026-03-31'].entries()) await days.nth(place).fill(day)
  await look(page, 'campagne-ajouter')
  await days.nth(2).press('Enter')
  await page.waitForURL(/campagnes\/[0-9a-f-]{36}/)
  await kit.settle()
  await page.reload()
  await look(page, 'campagne-brouillon')
  const here = page.url().split('?')[0] ?? ''
  await page.locator('summary', { hasText: 'Valider' }).focus()
  await page.keyboard.press('Enter')
  await press(page, 'Valider')
  await page.getByRole('button', { name: 'Publier' }).waitFor()
  await press(page, 'Publier')
  await page.getByText('Publiée').first().waitFor()
  await look(page, 'campagne-publiee')
  const pes = page.waitForEvent('download')
  await page.getByRole('button', { name: /PES/ }).click()
  expect(readFileSync(await (await pes).path(), 'latin1')).toContain('<TypBord V="06"/>')
  await page.goto(here)
  await page.getByRole('link', { name: /Petit/ }).first().click()
  await look(page, 'facture-agent')
  for (const [path, name] of [['/facturation/impayes', 'impayes'], ['/facturation/mandats', 'mandats'], ['/facturation/prelevements', 'prelevements'], ['/facturation/caf?annee=2026', 'caf'], ['/importer', 'import'], ['/facturation/tarifs', 'tarifs'], ['/facturation/tarifs/tarif?q=500', 'tarif'], ['/facturation/tarifs/tarif/modifier', 'tarif-modifier'], ['/facturation/regies/regie/modifier', 'regie']] as const) {
    await page.goto(at(`/apps/cantine/gestion${path}`))
    await look(page, name)
  }
  const phone = await open('claire', { javaScriptEnabled: false, viewport: { width: 360, height: 800 } })
  await phone.goto(at('/apps/cantine/factures'))
  await phone.getByRole('link', { name: /^F01-/ }).click()
  expect(await phone.getByRole('table').innerText()).toContain('3,50')
  const claire = await open('claire')
  await claire.goto(at('/apps/cantine/factures'))
  await look(claire, 'mes-factures')
  await claire.getByRole('link', { name: /^F01-/ }).click()
  await look(claire, 'ma-facture')
  const pdf = await claire.getByRole('link', { name: /PDF/ }).evaluate(async (link) => (await (await fetch((link as HTMLAnchorElement).href)).text()).slice(0, 5))
  expect(pdf).toBe('%PDF-')
  expect(faults).toEqual([])
}, 120_000)

test('a week of menus is composed, published and read by everybody; shares of EGalim and orders pass the rules', async () => {
  const faults: string[] = []
  const page = await open('rene')
  await page.goto(at('/apps/cantine/menus/plat?jour=2026-03-05'))
  await page.locator('input[type=text]').first().fill('Lasagnes aux légumes')
  await page.locator('select').first().selectOption('main')
  faults.push(...await faultsAtWidths(page, 'plat'))
  await page.locator('input[type=text]').first().press('Enter')
  await page.getByText('Lasagnes aux légumes').first().waitFor()
  faults.push(...await faultsAtWidths(page, 'menus-semaine'))
  await press(page, 'Publier la semaine')
  await page.getByText('La semaine est publiée.').waitFor()
  for (const [path, name] of [['/menus', 'menus'], ['/menus/achats', 'egalim'], ['/commandes', 'commandes']] as const) {
    const answer = await page.goto(at(`/apps/cantine${path}`))
    expect([path, answer?.status()]).toEqual([path, 200])
    faults.push(...await faultsAtWidths(page, name))
  }
  expect(faults).toEqual([])
}, 120_000)
