import { faultsAtWidths, logIn, openBrowser } from '@liberacces/certification/browser'
import { startTestPlatform, type TestClient, type TestPlatform } from '@liberacces/certification/testing'
import families from '@liberacces/plugin-families'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Rules } from '../src/booking/deadlines/rules.ts'
import canteen from '../src/plugin.tsx'
import { addActivity, APP, cells, enrol, html, mailsOf, saveWeek } from './booking-kit.ts'

const PASSWORD = 'une-phrase-de-passe-longue'
const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const
const FAMILIES = '/apps/familles'
const HOUR_MS = 3_600_000

/** Booked and cancelled until nine on the Friday before; a place that comes free is held for a day. */
const FRIDAY_BEFORE: Rules = { add: [{ weekdays: '1234567', limit: { kind: 'previous-weekday', weekday: 5, at: '09:00' } }], cancel: 'same', late: 'refused', openOn: ['school'], waitingList: true, offerHours: 24 }
/** Three weeks of school: the first closes while the story is told. */
const [NEXT, FULL, CLOSED] = ['2026-03-09', '2026-03-16', '2026-03-23'] as const

let browser: Browser
let platform: TestPlatform
let agent: TestClient
let petit: TestClient
let code: string

beforeAll(async () => {
  browser = await openBrowser()
  platform = await startTestPlatform({ plugins: [families, canteen] })
  // Friday 6 March 2026, 8:30 in Paris: half an hour before the limit of the week to come.
  platform.outside.advance(Date.parse('2026-03-06T07:30:00Z') - platform.outside.now())
  await platform.platform.accounts.create(platform.tenant().id, { login: 'claire', name: 'Claire Moreau', password: PASSWORD, roles: ['citizen'] }, OPERATOR)
  ;[agent, petit] = [await platform.as(['agent.enfance']), await platform.as('citizen')]
  await agent.submit(`${APP}/gestion/calendrier/connu`, {}, `${APP}/gestion/calendrier`)
  code = (await household('Claire', 'Moreau', 'Lina')).code
  const other = await household('Paul', 'Petit', 'Jade')
  await petit.submit(`${FAMILIES}/rattacher`, { code: other.code })
  const { activityId } = await addActivity({ agent }, { rules: FRIDAY_BEFORE, capacity: 1 })
  await enrol({ agent }, petit, other.childId, activityId, '2026-03-06')
  const shown = await cells(petit, FULL)
  await saveWeek(petit, FULL, shown, [shown[1]?.key ?? ''])
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await platform?.[Symbol.asyncDispose]()
})

/** A household of Aytré with one child, and the code with which its parent takes it over. */
async function household(firstName: string, lastName: string, child: string): Promise<{ readonly code: string; readonly childId: string }> {
  const path = (await agent.submit(`${FAMILIES}/gestion/foyers/ajouter`, { firstName, lastName, email: `${firstName.toLowerCase()}@example.fr`, address: '3 rue Pasteur', postcode: '17440', town: 'Aytré', resident: 'true' })).headers['location'] ?? ''
  const childPath = (await agent.submit(`${path}/enfants/ajouter`, { firstName: child, lastName, birthDay: '2018-05-04' })).headers['location'] ?? ''
  const guardian = /gestion\/responsables\/([\w-]+)\/code/.exec((await agent.get(path, html)).text)?.[1] ?? ''
  await agent.submit(`${FAMILIES}/gestion/responsables/${guardian}/code`, {}, path)
  return { code: /Code[\s\u00a0]*: ([A-Z0-9-]{14})/.exec((await agent.get(path, html)).text)?.[1] ?? '', childId: childPath.split('/').at(-1) ?? '' }
}

const origin = (): string => `http://${platform.tenant().host}:${platform.port}`
const at = (path: string): string => `${origin()}${path}`
const open = (options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> => logIn(browser, { origin: origin(), login: 'claire', password: PASSWORD, options })
const openWeek = (page: Page, monday: string) => page.goto(at(`${APP}/semaine?lundi=${monday}`))
/** Text of a page as somebody reads it, with plain spaces. */
const textOf = async (page: Page): Promise<string> => (await page.locator('main').innerText()).replaceAll(/[\s\u00a0\u202f]+/g, ' ')
const boxes = (page: Page) => page.getByRole('checkbox', { name: /^Repas Restauration/ })
const box = (page: Page, day: string) => page.getByRole('checkbox', { name: new RegExp(`Repas Restauration, ${day}`) })
const save = (page: Page) => page.getByRole('button', { name: 'Enregistrer la semaine' }).click()

/** Presses Tab until what is looked for has the focus. @throws Error when a whole page was walked through without meeting it */
async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let step = 0; step < 80; step += 1) {
    const here = await page.evaluate(() => {
      const element = globalThis.document.activeElement
      // Where nothing has the focus it is the body, in which every word stands.
      return (element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element instanceof HTMLBodyElement ? '' : element?.textContent) ?? ''
    })
    if (here.includes(wanted)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`"${wanted}" is not reached by the keyboard on ${page.url()}.`)
}

