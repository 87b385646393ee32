import type { Config } from '../config.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Labels } from '../labels/labels.ts'
import type { LabelPolicy } from '../labels/label-policy.ts'
import type { LabelStanding } from '../labels/label-standing.ts'
import type { Installations } from '../lifecycle/installations.ts'
import type { WaveDesk } from '../lifecycle/wave-desk.ts'
import type { Outside } from '../outside.ts'
import { platformVersion } from '../platform-version.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tenants } from '../tenancy/tenants.ts'

/** What a platform says of how it is run: counts, versions and dates. Nothing of people, nothing secret, no address of a machine. */
export interface Evidence {
  readonly format: 'liberacces-evidence/1'
  /** ISO 8601. */
  readonly at: string
  readonly platform: { readonly version: string; readonly node: string; readonly database: 'sqlite' | 'postgresql'; readonly files: 'disk' | 's3'; readonly walls: string }
  readonly tenants: number
  readonly plugins: readonly {
    readonly id: string; readonly version: string; readonly tenants: number
    /** `false` where it came in an archive. */
    readonly shipped: boolean
    readonly digest?: string
    readonly label?: Pick<LabelStanding, 'grade' | 'state' | 'notAfter' | 'certifier' | 'root' | 'problem' | 'change'>
  }[]
  readonly labelPolicy: LabelPolicy
  /** The article 30 register: of the plugins in use, those that declare what they keep, and tables without a purpose, a basis or how long. */
  readonly register: { readonly plugins: number; readonly stores: number; readonly incomplete: readonly string[] }
  /** When the latest backup was made; absent when none is on record. */
  readonly backup?: { readonly at: string }
  /** The latest rehearsal of an upgrade over all tenants. */
  readonly rehearsal?: { readonly at: string; readonly plugin: string; readonly to: string; readonly done: number; readonly failed: number }
  readonly accessibility: { readonly tenants: number; readonly withContact: number }
  readonly sso: { readonly configured: boolean }
  readonly monitoring: { readonly tracing: boolean; readonly mail: boolean }
}

interface Deps {
  readonly config: Config
  readonly outside: Outside
  readonly storage: Storage
  readonly catalogue: Catalogue
  readonly tenants: Tenants
  readonly installations: Pick<Installations, 'counts'>
  readonly waves: WaveDesk
  readonly labels: Labels
  /** Address that a tenant's people write to, as far as it set one. */
  readonly contactOf: (tenantId: string) => string | undefined
  readonly poolId: () => string
}

/** Gathers what a platform can say of itself. Reads only. */
export async function collectEvidence({ config, outside, storage, catalogue, tenants, installations, waves, labels, contactOf, poolId }: Deps): Promise<Evidence> {
  const [standings, policy, counts] = await Promise.all([labels.standings(), labels.policy(), installations.counts()])
  const manifests = catalogue.manifests.filter(({ id, version }) => counts.some((one) => one.pluginId === id && one.version === version && one.tenants > 0))
  const stores = manifests.flatMap((manifest) => manifest.stores.map((store) => ({ ...store, of: manifest.id })))
  const others = [...tenants.all()].filter(({ info }) => info.kind !== 'pool')
  const backup = await storage.platform.selectFrom('audit').select('at').where('tenant_id', '=', poolId()).where('action', '=', 'backup.made').orderBy('id', 'desc').limit(1).executeTakeFirst()
  const reports = (await Promise.all([...new Set(catalogue.manifests.map(({ id }) => id))].map((id) => waves.report(id)))).flatMap((report) => (report?.kind === 'rehearsal' && report.endedAt !== undefined ? [{ ...report, endedAt: report.endedAt }] : []))
  const rehearsal = reports.toSorted((a, b) => b.endedAt - a.endedAt)[0]
  return {
    format: 'liberacces-evidence/1',
    at: new Date(outside.now()).toISOString(),
    platform: { version: platformVersion(), node: process.versions.node, database: config.databaseUrl === undefined ? 'sqlite' : 'postgresql', files: config.files === undefined ? 'disk' : 's3', walls: config.walls },
    tenants: others.length,
    plugins: manifests.map(({ id, version }) => {
      const standing = standings.find((one) => one.id === id && one.version === version)
      const digest = catalogue.digest(id, version)
      return {
        id, version, tenants: counts.find((one) => one.pluginId === id && one.version === version)?.tenants ?? 0, shipped: digest === undefined, ...(digest === undefined ? {} : { digest }),
        ...(standing === undefined ? {} : { label: pick(standing) }),
      }
    }),
    labelPolicy: policy,
    register: {
      plugins: manifests.length, stores: stores.length,
      incomplete: stores.filter(({ purpose, basis, retentionDays }) => purpose.fr.trim() === '' || basis === undefined || retentionDays === undefined).map(({ of, table }) => `${of}: ${table}`),
    },
    ...(backup === undefined ? {} : { backup: { at: new Date(backup.at).toISOString() } }),
    ...(rehearsal === undefined ? {} : { rehearsal: { at: new Date(rehearsal.endedAt).toISOString(), plugin: rehearsal.pluginId, to: rehearsal.to, done: rehearsal.done, failed: rehearsal.failed } }),
    accessibility: { tenants: others.length, withContact: others.filter(({ id }) => (contactOf(id) ?? '') !== '').length },
    // Logins by another identity provider are no part of the kernel yet.
    sso: { configured: false },
    monitoring: { tracing: config.tracing !== undefined, mail: config.smtpUrl !== undefined },
  }
}

function pick({ grade, state, notAfter, certifier, root, problem, change }: LabelStanding): NonNullable<Evidence['plugins'][number]['label']> {
  return { grade, state, notAfter, ...(certifier === undefined ? {} : { certifier }), ...(root === undefined ? {} : { root }), ...(problem === undefined ? {} : { problem }), ...(change === undefined ? {} : { change }) }
}
