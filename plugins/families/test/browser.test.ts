import { faultsAtWidths, logIn, openBrowser } from '@liberacces/certification/browser'
import { startTestPlatform, type TestPlatform } from '@liberacces/certification/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import plugin from '../src/plugin.tsx'
import { PDF } from './families-kit.ts'

const PASSWORD = 'une-phrase-de-passe-longue'
const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const

let browser: Browser
let platform: TestPlatform

beforeAll(async () => {
  browser = await openBrowser()
  platform = await startTestPlatform({ plugins: [plugin], demo: true })
  for (const [login, name, roles] of [['claire', 'Claire Moreau', ['citizen']], ['agnes', 'Agnès Morin', ['agent', 'agent.enfance']]] as const) {
    await platform.platform.accounts.create(platform.tenant().id, { login, name, password: PASSWORD, roles: [...roles] }, OPERATOR)
  }
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await platform?.[Symbol.asyncDispose]()
})

const origin = (): string => `http://${platform.tenant().host}:${platform.port}`
const open = (login: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> => logIn(browser, { origin: origin(), login, password: PASSWORD, options })
const go = (page: Page, path: string) => page.goto(`${origin()}/apps/familles${path}`)

test('a mother registers her child by keyboard alone, an agent accepts, and every page on the way is free of faults at 1280 and 320 px', async () => {
  const faults: string[] = []
  const citizen = await open('claire')
  const look = async (page: Page, name: string): Promise<void> => { faults.push(...await faultsAtWidths(page, name)) }
  /** Types into the field of a label, reached by the keyboard: focus comes by Tab from the start of the form. */
  const fill = async (label: string, text: string): Promise<void> => {
    await tabTo(citizen, label)
    await citizen.keyboard.type(text)
  }
  await go(citizen, '/')
  await look(citizen, 'ma-famille-vide')
  await go(citizen, '/inscription')
  await tabTo(citizen, 'Commencer')
  await citizen.keyboard.press('Enter')
  await citizen.getByLabel('Code postal').waitFor()
  await look(citizen, 'foyer')
  await fill('Adresse', '12 rue du Port')
  await fill('Code postal', '17440')
  await tabTo(citizen, 'Enregistrer et continuer')
  await citizen.keyboard.press('Enter')
  await citizen.getByLabel('Courriel').waitFor()
  await look(citizen, 'responsables')
  await fill('Prénom', 'Claire')
  await fill('Nom', 'Moreau')
  await fill('Courriel', 'claire@example.fr')
  await tabTo(citizen, 'Enregistrer et continuer')
  await citizen.keyboard.press('Enter')
  await citizen.getByLabel('Date de naissance').waitFor()
  await look(citizen, 'enfants')
  await fill('Prénom', 'Zoé')
  await citizen.getByLabel('Date de naissance').fill('2018-05-04')
  await citizen.getByLabel('Niveau').selectOption('CE1')
  await tabTo(citizen, 'Enregistrer et continuer')
  await citizen.keyboard.press('Enter')
  await citizen.getByLabel('Arachides').waitFor()
  await look(citizen, 'sante')
  await tabTo(citizen, 'Arachides')
  await citizen.keyboard.press('Space')
  await tabTo(citizen, 'Enregistrer et continuer')
  await citizen.keyboard.press('Enter')
  await citizen.getByLabel('Fichier').waitFor()
  await look(citizen, 'documents')
  await tabTo(citizen, 'Assurance scolaire')
  await citizen.keyboard.press('Space')
  await citizen.getByLabel('Fichier').setInputFiles({ name: 'assurance.pdf', mimeType: 'application/pdf', buffer: PDF })
  await tabTo(citizen, 'Enregistrer et continuer')
  await citizen.keyboard.press('Enter')
  await citizen.getByText('relisez, puis envoyez').waitFor()
  await look(citizen, 'recapitulatif')
  await tabTo(citizen, 'Envoyer la demande')
  await citizen.keyboard.press('Enter')
  await citizen.getByText('Votre demande est envoyée.').waitFor()

  const agent = await open('agnes')
  await agent.goto(`http://${platform.tenant().host}:${platform.port}/bureau`)
  await agent.getByText('demande d’inscription à traiter').first().waitFor()
  await look(agent, 'bureau')
  for (const [path, name] of [['/gestion', 'foyers'], ['/gestion/ecoles', 'ecoles'], ['/gestion/alertes', 'alertes'], ['/gestion/rentree', 'rentree'], ['/gestion/importer', 'importer'], ['/gestion/demandes', 'demandes']] as const) {
    await go(agent, path)
    await look(agent, name)
  }
  await agent.getByRole('link', { name: 'Claire Moreau' }).click()
  await look(agent, 'demande')
  await agent.getByRole('button', { name: 'Accepter et créer le foyer' }).click()
  await agent.getByText('La demande est acceptée').waitFor()
  await look(agent, 'foyer-bureau')
  await agent.getByRole('link', { name: 'Zoé Moreau' }).first().click()
  await look(agent, 'enfant-bureau')
  await agent.getByRole('link', { name: 'Fiche sanitaire' }).first().click()
  expect(await agent.getByText('Arachides').count()).toBe(1)
  await look(agent, 'sante-bureau')

  await go(citizen, '/')
  await look(citizen, 'ma-famille')
  await citizen.getByRole('link', { name: 'Zoé Moreau' }).click()
  expect(await citizen.getByText('CE1').count()).toBeGreaterThan(0)
  await look(citizen, 'enfant')
  await go(citizen, '/')
  await citizen.getByRole('link', { name: /Autoriser la lecture/ }).click()
  await look(citizen, 'quotient')
  expect(faults).toEqual([])
}, 120_000)

test('without JavaScript the family’s pages do the same', async () => {
  const citizen = await open('claire', { javaScriptEnabled: false, viewport: { width: 360, height: 800 } })
  await go(citizen, '/rattacher')
  await citizen.getByLabel('Code').fill('AAAA-BBBB-CCCC')
  await citizen.getByRole('button', { name: 'Rattacher mon compte' }).click()
  await citizen.getByText('Ce code n’est pas connu').first().waitFor()
  expect(await citizen.getByLabel('Code').inputValue()).toBe('AAAA-BBBB-CCCC')
}, 60_000)

/** Presses Tab until what has this name has the focus. @throws Error when a whole page was walked through without meeting it */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let step = 0; step < 120; step += 1) {
    const here = await page.evaluate(() => {
      const element = globalThis.document.activeElement
      const labels = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement ? [...(element.labels ?? [])] : []
      return [...labels.map((label) => label.textContent ?? ''), element?.textContent ?? ''].map((text) => text.trim().replace(/\s*\(.*\)$/, ''))
    })
    if (here.includes(name)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`"${name}" is not reached by the keyboard on ${page.url()}.`)
}

