import { faultsOf, openBrowser, picture } from '@liberacces/certification/browser'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logInByBrowser } from './browser-login.ts'
import { OPERATOR, PASSWORD, startKernel, type Kernel } from './kernel-kit.ts'
import { LEDGER, LEDGER_ID } from './ledger-plugin.ts'

let browser: Browser
let kernel: Kernel

beforeAll(async () => {
  browser = await openBrowser()
  kernel = await startKernel({ plugins: [LEDGER.first], enable: [] })
  const { accounts, installations, tenants } = kernel.platform
  await accounts.create(tenants.pool()?.id ?? '', { login: 'claire', name: 'Claire Petit', password: PASSWORD, roles: ['pool-admin'] }, OPERATOR)
  await accounts.create(kernel.tenantId(), { login: 'paul', name: 'Paul Roux', password: PASSWORD, roles: ['tenant-admin'] }, OPERATOR)
  await installations.enable(kernel.tenantId(), LEDGER_ID, '1.0.0', OPERATOR)
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await kernel?.[Symbol.asyncDispose]()
})

test('[M45] in a browser the Pool sees its nodes: where they answer, since when, their release, their last sign of life and what they are at', async () => {
  const host = `pool.localhost:${kernel.port}`
  const { page } = await logInByBrowser(browser, host, 'claire')
  await page.goto(`http://${host}/`)
  await page.getByRole('link', { name: 'Nœuds' }).first().click()
  await page.getByRole('heading', { level: 1, name: 'Nœuds' }).waitFor()
  const [node] = await kernel.platform.nodes()
  const row = page.getByRole('row').filter({ hasText: `processus ${process.pid}` })
  expect((await row.innerText()).replaceAll(/\s+/g, ' ')).toMatch(new RegExp(`répond à cette page .*${node?.version.replaceAll('.', String.raw`\.`)}.* Mo de mémoire`))
  await row.getByText('1 module en mémoire').click()
  await row.getByText(`${LEDGER_ID} 1.0.0`).waitFor()
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    await picture(page, `console-nodes-${width}`)
    expect([width, await faultsOf(page)]).toEqual([width, []])
  }
  await page.goto(`http://${host}/noeuds?lang=en`)
  await page.getByRole('heading', { level: 1, name: 'Nodes' }).waitFor()
  expect(await faultsOf(page)).toEqual([])
}, 60_000)

test('[M45] nobody else sees them', async () => {
  const commune = await kernel.as('tenant-admin')
  expect((await commune.get('/noeuds')).status).toBe(404)
  expect((await (await kernel.as('agent', 'pool')).get('/noeuds')).status).toBe(403)
})
