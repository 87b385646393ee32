import type { Context, Localized, PrivacyErasure, PrivacyExport, PrivacySubject } from '@liberacces/sdk'
import { Type } from '@sinclair/typebox'
import type { Audit, AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { Modules } from '../lifecycle/modules.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { Gates } from '../runtime/gates.ts'
import { inside } from '../runtime/inside.ts'
import type { Origin, Runtime } from '../runtime/runtime.ts'
import { misfit } from '../validation.ts'

/** Longest one plugin may take for one person, in milliseconds. */
const LIMIT_MS = 60_000

const Export = Type.Object({ data: Type.Record(Type.String(), Type.Unknown()), files: Type.Optional(Type.Array(Type.String())) })
const Erasure = Type.Object({ erased: Type.Integer({ minimum: 0 }), kept: Type.Optional(Type.Array(Type.Object({ what: Type.Unknown(), because: Type.Unknown() }))) })

/** One line of a tenant's register of processing activities (GDPR, article 30). */
export interface RegisterLine {
  readonly pluginId: string
  readonly plugin: Localized
  readonly table: string
  readonly purpose: Localized
  readonly basis: string
  /** `null`: the law keeps it for good. */
  readonly retentionDays: number | null
}

/** What each plugin said, by plugin id. */
export type ByPlugin<Answer> = Readonly<Record<string, Answer>>

/** Personal data across all plugins of a tenant. */
export interface PrivacyDesk {
  register(tenantId: string): readonly RegisterLine[]
  /**
   * Everything that the tenant's plugins hold of a person (GDPR, article 15).
   * @throws PlatformError `UNAVAILABLE` while a plugin with data is switched off; `PLUGIN_CALL_FAILED`, `PLUGIN_ANSWER_INVALID`: an export with a hole in it is none
   */
  export(tenantId: string, subject: PrivacySubject, by: AuditActor): Promise<ByPlugin<PrivacyExport>>
  /**
   * Erases or makes anonymous what they hold (GDPR, article 17), and says what the law keeps. Doing it again is harmless: when one
   * plugin fails, the others have erased, and the next try goes on.
   * @throws PlatformError `UNAVAILABLE` while a plugin with data is switched off, before anything is erased; `PLUGIN_CALL_FAILED`, `PLUGIN_ANSWER_INVALID` after every plugin had its turn
   */
  erase(tenantId: string, subject: PrivacySubject, by: AuditActor): Promise<ByPlugin<PrivacyErasure>>
}

interface Deps {
  readonly runtime: Runtime
  readonly gates: Gates
  readonly audit: Audit
  readonly modules: (tenantId: string) => Modules
  /** The platform itself. */
  readonly origin: (tenantId: string) => Origin
  /** Ids of the plugins that hold data of a tenant, active or not. */
  readonly storesOf: (tenantId: string) => Promise<readonly string[]>
}

type Ask = (c: Context, subject: PrivacySubject) => Promise<unknown>

/** Asks the plugins of a tenant, through the door that every call takes. */
export function createPrivacyDesk({ runtime, gates, audit, modules, origin, storesOf }: Deps): PrivacyDesk {
  const holders = (tenantId: string): readonly LoadedRelease[] => modules(tenantId).releases.filter((release) => release.manifest.stores.length > 0)

  /** A plugin that is switched off keeps its data but cannot be asked: leaving it out silently would be a lie. */
  const refuseSilent = async (tenantId: string): Promise<void> => {
    const { byId } = modules(tenantId)
    const silent = (await storesOf(tenantId)).filter((pluginId) => !byId.has(pluginId))
    if (silent.length > 0) {
      throw new PlatformError('UNAVAILABLE', `${silent.map((pluginId) => `"${pluginId}"`).join(', ')} may hold personal data but cannot be asked: switched off on this tenant.`, { fix: 'Switch the plugin on for as long as it takes.' })
    }
  }

  const ask = (holder: LoadedRelease, tenantId: string, subject: PrivacySubject, what: 'export' | 'erase'): Promise<unknown> => inside(gates, { ...origin(tenantId), beyondQuotas: true }, holder.manifest.id, async (from) => {
    const release = modules(tenantId).byId.get(holder.manifest.id) ?? holder
    const asked = release.plugin.privacy[what] as Ask | undefined
    if (asked === undefined) throw new PlatformError('MANIFEST_INVALID', `Plugin "${release.manifest.id}" stores personal data but has no privacy.${what}.`, { fix: 'Its publisher must add it.' })
    const answer = await runtime.call(release, from, { what: `privacy ${what}`, limitMs: LIMIT_MS }, (c) => asked(c, subject))
    const wrong = misfit(what === 'export' ? Export : Erasure, answer)
    if (wrong !== undefined) throw new PlatformError('PLUGIN_ANSWER_INVALID', `Plugin "${release.manifest.id}" answered privacy.${what} with something else than it should: ${wrong}.`, { fix: 'The plugin must be mended; tell its publisher.' })
    return answer
  })

  return {
    register: (tenantId) => holders(tenantId).flatMap(({ manifest }) => manifest.stores.map(({ table, purpose, basis, retentionDays }) => ({
      pluginId: manifest.id, plugin: manifest.title as Localized, table, purpose: purpose as Localized, basis, retentionDays,
    }))),
    async export(tenantId, subject, by) {
      await refuseSilent(tenantId)
      const answers: Record<string, PrivacyExport> = {}
      for (const release of holders(tenantId)) answers[release.manifest.id] = (await ask(release, tenantId, subject, 'export')) as PrivacyExport
      await audit.record({ tenantId, actor: by, action: 'privacy.exported', target: subject.id })
      return answers
    },
    async erase(tenantId, subject, by) {
      await refuseSilent(tenantId)
      const answers: Record<string, PrivacyErasure> = {}
      const failures: unknown[] = []
      for (const release of holders(tenantId)) {
        try {
          answers[release.manifest.id] = (await ask(release, tenantId, subject, 'erase')) as PrivacyErasure
        } catch (error) {
          failures.push(error)
        }
      }
      await audit.record({ tenantId, actor: by, action: 'privacy.erased', target: subject.id, detail: { plugins: Object.keys(answers).length, failed: failures.length } })
      if (failures.length > 0) throw failures[0]
      return answers
    },
  }
}