test('an agent sees that a family is registered twice, compares both and makes one of them; a parent says where the own bills go', async () => {
  const faults: string[] = []
  const agent = await open('agnes')
  const look = async (page: Page, name: string): Promise<void> => { faults.push(...await faultsAtWidths(page, name)) }
  const save = (page: Page) => page.getByRole('button', { name: 'Enregistrer' }).click()
  const enter = async (street: string, email: string): Promise<string> => {
    await go(agent, '/gestion/foyers/ajouter')
    for (const [label, text] of [['Prénom', 'Nadia'], ['Nom', 'Double'], ['Courriel', email], ['Adresse', street], ['Code postal', '17440']] as const) await agent.getByLabel(new RegExp('^' + label)).fill(text)
    await save(agent)
    const path = new URL(agent.url()).pathname
    await agent.getByRole('link', { name: 'Ajouter un enfant' }).click()
    for (const [label, text] of [['Prénom', 'Adam'], ['Date de naissance', '2019-05-04']] as const) await agent.getByLabel(new RegExp('^' + label)).fill(text)
    await save(agent)
    await agent.getByRole('heading', { name: 'Adam Double' }).waitFor()
    return path
  }
  const first = await enter('3 rue Pasteur', 'nadia@example.org')
  await enter('8 rue du Palais', 'nadia.double@example.org')
  await go(agent, '/gestion/alertes')
  await agent.getByRole('link', { name: /Adam Double/ }).waitFor()
  await look(agent, 'alertes-doublons')
  await agent.goto(`${origin()}${first}`)
  await agent.getByRole('link', { name: 'Réunir avec un autre foyer' }).click()
  await look(agent, 'reunir')
  await agent.getByRole('link', { name: 'Comparer avec Double' }).click()
  await look(agent, 'comparaison')
  await agent.locator('summary', { hasText: 'Réunir les deux foyers' }).click()
  await agent.locator('details[open] button[type=submit]').click()
  await agent.getByText('Les deux foyers sont réunis.').waitFor()
  await look(agent, 'foyer-reuni')
  await agent.getByRole('button', { name: 'Créer un code' }).click()
  const code = /[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(await agent.getByText(/^Code\s:/).first().textContent() ?? '')?.[0] ?? ''

  await platform.platform.accounts.create(platform.tenant().id, { login: 'nadia', name: 'Nadia Double', password: PASSWORD, roles: ['citizen'] }, OPERATOR)
  const parent = await open('nadia')
  await go(parent, '/rattacher')
  await parent.getByLabel('Code').fill(code)
  await parent.getByRole('button', { name: 'Rattacher mon compte' }).click()
  await parent.getByRole('link', { name: 'Modifier mes coordonnées' }).click()
  await parent.getByLabel(/^Adresse, si elle diffère/).fill('2 quai Valin')
  await save(parent)
  await parent.getByText('Une adresse a trois parties').first().waitFor()
  await look(parent, 'coordonnees')
  await parent.getByLabel('Code postal de cette adresse').fill('17000')
  await parent.getByLabel('Commune de cette adresse').fill('La Rochelle')
  await save(parent)
  await parent.getByText('2 quai Valin').waitFor()
  await look(parent, 'ma-famille-adresse')
  expect(faults).toEqual([])
}, 120_000)
