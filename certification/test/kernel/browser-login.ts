import type { Browser, BrowserContext, Page } from 'playwright-core'
import { PASSWORD } from './kernel-kit.ts'

/** Opens a window at a host and logs in with the password of the kit. @param host - with its port */
export async function logInByBrowser(browser: Browser, host: string, login: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<{ readonly page: Page; readonly context: BrowserContext }> {
  const context = await browser.newContext({ locale: 'fr-FR', viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  await page.goto(`http://${host}/auth/login`)
  await page.getByLabel('Identifiant').fill(login)
  await page.getByLabel('Mot de passe', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Se connecter' }).click()
  await page.getByRole('button', { name: 'Se déconnecter' }).waitFor()
  return { page, context }
}
