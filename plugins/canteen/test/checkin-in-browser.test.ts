import { faultsOf, logIn, openBrowser, picture } from '@liberacces/certification/browser'
import type { TestPlatform } from '@liberacces/certification/testing'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { AttendanceTables } from '../src/attendance/tables.ts'
import type { BookingTables } from '../src/booking/tables.ts'
import { APP, DAY, rowsOf, startCanteen } from './attendance-kit.ts'

const PASSWORD = 'a-long-enough-test-password'
const BY = { kind: 'operator', id: 'test', name: 'Test' } as const

let browser: Browser
let kit: TestPlatform

beforeAll(async () => {
  browser = await openBrowser()
}, 60_000)
afterAll(async () => { await browser?.close() })
beforeEach(async () => {
  kit = await startCanteen({ children: 12, booked: 8 })
  kit.outside.advance(Date.parse(`${DAY}T10:00:00Z`) - kit.outside.now())
  const { accounts } = kit.platform
  await accounts.create(kit.tenant().id, { login: 'anne', name: 'Anne Roy', password: PASSWORD, roles: ['agent', 'agent.enfance'] }, BY)
  await accounts.create(kit.tenant().id, { login: 'paul', name: 'Paul Roux', password: PASSWORD, roles: ['agent', 'agent.enfance'] }, BY)
  return () => kit[Symbol.asyncDispose]()
})

const origin = (): string => `http://${kit.tenant().host}:${kit.port}`
const at = (path: string): string => `${origin()}${path}`
const LIST = `${APP}/pointage/liste?unite=meal&jour=${DAY}&ecole=school-1`

/** A window of the device, whose clock is the test's: both stand at ten. */
async function open(login: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<{ readonly page: Page; readonly context: BrowserContext }> {
  const page = await logIn(browser, { origin: origin(), login, password: PASSWORD, options, prepare: (context) => context.clock.install({ time: kit.outside.now() }) })
  return { page, context: page.context() }
}
const kept = (page: Page): Promise<boolean> => page.evaluate(async (list) => {
  for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) if (url.endsWith(list)) return true
  return false
}, LIST)
const openList = async (page: Page): Promise<void> => {
  await page.goto(at(LIST))
  await expect.poll(() => page.locator('#pointage-etat').innerText()).toBe('En ligne – tout est envoyé')
  await expect.poll(() => kept(page)).toBe(true)
}
const row = (page: Page, child: string) => page.locator(`#enfant-${child}`)
const press = (page: Page, child: string, label: string) => row(page, child).getByRole('button', { name: label }).click()
const status = (page: Page): Promise<string> => page.locator('#pointage-etat').innerText()
const stateOf = async (child: string): Promise<string | undefined> => (await rowsOf<BookingTables['booking']>(kit, 'booking', 'id')).find((one) => one.child_id === child && one.unit_id === 'meal')?.state
const entries = () => rowsOf<AttendanceTables['attendance_entry']>(kit, 'attendance_entry', 'recorded_at')
test('without a network taps are kept and shown, outlive the page, and are sent once there is one again', async () => {
  const { page, context } = await open('anne')
  await openList(page)
  await press(page, 'child-1', 'Présent')
  await expect.poll(() => stateOf('child-1')).toBe('present')
  await context.setOffline(true)
  await press(page, 'child-2', 'Présent')
  await press(page, 'child-4', 'Absent')
  await row(page, 'child-5').getByRole('button', { name: 'En retard' }).click()
  await expect.poll(() => status(page)).toBe('Hors ligne – 3 pointages en attente')
  expect([await row(page, 'child-4').locator('.la-roll-state').innerText(), await page.locator('#pointage-bilan').innerText()]).toEqual(['Absent', 'Attendus\u00a0: 8. Présents\u00a0: 3. Absents\u00a0: 1. À pointer\u00a0: 4.'])
  await picture(page, 'checkin-offline')
  expect(await stateOf('child-2')).toBe('booked')
  // The page dies, and is opened again without a network.
  await page.close()
  const again = await context.newPage()
  await again.goto(at(LIST))
  await expect.poll(() => status(again)).toBe('Hors ligne – 3 pointages en attente')
  expect(await row(again, 'child-2').getByRole('button', { name: 'Présent' }).getAttribute('aria-pressed')).toBe('true')
  await context.setOffline(false)
  await expect.poll(() => status(again)).toBe('En ligne – tout est envoyé')
  expect(await Promise.all(['child-2', 'child-4', 'child-5'].map(stateOf))).toEqual(['present', 'absent-unjustified', 'present'])
  expect(await entries()).toHaveLength(4)
  await context.close()
})

