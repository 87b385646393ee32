import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { createPlatform, givenPlugin, readConfig, type Platform } from '@liberacces/core'
import type { Plugin } from '@liberacces/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestClient } from '../../src/testing/index.ts'
import { onPostgres, runEnvironment } from '../run-environment.ts'
import { sectionsWithFiles } from './titled-files.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const PAGE = join(ROOT, 'docs/tutorials/first-plugin.md')
const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const
const APP = '/apps/idees'
const run = promisify(execFile)

/** Where the packages lie that a step of the tutorial depends on, as an installation would link them. */
const PACKAGES: Readonly<Record<string, string>> = { '@liberacces/sdk': 'sdk', '@liberacces/certification': 'certification' }

let folder = ''
let steps: readonly string[] = []

beforeAll(async () => {
  // In the workspace, so that what comes from npm is found.
  await mkdir(join(ROOT, 'certification/temp'), { recursive: true })
  folder = await mkdtemp(join(ROOT, 'certification/temp/tutorial-'))
  steps = await writeSteps(await readFile(PAGE, 'utf8'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Writes each step as a package of its own: what the steps before it wrote, and what it shows itself. */
async function writeSteps(page: string): Promise<readonly string[]> {
  const soFar = new Map<string, string>()
  const names: string[] = []
  for (const { heading, files } of sectionsWithFiles(page)) {
    const name = heading.split(':')[0]?.toLowerCase().replaceAll(' ', '-') ?? ''
    names.push(name)
    for (const [path, text] of files) soFar.set(path, text)
    for (const [path, text] of soFar) {
      await mkdir(dirname(join(folder, name, path)), { recursive: true })
      await writeFile(join(folder, name, path), text)
    }
    await link(join(folder, name), JSON.parse(soFar.get('package.json') ?? '{}') as Record<string, Readonly<Record<string, string>>>)
  }
  return names
}

async function link(step: string, { dependencies = {}, devDependencies = {} }: Record<string, Readonly<Record<string, string>>>): Promise<void> {
  await mkdir(join(step, 'node_modules/@liberacces'), { recursive: true })
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    const target = PACKAGES[name]
    if (target !== undefined) await symlink(join(ROOT, target), join(step, 'node_modules', name))
  }
}

async function pluginOf(step: string): Promise<Plugin> {
  return ((await import(pathToFileURL(join(folder, step, 'src/plugin.tsx')).href)) as { readonly default: Plugin }).default
}

/** The platform of the reader, started again with the code of a step on the data of those before. */
async function restart(data: string, step: string): Promise<Reader> {
  const plugin = await pluginOf(step)
  const config = readConfig({ PORT: '0', ...await runEnvironment(data), LIBERACCES_LOG: 'silent' }, data)
  const platform = await createPlatform({ config, plugins: [givenPlugin(plugin)] })
  expect(platform.catalogue.rejected).toEqual([])
  const { port } = await platform.listen()
  return { platform, plugin, port, [Symbol.asyncDispose]: async () => { await platform.stop() } }
}

interface Reader extends AsyncDisposable {
  readonly platform: Platform
  readonly plugin: Plugin
  readonly port: number
}

function tenantOf({ platform }: Reader, slug = 'la-rochelle'): NonNullable<ReturnType<Platform['tenants']['bySlug']>> {
  const tenant = platform.tenants.bySlug(slug)
  if (tenant === undefined) throw new Error(`There is no tenant ${slug}.`)
  return tenant
}

function visitor(reader: Reader, slug?: string): TestClient {
  return new TestClient(reader.port, tenantOf(reader, slug).hosts[0] ?? '')
}

async function logIn(reader: Reader, role: string, login: string): Promise<TestClient> {
  const { id, hosts } = tenantOf(reader)
  const { accounts, sessions } = reader.platform
  const account = (await accounts.list(id, { search: login, limit: 1 })).accounts[0]
    ?? await accounts.create(id, { login, name: login, password: 'a-long-enough-password', roles: [role] }, OPERATOR)
  const { token } = await sessions.open(id, account.id)
  return new TestClient(reader.port, hosts[0] ?? '', { cookie: { name: 'liberacces_session', value: token } })
}

const html = { headers: { accept: 'text/html' } } as const

// Types know no database.
test.skipIf(onPostgres)('[DOC1] every step of the first tutorial type-checks as it is printed', async () => {
  expect(steps).toEqual(['step-1', 'step-2', 'step-3', 'step-4', 'step-5'])
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ extends: join(ROOT, 'tsconfig.base.json'), include: [...steps, join(ROOT, 'core/src/**/*.d.ts')] }))
  const { stdout } = await run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder]).catch((error: { readonly stdout: string }) => error)
  expect(stdout).toBe('')
}, 180_000)