test('a parent of Aytré enrols a child, books by keyboard, comes too late and reads why, waits for a place, is offered it and takes it', async () => {
  const faults: string[] = []
  let page = await open()
  const look = async (name: string): Promise<void> => { faults.push(...await faultsAtWidths(page, name)) }

  await page.goto(at(`${FAMILIES}/rattacher`))
  await page.getByLabel('Code').fill(code)
  await page.getByRole('button', { name: 'Rattacher mon compte' }).click()
  await page.goto(at(`${APP}/`))
  await look('accueil-vide')
  await page.getByRole('link', { name: 'Inscrire à une activité' }).click()
  await look('inscription-choix')
  await page.getByRole('link', { name: 'Demander l’inscription' }).click()
  expect(await textOf(page)).toMatch(/Repas Restauration : de 12 h à 13 h 30, lundi, mardi, jeudi, vendredi.*Réserver Avant le vendredi précédent, 9 h\. Hors délai, rien n’est plus accepté\. Annuler Dans le même délai\..*gardée 24 heures/)
  await look('inscription-regles')
  await page.getByRole('link', { name: 'Continuer' }).click()
  await page.getByRole('button', { name: 'Envoyer la demande' }).waitFor()
  await look('inscription-confirmer')
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Envoyer la demande' }).click()
  await page.getByText('Votre demande d’inscription est envoyée.').waitFor()
  await openWeek(page, NEXT)
  expect([await boxes(page).count(), await textOf(page)]).toEqual([0, expect.stringContaining('L’inscription attend la réponse du service.')])
  const request = /gestion\/inscriptions\/([0-9a-f-]{36})\/accepter/.exec((await agent.get(`${APP}/gestion`, html)).text)?.[1] ?? ''
  expect((await agent.submit(`${APP}/gestion/inscriptions/${request}/accepter`, {}, `${APP}/gestion`)).status).toBe(303)

  await openWeek(page, NEXT)
  expect(await textOf(page)).toContain('Pas d’accueil le mercredi.')
  await look('semaine')
  await tabTo(page, 'Repas Restauration, mar. 10 mars')
  await page.keyboard.press('Space')
  await tabTo(page, 'Repas Restauration, jeu. 12 mars')
  await page.keyboard.press('Space')
  await tabTo(page, 'Enregistrer la semaine')
  await page.keyboard.press('Enter')
  await page.getByText('2 modifications sont enregistrées').waitFor()
  expect([await box(page, 'mar. 10 mars').isChecked(), await box(page, 'lun. 9 mars').isChecked()]).toEqual([true, false])
  await look('semaine-reservee')

  // The page was opened in time, and is sent after the limit.
  await box(page, 'lun. 9 mars').check()
  await box(page, 'jeu. 12 mars').uncheck()
  platform.outside.advance(31 * 60_000)
  await save(page)
  await page.getByText('2 modifications n’ont pas pu être enregistrées').waitFor()
  expect(await textOf(page)).toContain('Lina : Clos depuis vendredi 6 mars, 9 h : Repas Restauration, lundi 9 mars, se réserve avant le vendredi précédent, 9 h.')
  expect(await textOf(page)).toContain('Lina : Ne s’annule plus depuis vendredi 6 mars, 9 h : Repas Restauration, jeudi 12 mars, s’annule avant le vendredi précédent, 9 h.')
  expect(await boxes(page).count()).toBe(0)
  await look('semaine-hors-delai')

  // There is one place a day, and another family has that of Tuesday.
  await page.getByRole('link', { name: /Semaine suivante/ }).click()
  await page.getByRole('heading', { name: 'Semaine du lundi 16 mars' }).waitFor()
  await box(page, 'lun. 16 mars').check()
  await box(page, 'mar. 17 mars').check()
  await save(page)
  await page.getByText('2 modifications sont enregistrées').waitFor()
  expect(await textOf(page)).toContain('Une réservation est en liste d’attente, faute de place : dès qu’une place se libère')
  await look('semaine-liste-d-attente')
  const theirs = await cells(petit, FULL)
  await saveWeek(petit, FULL, theirs.filter(({ booked }) => booked), [])
  await platform.advance(20 * HOUR_MS)
  expect(mailsOf(platform).filter(({ to }) => to.includes('claire@example.fr')).map(({ subject }) => subject)).toEqual(['Une place s’est libérée pour Lina'])
  // By the next morning the session is over.
  await page.context().close()
  page = await open()
  await page.goto(at(`${APP}/`))
  expect(await textOf(page)).toContain('Une place est libre pour Lina : Repas Restauration, mardi 17 mars Elle vous est gardée jusqu’à samedi 7 mars, 9 h 01.')
  await look('accueil-place-proposee')
  await openWeek(page, FULL)
  expect(await textOf(page)).toContain('place proposée jusqu’à samedi 7 mars, 9 h 01')
  await look('semaine-place-proposee')
  await page.getByRole('link', { name: 'Répondre à la proposition' }).click()
  await page.getByRole('button', { name: /Accepter la place/ }).click()
  await page.getByText('La place est à vous.').waitFor()
  await look('accueil')
  expect(await page.getByRole('row').filter({ hasText: 'mardi 17 mars' }).innerText()).toContain('réservé')
  await page.getByRole('link', { name: 'Historique' }).click()
  // What happened within one moment of a clock that stands still has no order.
  const history = await textOf(page)
  expect(['place acceptée', 'place proposée', 'mis en liste d’attente', 'réservé'].filter((words) => !history.includes(words))).toEqual([])
  await look('historique')
  expect(faults).toEqual([])
  await page.context().close()
}, 120_000)

