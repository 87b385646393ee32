import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPlatform, fillPlugin, givenPlugin, pluginsUnder, readConfig, type Outside, type Platform, type PluginSource } from '@liberacces/core'
import type { Plugin } from '@liberacces/sdk'
import { onTestFinished } from 'vitest'
import { TestClient } from '../../src/testing/test-client.ts'
import { testOutside } from '../../src/testing/test-clock.ts'
import { runEnvironment } from '../run-environment.ts'

export const BY = { kind: 'operator', id: 'test', name: 'Test' } as const
const PASSWORD = 'a-long-enough-test-password'
const SHIPPED = join(import.meta.dirname, '..', '..', '..', 'plugins')

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'liberacces-leaving-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
  return folder
}

export interface Place {
  readonly platform: Platform
  readonly folder: string
  readonly port: number
  client(slug: string): TestClient
  login(slug: string, login: string, password?: string): Promise<{ readonly client: TestClient; readonly status: number }>
  stop(): Promise<void>
}

export interface PlaceOptions {
  readonly folder?: string
  readonly domain?: string
  readonly plugins?: readonly (Plugin | PluginSource)[]
  readonly reached?: Outside['reached']
  /** @defaultValue true */
  readonly serves?: boolean
  readonly log?: Parameters<typeof createPlatform>[0]['log']
}

/** A platform with the shipped plugins, or others. */
export async function openPlace({ folder = temporaryFolder(), domain = 'localhost', plugins, reached, serves = true, log }: PlaceOptions = {}): Promise<Place> {
  const config = readConfig({ PORT: '0', ...await runEnvironment(folder), LIBERACCES_LOG: process.env['LIBERACCES_LOG'] ?? 'silent', LIBERACCES_BASE_DOMAIN: domain }, folder)
  const outside = testOutside(Number.parseInt(createHash('sha256').update(folder).digest('hex').slice(0, 6), 16))
  const platform = await createPlatform({
    config, ...(log === undefined ? {} : { log }),
    plugins: plugins?.map((plugin) => ('load' in plugin ? plugin : givenPlugin(plugin))) ?? await pluginsUnder(SHIPPED),
    outside: reached === undefined ? outside : Object.assign(Object.create(outside) as Outside, { reached }),
  })
  let stopped = false
  const stop = async (): Promise<void> => {
    if (!stopped) await platform.stop()
    stopped = true
  }
  onTestFinished(stop)
  const port = serves ? (await platform.listen()).port : 0
  return {
    platform, folder, port, stop,
    client: (slug) => new TestClient(port, `${slug}.${domain}`),
    async login(slug, login, password = PASSWORD) {
      const client = new TestClient(port, `${slug}.${domain}`)
      const { status } = await client.post('/auth/login', { login, password })
      return { client, status }
    },
  }
}

/** The Pool and one commune with everything on, filled with demonstration data, and people who can log in. */
export async function makeCommune({ platform }: Place, about: { readonly slug?: string; readonly insee?: string } = {}): Promise<string> {
  const { slug = 'aytre', insee = '17028' } = about
  if (platform.tenants.pool() === undefined) await platform.tenants.create({ kind: 'pool', name: 'Pool d’essai' }, BY)
  const tenant = await platform.tenants.create({ kind: 'commune', name: 'Aytré', slug, insee, hosts: [`www.${slug}.example.fr`] }, BY)
  await platform.installations.enableTogether(tenant.id, [...new Set(platform.catalogue.manifests.map(({ id }) => id))], BY)
  for (const release of platform.installations.modules(tenant.id).releases) await fillPlugin(platform, tenant, release)
  for (const [login, role] of [['admin', 'tenant-admin'], ['agent', 'agent']] as const) {
    await platform.accounts.create(tenant.id, { login, name: `Personne ${login}`, password: PASSWORD, roles: [role] }, BY)
  }
  await platform.events.settle()
  return tenant.id
}

export async function makePool({ platform }: Place): Promise<void> {
  await platform.tenants.create({ kind: 'pool', name: 'Autre Pool' }, BY)
}

/** Exports a tenant to a file of its own. */
export async function exported({ platform, folder }: Place, slug = 'aytre', name = 'export.tar', options: { readonly passwords?: boolean; readonly alone?: boolean } = {}): Promise<string> {
  const tenant = platform.tenants.bySlug(slug)
  if (tenant === undefined) throw new Error(`There is no ${slug}.`)
  const out = join(folder, name)
  await platform.leaving.export(tenant, { out, ...options }, BY)
  return out
}
