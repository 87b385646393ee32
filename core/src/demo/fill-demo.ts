import { randomBytes } from 'node:crypto'
import type { AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import { createCommunes } from '../tenancy/communes.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { planDemoAccounts, type DemoAccount } from './demo-accounts.ts'
import { readUnfinishedAccounts, writeDemoAccounts, writeUnfinishedAccounts } from './demo-accounts-file.ts'
import { LA_ROCHELLE, planDemoTenants, type DemoArea, type PlannedTenant } from './demo-collectivites.ts'
import { dressTenant } from './demo-look.ts'
import type { DemoPlatform } from './demo-platform.ts'
import { readDemoState, writeDemoState } from './demo-state.ts'
import { enablablePlugins, type Enablable } from './enablable-plugins.ts'
import { emptyPlugin, fillPlugin } from './fill-plugin.ts'
import { readablePassword } from '../identity/readable-password.ts'

/** What a demonstration is, and who hears how it goes. */
export interface DemoOptions {
  /** @defaultValue {@link LA_ROCHELLE} */
  readonly area?: DemoArea
  /** Where a tenant answers. */
  readonly addressOf: (slug: string) => string
  /** Stops between two steps when it aborts; the next start goes on from there. */
  readonly signal?: AbortSignal
  readonly progress?: DemoProgress
}

/** Hears how a demonstration comes along. */
export interface DemoProgress {
  /** A tenant is ready. */
  tenant(tenant: Tenant, done: number, total: number, holds: { readonly plugins: number; readonly accounts: number }): void
  /** A plugin stays out, or could not fill itself; the others go on. */
  problem(error: PlatformError): void
}

const PLATFORM: AuditActor = { kind: 'system', id: 'system', name: 'Démonstration' }

/**
 * Makes a demonstration of an empty platform, or goes on with one that was interrupted at any point: tenants, plugins with
 * believable data, accounts. Every step that was done is found and left alone.
 * @returns whether it is complete; not when the signal aborted
 * @throws PlatformError `DATA_LOCKED` when the platform holds tenants that are no demonstration
 */
export async function fillDemo(platform: DemoPlatform, options: DemoOptions): Promise<boolean> {
  const { config: { dataFolder }, tenants } = platform
  const found = readDemoState(dataFolder)
  // Notes of a demonstration whose data is gone are worth nothing.
  const known = found?.state === 'complete' && tenants.list().length === 0 ? undefined : found
  if (known?.state === 'complete') return true
  if (known === undefined) {
    if (tenants.list().length > 0) throw notOurs(dataFolder)
    writeDemoState(dataFolder, { state: 'filling', filled: [] })
  }
  const accounts = new Map(readUnfinishedAccounts(dataFolder).map((account) => [`${account.tenant} ${account.login}`, account]))
  const enablable = enablablePlugins(platform.catalogue)
  for (const problem of [...platform.catalogue.rejected.flatMap(({ problems }) => problems), ...enablable.problems]) options.progress?.problem(problem)
  const planned = await planDemoTenants(options.area ?? LA_ROCHELLE, createCommunes())
  for (const [index, plan] of planned.entries()) {
    if (options.signal?.aborted === true) return false
    const tenant = await madeTenant(platform, plan)
    await dressTenant(platform.settings, tenant, PLATFORM)
    const plugins = tenant.info.kind === 'pool' ? 0 : await fillPlugins(platform, tenant, enablable, options)
    if (plugins === undefined) return false
    const own = await makeAccounts(platform, tenant, accounts, options)
    options.progress?.tenant(tenant, index + 1, planned.length, { plugins, accounts: own })
  }
  writeDemoAccounts(dataFolder, [...accounts.values()])
  writeDemoState(dataFolder, { state: 'complete' })
  return true
}

async function madeTenant({ tenants }: DemoPlatform, { wish, below }: PlannedTenant): Promise<Tenant> {
  const communeOf = (insee: string): Tenant | undefined => tenants.list().find(({ info }) => info.kind === 'commune' && info.insee === insee)
  const known = wish.kind === 'pool' ? tenants.pool() : wish.insee === undefined ? tenants.bySlug(wish.slug ?? '') : communeOf(wish.insee)
  if (known !== undefined) return known
  const parent = below === undefined ? undefined : communeOf(below)?.info.slug
  return tenants.create({ ...wish, ...(parent === undefined ? {} : { parent }) }, PLATFORM)
}

/** Switches every plugin on and fills it; `undefined` when it was stopped between two. */
async function fillPlugins(platform: DemoPlatform, tenant: Tenant, { order }: Enablable, { signal, progress }: DemoOptions): Promise<number | undefined> {
  const { config: { dataFolder }, installations } = platform
  for (const pluginId of order) {
    if (signal?.aborted === true) return undefined
    const state = readDemoState(dataFolder)
    if (state?.state !== 'filling') throw new Error('The state of the demonstration changed while it was made.')
    const key = `${tenant.id} ${pluginId}`
    if (state.filled.includes(key)) continue
    try {
      await installations.enable(tenant.id, pluginId, '*', PLATFORM)
      const release = installations.modules(tenant.id).byId.get(pluginId)
      if (release === undefined) continue
      if (state.filling === key) await emptyPlugin(platform, tenant, release)
      writeDemoState(dataFolder, { ...state, filling: key })
      await fillPlugin(platform, tenant, release)
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error
      progress?.problem(error)
    }
    writeDemoState(dataFolder, { state: 'filling', filled: [...state.filled, key] })
  }
  return installations.modules(tenant.id).releases.length
}

async function makeAccounts(platform: DemoPlatform, tenant: Tenant, known: Map<string, DemoAccount>, { addressOf }: DemoOptions): Promise<number> {
  const { config: { dataFolder }, roles, accounts } = platform
  const planned = planDemoAccounts(tenant, await roles.list(tenant.id)).map((plan) => ({
    ...plan,
    url: addressOf(plan.tenant),
    password: known.get(`${plan.tenant} ${plan.login}`)?.password ?? readablePassword(randomBytes),
  }))
  for (const { tenant: slug, url, login, password, role, roles: held, name } of planned) {
    known.set(`${slug} ${login}`, { tenant: slug, url, login, password, role, roles: held, name })
  }
  writeUnfinishedAccounts(dataFolder, [...known.values()])
  // Hashing is most of the work and runs beside this thread.
  await Promise.all(planned.map(async ({ login, name, password, roles: held }) => {
    if (await accounts.findByLogin(tenant.id, login) !== undefined) return
    await accounts.create(tenant.id, { login, name, password, roles: held, email: `${login}@${tenant.info.slug}.example` }, PLATFORM)
  }))
  return planned.length
}

function notOurs(dataFolder: string): PlatformError {
  return new PlatformError('DATA_LOCKED', `The data folder ${dataFolder} holds tenants that are no demonstration; made-up people do not belong among them.`,
    { fix: 'Run `liberacces serve` to serve it, or give the demonstration a folder of its own: `--data DIR`.' })
}
