import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { corpusPlugins } from '../../corpus/base/corpus-plugin.ts'
import { openBrowserStage } from '../../src/browser/open-browser-stage.ts'
import type { SeenScreen } from '../../src/browser/seen-screen.ts'
import { openSubject } from '../../src/harness/open-subject.ts'
import { packPlugin } from '../../src/pack/pack-plugin.ts'

const WORKSPACE = join(import.meta.dirname, '../../..')

async function open(path: string) {
  const subject = await openSubject(path, { cwd: WORKSPACE, pack: async (folder) => (await packPlugin(folder)).archive })
  return await openBrowserStage(subject, { seed: 1, signal: new AbortController().signal, say: () => undefined })
}

async function screensOf(name: string): Promise<readonly SeenScreen[]> {
  const plugin = (await corpusPlugins()).find((one) => one.name === name)
  await using made = await plugin?.make()
  const opened = await open(made?.path ?? '')
  if ('missing' in opened) throw new Error(opened.missing)
  onTestFinished(() => opened.close())
  return await opened.ground.screens()
}

test('[C400] [C401] each page and form of a good plugin is looked at full, empty and after an error, and has no fault', async () => {
  const screens = await screensOf('good-base')
  expect(screens.map(({ label }) => label)).toEqual([
    'GET / (page) as visitor of alpha, full', 'POST /ecrire (form) as citizen of alpha, full', 'GET /gestion (page) as agent of alpha, full',
    'GET / (page) as visitor of alpha, empty', 'POST /ecrire (form) as citizen of alpha, empty', 'GET /gestion (page) as agent of alpha, empty', 'POST /ecrire (form) as citizen of alpha, error',
  ])
  for (const { label, state, ...seen } of screens) expect({ label, faults: Object.entries(seen).flatMap(([what, spots]) => spots.map((spot: unknown) => [what, spot])) }, state).toEqual({ label, faults: [] })
})

test('[C400] a picture from elsewhere is seen to be taken out, and the browser is not asked for it', async () => {
  const [about] = (await screensOf('bad-foreign-picture')).filter(({ label }) => label.includes('/a-propos'))
  expect(about?.takenOut).toEqual([{ element: 'img', attribute: 'src', value: 'https://cdn.example/logo.png' }])
  expect(about?.refused).toEqual([])
})

test('[C402] without a browser the machine is to blame, and it is said what to install', async () => {
  vi.doMock('../../src/testing/browser.ts', () => ({ openBrowser: () => Promise.reject(new Error('no browser\nat all')) }))
  onTestFinished(() => { vi.doUnmock('../../src/testing/browser.ts') })
  expect(await open(join(WORKSPACE, 'templates/basic'))).toEqual({ missing: 'No browser could be started: no browser', fix: expect.stringContaining('npm install playwright-core') as string, blame: 'machine' })
})
