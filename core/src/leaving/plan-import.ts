import { statfs } from 'node:fs/promises'
import semver from 'semver'
import { planInstallations, type Wish } from '../catalogue/plan.ts'
import { PlatformError } from '../errors.ts'
import type { NewTenant } from '../tenancy/new-tenant.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import type { ArchiveManifest, LockedPlugin } from './archive-format.ts'
import type { LeavingPorts } from './leaving-ports.ts'

/** Room that stays free on the disk, in bytes. */
const SPARE_BYTES = 64 * 1024 * 1024

/** How a tenant is brought in. */
export interface ImportWishes {
  /** Another slug. */
  readonly as?: string
  /** Slug of the tenant above. @defaultValue the one it had where that is here, else the Pool */
  readonly parent?: string
  /** Whether newer releases may have scopes that the tenant has not agreed to. @defaultValue false */
  readonly acceptScopes?: boolean
  /** SHA-256 that the manifest must have, as `tenant export` said it. */
  readonly fingerprint?: string
}

/** A release that is to run for the tenant, instead of the one that ran for it. */
export interface PlannedPlugin {
  readonly id: string
  readonly version: string
  readonly before: string
  /** Of its archive, where it came in one. */
  readonly digest: string | undefined
  readonly refused: readonly string[]
}

/** What an import will do. */
export interface ImportPlan {
  readonly wish: NewTenant
  /** Providers before those who need them. */
  readonly plugins: readonly PlannedPlugin[]
  /** Hosts that stay behind, because they lie under this platform's own domain. */
  readonly droppedHosts: readonly string[]
}

/**
 * Decides from the manifest alone whether a tenant can come, before anything is touched.
 * @throws PlatformError `TENANT_EXISTS`, `TENANT_INVALID`, `TENANT_UNKNOWN` (the parent), `IMPORT_PLUGIN_MISSING`,
 * `PLUGIN_NOT_ENTITLED`, `PLUGIN_CONSENT_NEEDED`, `DISK_SPACE_MISSING`, `LABEL_…`, or those of a plan of plugins
 */
export async function planImport(ports: LeavingPorts, manifest: ArchiveManifest, wishes: ImportWishes): Promise<ImportPlan> {
  const { wish, droppedHosts } = wishOf(ports, manifest, wishes)
  const tenant = await ports.tenants.planAdoption(wish, manifest.tenant.id)
  const plugins = planPlugins(ports, tenant, manifest, wishes)
  await ports.requireStartable(plugins)
  await requireRoom(ports.dataFolder, manifest.index.bytes + manifest.index.size)
  return { wish, plugins, droppedHosts }
}

function wishOf({ tenants }: LeavingPorts, { tenant }: ArchiveManifest, wishes: ImportWishes): Pick<ImportPlan, 'wish' | 'droppedHosts'> {
  const { name, kind, siren, insee, population, hosts } = tenant
  const pool = tenants.pool()
  const parent = wishes.parent ?? (tenant.parent !== undefined && tenants.bySlug(tenant.parent) !== undefined ? tenant.parent : kind === 'satellite' ? undefined : pool?.info.slug)
  if (pool === undefined || parent === undefined) {
    throw new PlatformError('TENANT_UNKNOWN', pool === undefined
      ? 'This platform has no Pool yet, and so nothing a tenant could stand below.'
      : `"${name}" was below "${tenant.parent ?? 'nothing'}", which is not here.`, {
      fix: pool === undefined ? 'Make the Pool with `liberacces tenant create NAME`, then import.' : 'Import that tenant first, or name another one with --parent.',
    })
  }
  // The Pool's own host tells which domain is the platform's.
  const suffix = (pool.hosts[0] ?? '').slice(pool.info.slug.length)
  const isOurs = (host: string): boolean => suffix.length > 1 && `.${host}`.endsWith(suffix)
  return {
    wish: {
      name, kind, slug: wishes.as ?? tenant.slug, parent, hosts: hosts.filter((host) => !isOurs(host)),
      ...(siren === undefined ? {} : { siren }), ...(insee === undefined ? {} : { insee }), ...(population === undefined ? {} : { population }),
    },
    droppedHosts: hosts.filter(isOurs),
  }
}

