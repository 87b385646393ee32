import { faultsOf } from '@liberacces/certification/browser'
import { createServer } from 'node:http'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readStatusList, readTrustRoot, writeBundle } from '@liberacces/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changedStatus, signStatusList } from '../../src/label/change-status.ts'
import { buildRegister } from '../../src/register/build-register.ts'
import { runCertify } from '../../src/cli/run-certify.ts'
import { openBrowser } from '../../src/testing/browser.ts'
import { greeterArchive, GREETER_ID, labelledGreeter } from './greeter-archive.ts'
import { ARCHIVE, certifier, labelled, reportOn, TODAY } from './label-kit.ts'

const DAY = 86_400_000
const ours = certifier()
const trusted = readTrustRoot(ours.root)
const first = labelled(ours)
const OTHER = Buffer.concat([ARCHIVE, Buffer.from('<b>')])
const second = labelled(ours, {
  archive: OTHER, vendor: '<script>alert(1)</script> & Fils', status: readStatusList(first.status, trusted), now: TODAY + DAY,
  report: reportOn(OTHER, { plugin: { ...reportOn(OTHER).plugin, version: '1.3.0' } }), decisions: { reviews: [{ check: 'A11Y-04', finding: 'Grille RGAA signée', by: 'Officier 1' }] },
})
const revoked = signStatusList(changedStatus(readStatusList(second.status, trusted), { idx: 0, state: 'revoked', reason: 'security', note: 'Faille connue', appeal: 'https://gie.invalid/appeal', disableAt: TODAY + 40 * DAY }, TODAY + 2 * DAY), ours.keys)
const NOW = TODAY + 3 * DAY

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'register-'))
  await mkdir(join(folder, 'labels'))
  await writeFile(join(folder, 'labels', 'agenda-1.2.0.label.json'), first.label)
  await writeFile(join(folder, 'labels', 'agenda-1.3.0.labelbundle'), writeBundle({ 'package.tgz': OTHER, 'label.json': second.label, 'root.json': ours.root, 'status.json': second.status, 'test-result.json': second.testResult }))
  await writeFile(join(folder, 'root.json'), ours.root)
  await writeFile(join(folder, 'status.json'), revoked)
})
afterAll(async () => { await rm(folder, { recursive: true, force: true }) })

const build = () => buildRegister({ labels: join(folder, 'labels'), root: ours.root, status: revoked, now: NOW, address: 'https://registre.invalid' })

test('[C370] the register shows every label with its history, report, badge and feed, from signed labels alone, and the same labels give the same bytes', async () => {
  const { files, labels, applications, refused } = await build()
  expect([labels, applications, refused]).toEqual([2, 1, []])
  expect((await build()).files).toEqual(files)
  expect([...files.keys()].sort()).toEqual(['applications/agenda.html', 'badges/agenda-1.3.0-1.svg', 'flux.xml', 'index.html', 'index.json', 'labels/0.label.json', 'labels/1.label.json', 'root.json', 'status.json', 'style.css'])
  const page = String(files.get('applications/agenda.html'))
  for (const text of ['Version 1.2.0 : label révoqué', 'Faille connue', 'Version 1.3.0 : label valide', 'Grille RGAA signée', '2 réussis', '<dt>Compatible avec LiberAccès</dt><dd>0.1</dd>', 'Mise hors service le 10 janvier 2027']) expect(page).toContain(text)
  expect(page).not.toContain('<script')
  expect(JSON.parse(String(files.get('index.json')))).toMatchObject({ certifier: 'https://gie.invalid', labels: [{ id: 'agenda', version: '1.3.0', state: 'valid', idx: 1 }, { version: '1.2.0', state: 'revoked', history: [{ reason: 'security' }] }] })
  expect(String(files.get('flux.xml'))).toContain('agenda 1.2.0 : label révoqué')
})

