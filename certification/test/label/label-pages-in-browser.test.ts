import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readStatusList, readTrustRoot, writeBundle } from '@liberacces/core'
import { faultsOf, openBrowser, picture } from '@liberacces/certification/browser'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changedStatus, signStatusList } from '../../src/label/change-status.ts'
import { logInByBrowser } from '../kernel/browser-login.ts'
import { OPERATOR, PASSWORD, startKernel, type Kernel } from '../kernel/kernel-kit.ts'
import { greeterArchive, GREETER_ID, labelledGreeter } from './greeter-archive.ts'
import { certifier } from './label-kit.ts'

let browser: Browser
let kernel: Kernel

beforeAll(async () => {
  browser = await openBrowser()
  kernel = await startKernel({ plugins: [] })
  const { accounts, tenants, labels, releases, installations, config } = kernel.platform
  await accounts.create(tenants.pool()?.id ?? '', { login: 'claire', name: 'Claire Petit', password: PASSWORD, roles: ['pool-admin'] }, OPERATOR)
  const ours = certifier()
  const archive = await greeterArchive('1.0.0')
  const issued = labelledGreeter(ours, archive, '1.0.0', kernel.outside.now())
  const bundle = join(config.dataFolder, 'greeter.labelbundle')
  await writeFile(bundle, writeBundle({ 'package.tgz': archive, 'label.json': issued.label, 'root.json': ours.root, 'status.json': issued.status }))
  await labels.trust(ours.root, undefined, OPERATOR)
  await releases.install(bundle, '/', OPERATOR)
  await installations.enable(kernel.tenantId(), GREETER_ID, '*', OPERATOR)
  const list = readStatusList(issued.status, readTrustRoot(ours.root))
  await labels.update(signStatusList(changedStatus(list, { idx: 0, state: 'suspended', reason: 'security', note: 'Une fuite est à l’étude', appeal: 'https://gie.invalid/appeal' }, kernel.outside.now()), ours.keys), OPERATOR)
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await kernel?.[Symbol.asyncDispose]()
})

test('[K89] in a browser the pages of labels have no accessibility fault, and an operator decides by keyboard about what was suspended', async () => {
  const host = `pool.localhost:${kernel.port}`
  const { page } = await logInByBrowser(browser, host, 'claire')
  for (const path of ['/labels', '/modules', `/modules/${GREETER_ID}`]) {
    await page.goto(`http://${host}${path}`)
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 900 })
      await picture(page, `labels-${path.replaceAll('/', '-')}-${width}`)
      expect([path, width, await faultsOf(page)]).toEqual([path, width, []])
    }
  }
  await page.getByLabel('Motif').fill('Service d’état civil, sans alternative')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText('Décision\u00a0: poursuivre le service').first().waitFor()
})