function planPlugins({ catalogue, entitlements }: LeavingPorts, { parentId, info }: Tenant, { plugins }: ArchiveManifest, { acceptScopes = false }: ImportWishes): readonly PlannedPlugin[] {
  const wanted = plugins.filter(({ state }) => state === 'active')
  const found = wanted.map((plugin) => ({ plugin, version: versionFor(catalogue, plugin) }))
  const missing = found.flatMap(({ plugin, version }) => (typeof version === 'string' ? [] : [`"${plugin.id}" ${plugin.version} (${version.because})`]))
  if (missing.length > 0) {
    throw new PlatformError('IMPORT_PLUGIN_MISSING', `"${info.name}" needs what is not here: ${missing.join(', ')}.`, { fix: 'Install these releases with `liberacces plugin install`, or newer ones, then import again.' })
  }
  const barred = parentId === undefined ? [] : wanted.filter(({ id }) => !entitlements.mayUse(parentId, id))
  if (barred.length > 0) {
    throw new PlatformError('PLUGIN_NOT_ENTITLED', `Below this tenant these plugins may not be used: ${barred.map(({ id }) => `"${id}"`).join(', ')}.`, { fix: 'Grant them to the tenant above, or choose another one with --parent.' })
  }
  const planned: Wish[] = found.map(({ plugin, version }) => ({ id: plugin.id, range: typeof version === 'string' ? version : '' }))
  const plan = planInstallations(catalogue.manifests, planned)
  if (!plan.ok) throw allOf(plan.problems)
  if (!acceptScopes) requireAgreed(plan.order, wanted)
  return plan.order.flatMap(({ id, version }) => {
    const before = wanted.find((plugin) => plugin.id === id)
    return before === undefined ? [] : [{ id, version, before: before.version, digest: catalogue.digest(id, version), refused: before.refused }]
  })
}

/** The release that ran, or the newest after it. Never an older one: it would not know the tables. */
function versionFor(catalogue: LeavingPorts['catalogue'], { id, version, digest }: LockedPlugin): string | { readonly because: string } {
  if (catalogue.manifest(id, version) !== undefined) {
    const ours = catalogue.digest(id, version)
    if (digest !== undefined && ours !== undefined && ours !== digest) return { because: `what is here under this version is another archive: ${ours}, and not ${digest}` }
    return version
  }
  const known = catalogue.find(id)
  const newer = known.map((manifest) => manifest.version).filter((one) => semver.valid(version) !== null && semver.gt(one, version)).toSorted((a, b) => semver.rcompare(a, b))[0]
  return newer ?? { because: known.length === 0 ? 'not here at all' : `here only as ${known.map((manifest) => manifest.version).join(' and ')}, which is older` }
}

/** A newer release that may do more than was agreed to waits for somebody who has seen it. */
function requireAgreed(order: readonly { readonly id: string; readonly version: string; readonly scopes: readonly string[] }[], wanted: readonly LockedPlugin[]): void {
  const more = order.flatMap(({ id, version, scopes }) => {
    const before = wanted.find((plugin) => plugin.id === id)
    if (before === undefined || before.version === version) return []
    const added = scopes.filter((scope) => !before.scopes.includes(scope))
    return added.length === 0 ? [] : [`"${id}" ${version}: ${added.join(', ')}`]
  })
  if (more.length === 0) return
  throw new PlatformError('PLUGIN_CONSENT_NEEDED', `Newer releases would do more than the tenant agreed to: ${more.join('; ')}.`, { fix: 'Look at what they want, then import with --accept-scopes; or install the releases that the tenant ran.' })
}

async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free < bytes + SPARE_BYTES) {
    throw new PlatformError('DISK_SPACE_MISSING', `The tenant takes ${bytes} bytes, and the disk of ${folder} has ${free} free.`, { fix: 'Make room on the disk, then import again.' })
  }
}

function allOf(problems: readonly PlatformError[]): PlatformError {
  const [first] = problems
  if (first === undefined) throw new Error('A plan failed without a problem.')
  return new PlatformError(first.code, problems.map(({ message }) => message).join(' '), { fix: [...new Set(problems.map(({ fix }) => fix))].join(' ') })
}