test('what was sent while the answer got lost is sent again, and is there once', async () => {
  const { page, context } = await open('anne')
  await openList(page)
  await page.evaluate(() => {
    const real = globalThis.fetch
    let lost = false
    globalThis.fetch = async (...given) => {
      const answer = await real(...given)
      if (lost) return answer
      lost = true
      throw new TypeError('The network went away before the answer came.')
    }
  })
  await press(page, 'child-1', 'Présent')
  await expect.poll(() => status(page)).toBe('Hors ligne – 1 pointage en attente')
  await context.clock.runFor(16_000)
  await expect.poll(() => status(page)).toBe('En ligne – tout est envoyé')
  expect([(await entries()).length, await stateOf('child-1')]).toEqual([1, 'present'])
  await context.close()
})

test('of two agents who say different things the later one holds, the other is told, and both stay in the journal', async () => {
  const [anne, paul] = [await open('anne'), await open('paul')]
  await openList(anne.page)
  await openList(paul.page)
  await anne.context.setOffline(true)
  await press(anne.page, 'child-1', 'Absent')
  await expect.poll(() => status(anne.page)).toBe('Hors ligne – 1 pointage en attente')
  await paul.context.clock.runFor(90_000)
  kit.outside.advance(90_000)
  await press(paul.page, 'child-1', 'Présent')
  await expect.poll(() => stateOf('child-1')).toBe('present')
  await anne.context.clock.runFor(90_000)
  await anne.context.setOffline(false)
  await expect.poll(() => anne.page.locator('#pointage-refus').innerText()).toContain('Paul Roux a noté «\u00a0Présent\u00a0» à 12\u00a0h\u00a001, après vous.')
  await picture(anne.page, 'checkin-conflict')
  expect([await stateOf('child-1'), (await entries()).map(({ mark, outcome, conflict_with: other }) => [mark, outcome, other !== null])]).toEqual(['present', [['absent', 'superseded', true], ['present', 'applied', false]]])
  await anne.page.reload()
  await anne.page.getByRole('link', { name: 'Voir le journal' }).click()
  expect(await anne.page.getByRole('row').filter({ hasText: 'Anne Roy' }).innerText()).toMatch(/Absent[\s\S]*Dépassé[\s\S]*Contredit/)
  await picture(anne.page, 'checkin-journal')
  await anne.context.close()
  await paul.context.close()
})