test('days that are closed, on strike, feasts or past the known calendar say so and cannot be chosen, and a family reads what was cancelled', async () => {
  const faults: string[] = []
  const [page, officer] = [await open(), await platform.as('agent.enfance')]
  await openWeek(page, CLOSED)
  for (const day of ['lun. 23 mars', 'mar. 24 mars', 'ven. 27 mars']) await box(page, day).check()
  await save(page)
  await page.getByText('3 modifications sont enregistrées').waitFor()
  for (const [closureKind, day, reason] of [['closure', '2026-03-24', 'travaux dans la cuisine'], ['strike', '2026-03-27', 'mouvement national']] as const) {
    expect((await officer.submit(`${APP}/gestion/calendrier/fermer`, { closureKind, firstDay: day, lastDay: day, reason })).headers['location']).toContain(`${APP}/gestion/calendrier`)
  }
  await openWeek(page, CLOSED)
  expect(await boxes(page).count()).toBe(2)
  const closed = await textOf(page)
  expect(['Fermé : travaux dans la cuisine.', 'Grève : mouvement national. Rien n’est facturé.'].filter((words) => !closed.includes(words))).toEqual([])
  faults.push(...await faultsAtWidths(page, 'semaine-fermee'))
  await openWeek(page, '2027-05-06')
  const bridge = await textOf(page)
  expect(['Semaine du lundi 3 mai 2027', 'Jour férié : Ascension.', 'Pont de l’Ascension'].filter((words) => !bridge.includes(words))).toEqual([])
  expect(await boxes(page).evaluateAll((found) => found.map((each) => (each as HTMLInputElement).value.slice(-10)))).toEqual(['2027-05-03', '2027-05-04'])
  await openWeek(page, '2027-09-02')
  const unknown = await textOf(page)
  expect(['Semaine du lundi 30 août 2027', 'Vacances d’été', 'Le calendrier scolaire de ce jour n’est pas encore connu'].filter((words) => !unknown.includes(words))).toEqual([])
  expect(await boxes(page).count()).toBe(0)
  faults.push(...await faultsAtWidths(page, 'semaine-inconnue'))
  await page.goto(at(`${APP}/`))
  const home = await textOf(page)
  expect(['annulé : grève – Lina, Repas Restauration, vendredi 27 mars : mouvement national', 'annulé : fermeture – Lina, Repas Restauration, mardi 24 mars : travaux dans la cuisine'].filter((words) => !home.includes(words))).toEqual([])
  faults.push(...await faultsAtWidths(page, 'accueil-messages'))
  for (const [path, name] of [['/recurrent', 'periode'], ['/semaine/copier', 'copier']] as const) {
    await page.goto(at(`${APP}${path}`))
    faults.push(...await faultsAtWidths(page, name))
  }
  expect(faults).toEqual([])
  await page.context().close()
}, 60_000)

test('without JavaScript every page of the family is there, and a week is booked and cancelled the same', async () => {
  const page = await open({ javaScriptEnabled: false, viewport: { width: 320, height: 800 } })
  for (const path of ['/', '/inscription', '/recurrent', '/semaine/copier', '/historique']) expect([path, (await page.goto(at(`${APP}${path}`)))?.status(), await page.getByRole('heading', { level: 1 }).count()]).toEqual([path, 200, 1])
  await openWeek(page, '2026-03-30')
  await box(page, 'jeu. 2 avr.').check()
  await save(page)
  expect([await textOf(page), await box(page, 'jeu. 2 avr.').isChecked()]).toEqual([expect.stringContaining('Une modification est enregistrée'), true])
  await box(page, 'jeu. 2 avr.').uncheck()
  await save(page)
  expect([await textOf(page), await box(page, 'jeu. 2 avr.').isChecked()]).toEqual([expect.stringContaining('Une modification est enregistrée'), false])
  await page.goto(at(`${APP}/recurrent`))
  await page.getByRole('button', { name: 'Réserver la période' }).click()
  expect(await textOf(page)).toContain('cochez au moins un jour')
  await page.context().close()
}, 60_000)
