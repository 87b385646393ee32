import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'

/** Who logs in where. */
export interface BrowserPerson {
  /** `http://host:port` of the tenant. */
  readonly origin: string
  readonly login: string
  readonly password: string
  /** Of the window. @defaultValue French, in Paris, 1280 × 900 pixels */
  readonly options?: BrowserContextOptions
  /** Done with the window before its first page. */
  readonly prepare?: (context: BrowserContext) => Promise<unknown>
}

/** Opens a window of its own and logs somebody in by the page that people use. The caller closes the window (`page.context().close()`) or the browser. */
export async function logIn(browser: Browser, { origin, login, password, options, prepare }: BrowserPerson): Promise<Page> {
  const context = await browser.newContext({ locale: 'fr-FR', timezoneId: 'Europe/Paris', viewport: { width: 1280, height: 900 }, ...options })
  await prepare?.(context)
  const page = await context.newPage()
  await page.goto(`${origin}/auth/login`)
  await page.getByLabel('Identifiant').fill(login)
  await page.getByLabel('Mot de passe', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Se connecter' }).click()
  await page.getByRole('button', { name: 'Se déconnecter' }).waitFor()
  return page
}