test('[C546] applications are called by the title in the archive that was labelled, reasons are in French, and a bundle with another archive is refused', async () => {
  const labels = join(folder, 'titled')
  await mkdir(labels)
  const archive = await greeterArchive('1.0.0')
  const issued = labelledGreeter(ours, archive, '1.0.0', TODAY)
  const suspended = signStatusList(changedStatus(readStatusList(issued.status, trusted), { idx: 0, state: 'suspended', reason: 'privacy', appeal: 'https://gie.invalid/appeal' }, TODAY + DAY), ours.keys)
  const write = (content: Buffer): Promise<void> => writeFile(join(labels, 'greeter.labelbundle'), writeBundle({ 'package.tgz': content, 'label.json': issued.label, 'root.json': ours.root, 'status.json': issued.status }))
  const built = () => buildRegister({ labels, root: ours.root, status: suspended, now: NOW })
  await write(archive)
  // The label alone beside it takes no title away.
  await writeFile(join(labels, 'greeter.label.json'), issued.label)
  const { files } = await built()
  expect(String(files.get('index.html'))).toContain(`<a href="applications/${GREETER_ID}.html">Salut</a><br><code>${GREETER_ID}</code>`)
  const page = String(files.get(`applications/${GREETER_ID}.html`))
  for (const text of ['<h1>Salut</h1>', `Identifiant : <code>${GREETER_ID}</code>`, 'label suspendu, protection des données. Recours']) expect(page).toContain(text)
  expect(String(files.get('flux.xml'))).toContain('Salut 1.0.0 : label suspendu')
  await rm(join(labels, 'greeter.labelbundle'))
  expect(String((await built()).files.get('index.html'))).toContain(`>${GREETER_ID}</a></th>`)
  await write(await greeterArchive('1.0.1'))
  expect(await built()).toMatchObject({ refused: [{ file: 'greeter.labelbundle', why: expect.stringContaining('holds another archive') }] })
})

test('[C371] what does not verify is refused as a whole, each file with why, and an older register stays as it was', async () => {
  const certify = async (...argv: readonly string[]): Promise<{ readonly exit: number; readonly out: string }> => {
    let out = ''
    const exit = await runCertify(['register', 'build', ...argv], folder, { out: (text) => { out += text }, err: (text) => { out += text } })
    return { exit, out }
  }
  const args = ['--labels', 'labels', '--root', 'root.json', '--status', 'status.json', '--out', 'site']
  expect((await certify(...args)).exit).toBe(0)
  const before = await readFile(join(folder, 'site', 'index.html'), 'utf8')
  await writeFile(join(folder, 'labels', 'foreign.label.json'), labelled(certifier()).label)
  const refused = await certify(...args)
  expect(refused).toMatchObject({ exit: 1, out: expect.stringContaining('foreign.label.json: The label is signed by keys of no root') })
  expect(await readFile(join(folder, 'site', 'index.html'), 'utf8')).toBe(before)
  await rm(join(folder, 'labels', 'foreign.label.json'))
  expect((await certify(...args)).exit).toBe(0)
  // What lies beside it is left alone, and nothing is left there.
  await mkdir(join(folder, 'site.old'))
  await writeFile(join(folder, 'site.old', 'mine.txt'), 'mine')
  expect((await certify(...args)).exit).toBe(0)
  expect(await readFile(join(folder, 'site.old', 'mine.txt'), 'utf8')).toBe('mine')
  expect((await readdir(folder)).filter((name) => name.startsWith('site.n') || name.startsWith('.register'))).toEqual([])
  // A folder of somebody else is not replaced.
  expect((await certify(...args.slice(0, -1), '.')).exit).toBe(2)
  expect((await certify('--labels', 'nowhere', ...args.slice(2))).exit).toBe(2)
})

test('[C372] its pages have no accessibility fault that axe finds, at 1280 and 320 px', async () => {
  const { files } = await build()
  const server = createServer((request, response) => {
    const content = files.get((request.url ?? '/').slice(1))
    const type = request.url?.endsWith('.css') === true ? 'text/css' : request.url?.endsWith('.svg') === true ? 'image/svg+xml' : 'text/html; charset=utf-8'
    response.writeHead(content === undefined ? 404 : 200, { 'content-type': type }).end(content)
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as { readonly port: number }
  const browser = await openBrowser()
  try {
    for (const width of [1280, 320]) {
      const page = await browser.newPage({ viewport: { width, height: 800 } })
      for (const path of ['index.html', 'applications/agenda.html']) {
        await page.goto(`http://127.0.0.1:${port}/${path}`)
        expect(await faultsOf(page)).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
      }
      await page.close()
    }
  } finally {
    await browser.close()
    server.close()
  }
})