test('a session that has ended loses nothing; what somebody else recorded waits for them, or for who answers for it', async () => {
  const { page, context } = await open('anne')
  await openList(page)
  await context.setOffline(true)
  await press(page, 'child-1', 'Présent')
  await context.setOffline(false)
  await expect.poll(() => stateOf('child-1')).toBe('present')
  const cookies = await context.cookies()
  await context.clearCookies()
  await press(page, 'child-2', 'Présent')
  await expect.poll(() => status(page)).toContain('Reconnectez-vous pour envoyer 1')
  await context.addCookies(cookies)
  await page.getByRole('button', { name: 'Se déconnecter' }).click()
  await page.goto(at('/auth/login'))
  await page.getByLabel('Identifiant').fill('paul')
  await page.getByLabel('Mot de passe', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Se connecter' }).click()
  await page.getByRole('button', { name: 'Se déconnecter' }).waitFor()
  await page.goto(at(LIST))
  expect(await page.locator('#pointage-tiers').innerText()).toContain('d’une autre personne')
  expect(await stateOf('child-2')).toBe('booked')
  await page.getByRole('button', { name: 'Les envoyer en mon nom' }).click()
  await expect.poll(() => stateOf('child-2')).toBe('present')
  expect((await entries()).find(({ child_id: child }) => child === 'child-2')?.recorded_name).toBe('Paul Roux')
  await context.close()
})

test('a badge is read by a scanner and by the camera; a child without a booking is found in the list', async () => {
  await (await kit.as('agent.animation')).submit(`${APP}/badges/class-1/creer`, {}, `${APP}/badges/class-1`)
  const badges = await rowsOf<AttendanceTables['badge']>(kit, 'badge', 'child_id')
  const codeOf = (child: string): string => badges.find(({ child_id: id }) => id === child)?.code ?? ''
  const { page, context } = await open('anne', { permissions: ['camera'] })
  // Chromium has no detector on every system; what it gives is its own affair, what is done with it ours.
  await page.addInitScript((code) => {
    Object.assign(globalThis, { BarcodeDetector: class { detect() { return Promise.resolve([{ rawValue: code }]) } } })
    const canvas = () => Object.assign(globalThis.document.createElement('canvas'), { width: 32, height: 32 })
    Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia: () => { const one = canvas(); one.getContext('2d')?.fillRect(0, 0, 9, 9); return Promise.resolve(one.captureStream(5)) } } })
  }, codeOf('child-11'))
  await openList(page)
  await page.getByLabel('Badge').fill(codeOf('child-1'))
  await page.keyboard.press('Enter')
  await expect.poll(() => stateOf('child-1')).toBe('present')
  expect(await page.getByLabel('Badge').inputValue()).toBe('')
  await page.getByLabel('Badge').fill('n’importe quoi')
  await page.keyboard.press('Enter')
  expect(await page.locator('#pointage-refus').innerText()).toContain('Ce badge n’est pas connu')
  await page.getByRole('button', { name: 'Compris' }).click()
  await page.getByRole('button', { name: 'Lire avec la caméra' }).click()
  await expect.poll(() => stateOf('child-11')).toBe('present')
  await page.getByRole('button', { name: 'Arrêter la caméra' }).click()
  await page.getByLabel('Chercher un enfant').fill('girard')
  await expect.poll(() => row(page, 'child-1').isVisible()).toBe(false)
  expect((await rowsOf<BookingTables['booking']>(kit, 'booking', 'id')).find(({ child_id: child }) => child === 'child-11')).toMatchObject({ unbooked: 1, origin: 'attendance' })
  await context.close()
})

test('every page can be used by keyboard, on a phone, and passes the rules; without scripts the same buttons work', async () => {
  await (await kit.as('agent.animation')).submit(`${APP}/badges/class-1/creer`, {}, `${APP}/badges/class-1`)
  for (const width of [1280, 320]) {
    const { page, context } = await open('anne', { viewport: { width, height: 800 } })
    for (const [name, path] of [['choose', `/pointage?jour=${DAY}`], ['list', LIST.slice(APP.length)], ['care', `/pointage/liste?unite=care&jour=${DAY}`], ['badges', '/badges/class-1'], ['extra', `/pointage/ajouter?unite=meal&jour=${DAY}&q=ga`], ['correct', `/pointage/enfant?unite=care&jour=${DAY}&enfant=child-1`]] as const) {
      await page.goto(at(`${APP}${path}`))
      expect([name, await faultsOf(page)]).toEqual([name, []])
      await picture(page, `checkin-${name}-${width}`)
    }
    await context.close()
  }
  const anne = await open('anne')
  await openList(anne.page)
  const button = row(anne.page, 'child-1').getByRole('button', { name: 'Présent' })
  await button.focus()
  await anne.page.keyboard.press('Enter')
  await expect.poll(() => stateOf('child-1')).toBe('present')
  expect(await anne.page.evaluate(() => globalThis.document.activeElement?.textContent)).toContain('Présent')
  const box = await button.boundingBox()
  expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(48)
  await anne.context.close()
  const { page, context } = await open('paul', { javaScriptEnabled: false })
  await page.goto(at(LIST))
  await press(page, 'child-2', 'Absent')
  expect([new URL(page.url()).hash, await row(page, 'child-2').locator('.la-roll-state').innerText(), await stateOf('child-2')]).toEqual(['#enfant-child-2', 'Absent', 'absent-unjustified'])
  await context.close()
})
