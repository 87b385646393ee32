import type { Endpoint } from '@liberacces/sdk/host'
import type { Browser, BrowserContext } from 'playwright-core'
import { nameOfEndpoint } from '../kernel/exchange.ts'
import type { Ground } from '../kernel/ground.ts'
import type { KernelStage } from '../kernel/kernel-stage.ts'
import type { Persona } from '../kernel/persona.ts'
import type { Tour } from '../kernel/tour.ts'
import { lookAtScreen, WIDE, type OpenedPage } from './look-at-screen.ts'
import type { ScreenState, SeenScreen } from './seen-screen.ts'

/** Longest wait for a page or for a form that was sent, in milliseconds. */
const PAGE_MS = 15_000
/** esbuild, which runs the sources, wraps functions in this; within a page nobody knows it. */
const NAMES = 'globalThis.__name ??= (named) => named'

/** A screen that is to be looked at. */
interface Stop {
  readonly name: string
  readonly path: string
  readonly persona: Persona | undefined
  readonly isForm: boolean
}

/** Goes through every screen of the plugin in a browser, in each state that it has. */
export async function surveyScreens(browser: Browser, kernel: KernelStage, signal: AbortSignal): Promise<readonly SeenScreen[]> {
  const tour = await kernel.tour()
  const seen: SeenScreen[] = []
  await visitAll(browser, tour.ground, stopsOf(tour), seen, 'full', signal)
  await using empty = await kernel.fresh()
  await visitAll(browser, empty, stopsAt(empty), seen, 'empty', signal)
  await visitAll(browser, empty, stopsAt(empty).filter(({ isForm }) => isForm), seen, 'error', signal)
  return seen
}

function isScreen(endpoint: Endpoint): boolean {
  return endpoint.kind === 'page' || endpoint.kind === 'form'
}

/** Where things were made: each screen with what is known to be there. */
function stopsOf({ alpha, ground }: Tour): readonly Stop[] {
  return alpha.endpoints.filter(isScreen).flatMap((endpoint) => {
    const params = alpha.ids.paramsFor(endpoint)[0]
    return params === undefined ? [] : [stop(ground, endpoint, alpha.whoFor(endpoint), params)]
  })
}

/** Where nothing was made: the screens that are there all the same. */
function stopsAt(ground: Ground): readonly Stop[] {
  const { alpha } = ground
  return ground.release().registrations.endpoints.filter((endpoint) => isScreen(endpoint) && !endpoint.path.includes(':'))
    .map((endpoint) => stop(ground, endpoint, endpoint.permission === undefined ? undefined : alpha.whoMay(endpoint.permission), {}))
}

function stop({ manifest }: Ground, endpoint: Endpoint, persona: Persona | undefined, params: Readonly<Record<string, string>>): Stop {
  const path = endpoint.path.replaceAll(/:([^/]+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  return { name: nameOfEndpoint(endpoint), path: `/apps/${manifest.path}${path}`, persona, isForm: endpoint.kind === 'form' }
}

async function visitAll(browser: Browser, ground: Ground, stops: readonly Stop[], seen: SeenScreen[], state: ScreenState, signal: AbortSignal): Promise<void> {
  const byPersona = Map.groupBy(stops, ({ persona }) => persona)
  for (const [persona, own] of byPersona) {
    const context = await browser.newContext({
      locale: 'fr-FR', timezoneId: 'Europe/Paris', viewport: WIDE, serviceWorkers: 'block', extraHTTPHeaders: persona === undefined ? {} : { authorization: `Bearer ${persona.token}` },
    })
    try {
      await context.addInitScript(NAMES)
      for (const one of own) {
        if (signal.aborted) return
        const screen = await visit(context, ground, one, state)
        if (screen !== undefined) seen.push(screen)
      }
    } finally {
      await context.close()
    }
  }
}

/** @returns `undefined` for what answers with no page of its own: that is for other checks to say */
async function visit(context: BrowserContext, ground: Ground, { name, path, persona, isForm }: Stop, state: ScreenState): Promise<SeenScreen | undefined> {
  const before = ground.takenOut.length
  const opened = await openPage(context, ground)
  try {
    const { page } = opened
    const answer = await page.goto(`http://${ground.alpha.host}:${ground.port}${path}`, { waitUntil: 'load', timeout: PAGE_MS })
    if (answer === null || answer.status() >= 400 || !(answer.headers()['content-type'] ?? '').includes('html')) return undefined
    if (state === 'error' && !await sendEmpty(opened, isForm)) return undefined
    const who = persona?.label ?? 'visitor of alpha'
    return await lookAtScreen(opened, { label: `${name} as ${who}, ${state}`, state, part: 'main', takenOut: ground.takenOut.slice(before) })
  } finally {
    await opened.page.close()
  }
}

async function openPage(context: BrowserContext, ground: Ground): Promise<OpenedPage> {
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => { if (message.type() === 'error' && /Content Security Policy|Refused to|blocked/i.test(message.text())) complaints.push(message.text().slice(0, 300)) })
  page.on('pageerror', (error) => { complaints.push(`script error: ${error.message}`.slice(0, 300)) })
  // Nothing leaves the machine, whatever a page asks for.
  await page.route((url) => url.protocol !== 'data:' && url.host !== `${ground.alpha.host}:${ground.port}`, async (route) => {
    complaints.push(`wanted to load ${route.request().url().slice(0, 200)}`)
    await route.abort()
  })
  return { page, complaints }
}

/** Sends the first form of the plugin's own with nothing in it. @returns whether an answer came that is a page */
async function sendEmpty({ page, complaints }: OpenedPage, isForm: boolean): Promise<boolean> {
  const form = page.locator('main form[method=post]').first()
  if (!isForm || await form.count() === 0) return false
  const answered = page.waitForResponse((response) => response.request().method() === 'POST', { timeout: PAGE_MS })
  await form.evaluate((element: HTMLFormElement) => {
    element.noValidate = true
    element.dataset['sent'] = ''
    for (const field of element.querySelectorAll<HTMLInputElement>('input:not([type=hidden]),textarea')) if (field.type === 'checkbox' || field.type === 'radio') field.checked = false
      else field.value = ''
    element.requestSubmit()
  })
  const response = await answered
  // As another page, or put into this one by Turbo: either way the form that was sent goes.
  await page.waitForFunction(() => globalThis.document.readyState === 'complete' && globalThis.document.querySelector('form[data-sent]') === null, undefined, { timeout: PAGE_MS })
  // That the answer says 422 is no complaint.
  complaints.splice(0, complaints.length, ...complaints.filter((text) => !text.includes('status of 4')))
  return response.status() >= 400 && response.status() < 500
}