test('[DOC2] the first tutorial does what it promises, on the data of one platform from its first step to its last', async () => {
  const data = await mkdtemp(join(tmpdir(), 'liberacces-tutorial-'))
  try {
    {
      await using reader = await restart(data, 'step-1')
      const { tenants, installations } = reader.platform
      await tenants.create({ kind: 'pool', name: 'Pool' }, OPERATOR)
      await tenants.create({ kind: 'commune', name: 'La Rochelle', population: 78_000 }, OPERATOR)
      await tenants.create({ kind: 'commune', name: 'Aytré', population: 9_000 }, OPERATOR)
      await installations.enable(tenantOf(reader).id, reader.plugin.id, '*', OPERATOR)
      expect((await visitor(reader).get('/', html)).text).toMatch(/<a href="\/apps\/idees\/"[^>]*>Boîte à idées<\/a>/)
      expect((await visitor(reader).get(`${APP}/`, html)).text).toContain('Les idées des habitants pour la commune.')
      expect((await visitor(reader, 'aytre').get('/', html)).text).not.toContain('Boîte à idées')
      expect((await visitor(reader, 'aytre').get(`${APP}/`, html)).status).toBe(404)
    }
    {
      await using reader = await restart(data, 'step-2')
      // It asks for tables, to which nobody has agreed.
      expect((await visitor(reader).get(`${APP}/`, html)).status).toBe(404)
      await reader.platform.installations.upgrade(tenantOf(reader).id, reader.plugin.id, { range: '*', acceptScopes: true, by: OPERATOR })
      expect((await visitor(reader).get(`${APP}/`, html)).text).toContain('Aucune idée pour le moment.')
      expect((await visitor(reader).get(`${APP}/proposer`, html)).headers['location']).toMatch(/^\/auth\/login/)
      const citizen = await logIn(reader, 'citizen', 'habitante')
      expect((await citizen.submit(`${APP}/proposer`, { text: 'Un banc' })).headers['location']).toBe(`${APP}/`)
      expect((await citizen.get(`${APP}/`, html)).text).toContain('Merci\u00a0! Votre idée est publiée.')
      const short = await citizen.submit(`${APP}/proposer`, { text: 'Un' })
      expect([short.status, short.text.includes('>Un</textarea>')]).toEqual([422, true])
      const loud = await citizen.submit(`${APP}/proposer`, { text: 'UN BANC' })
      expect([loud.status, loud.text.includes('c’est plus facile à lire')]).toEqual([422, true])
    }
    {
      await using reader = await restart(data, 'step-3')
      const citizen = await logIn(reader, 'citizen', 'habitante')
      expect((await citizen.submit(`${APP}/proposer`, { text: 'Une fontaine' })).status).toBe(303)
      await reader.platform.events.settle()
      expect(await reader.platform.events.list(tenantOf(reader).id, { limit: 10 })).toMatchObject([{ type: 'org.example.idea-box.idea-proposed/v1' }])
      expect((await (await logIn(reader, 'agent', 'agente')).get('/bureau', html)).text).toMatch(/<strong>2<\/strong> idées reçues/)
    }
    {
      await using reader = await restart(data, 'step-4')
      const citizen = await logIn(reader, 'citizen', 'habitante')
      expect((await citizen.submit(`${APP}/proposer`, { text: 'Un marché' })).status).toBe(303)
      const { text } = await visitor(reader).get(`${APP}/`, html)
      expect(['Un banc', 'Une fontaine', 'Un marché'].filter((idea) => !text.includes(idea))).toEqual([])
      const { id } = tenantOf(reader)
      const account = (await reader.platform.accounts.list(id, { search: 'habitante', limit: 1 })).accounts[0]
      const known = await reader.platform.privacy.export(id, { id: account?.id ?? '', email: undefined, name: 'habitante' }, OPERATOR)
      expect(known[reader.plugin.id]?.data['ideas']).toMatchObject([{ text: 'Un marché' }])
    }
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}, 60_000)

test('[DOC3] the tests that the first tutorial shows pass', async () => {
  await writeFile(join(folder, 'vitest.config.ts'), `export default { oxc: { jsx: { runtime: 'automatic', importSource: '@liberacces/sdk' } }, test: { include: ['step-5/test/*.test.ts'], testTimeout: 30_000 } }\n`)
  const report = join(folder, 'report.json')
  // A failure is in the report too, so it is the report that is asserted on.
  const { stderr } = await run(join(ROOT, 'node_modules/.bin/vitest'), ['run', '--root', folder, '--reporter', 'json', '--outputFile', report]).catch((error: { readonly stderr: string }) => error)
  const result = JSON.parse(await readFile(report, 'utf8').catch(() => '{}')) as object
  expect({ ...result, stderr }).toMatchObject({ success: true, numTotalTests: 2, numPassedTests: 2 })
}, 120_000)
