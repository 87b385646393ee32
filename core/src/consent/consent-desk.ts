import type { Manifest } from '@liberacces/sdk/host'
import type { AuditActor } from '../audit/audit.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { PlatformError } from '../errors.ts'
import type { Installations } from '../lifecycle/installations.ts'
import type { ConsentAnswers, ConsentDecision, Consents, MissingScopes } from './consents.ts'
import { releaseDifference, type Difference } from './release-difference.ts'

/** One scope of the release that a tenant has, and what was decided about it. */
export interface ScopeState {
  readonly scope: string
  /** What is missing without it; `undefined` for what the plugin cannot do without. */
  readonly without: Manifest['title'] | undefined
  /** `undefined` while nobody has decided: not granted, where it is optional. */
  readonly decision: ConsentDecision | undefined
}

/** A plugin at a tenant, as its administrator decides about it. */
export interface PluginConsent {
  readonly pluginId: string
  readonly title: Manifest['title']
  /** The release that the tenant has, on or off; `undefined` where only a waiting one is known. */
  readonly version: string | undefined
  readonly scopes: readonly ScopeState[]
  /** A release that waits for consent, and all that it changes. */
  readonly waiting: (MissingScopes & { readonly version: string; readonly since: number; readonly difference: readonly Difference[] }) | undefined
}

/** What administrators see of what plugins may do, and decide. Pages and commands call nothing else. */
export interface ConsentDesk {
  /** Every plugin that the tenant has, on or off, by id. */
  list(tenantId: string): Promise<readonly PluginConsent[]>
  /**
   * Agrees to the release that waits, but for the optional scopes that are refused. It is not upgraded by this.
   * @throws PlatformError `CONSENT_INVALID` when nothing waits, or what is refused is not optional
   */
  acceptWaiting(tenantId: string, pluginId: string, answers: Pick<ConsentAnswers, 'refuse'>, by: AuditActor): Promise<PluginConsent>
  /**
   * Decides about optional scopes, of the release that the tenant has or of the one that waits.
   * @throws PlatformError `PLUGIN_UNKNOWN`, `CONSENT_INVALID`
   */
  decide(tenantId: string, pluginId: string, answers: ConsentAnswers, by: AuditActor): Promise<PluginConsent>
}

interface Deps {
  readonly consents: Consents
  readonly catalogue: Pick<Catalogue, 'manifest'>
  readonly installations: Pick<Installations, 'list'>
}

/** The desk over the decisions, the catalogue and what is installed. */
export function createConsentDesk({ consents, catalogue, installations }: Deps): ConsentDesk {
  const describe = async (tenantId: string, pluginId: string, installed: string | undefined): Promise<PluginConsent> => {
    const waiting = (await consents.waiting(tenantId)).find((one) => one.pluginId === pluginId)
    const current = installed === undefined ? undefined : catalogue.manifest(pluginId, installed)
    const next = waiting === undefined ? undefined : catalogue.manifest(pluginId, waiting.version)
    const decisions = new Map((await consents.list(tenantId, pluginId)).map((decision) => [decision.scope, decision]))
    const { scopes = [], optionalScopes = {} } = current ?? {}
    return {
      pluginId, version: installed, title: current?.title ?? next?.title ?? { fr: pluginId },
      scopes: [
        ...scopes.map((scope) => ({ scope, without: undefined, decision: decisions.get(scope) })),
        ...Object.entries(optionalScopes).map(([scope, without]) => ({ scope, without, decision: decisions.get(scope) })),
      ],
      waiting: waiting === undefined ? undefined : {
        version: waiting.version, since: waiting.since,
        // Asked again: some of it may have been decided since.
        ...(next === undefined ? { required: waiting.required, optional: waiting.optional } : await consents.missing(tenantId, next)),
        difference: next === undefined ? [] : releaseDifference(current, next),
      },
    }
  }

  const versionsOf = async (tenantId: string): Promise<ReadonlyMap<string, string>> => new Map((await installations.list(tenantId)).map(({ pluginId, version }) => [pluginId, version]))
  const one = async (tenantId: string, pluginId: string): Promise<PluginConsent> => describe(tenantId, pluginId, (await versionsOf(tenantId)).get(pluginId))

  return {
    async list(tenantId) {
      const versions = await versionsOf(tenantId)
      const ids = [...new Set([...versions.keys(), ...(await consents.waiting(tenantId)).map(({ pluginId }) => pluginId)])].sort()
      return Promise.all(ids.map((id) => describe(tenantId, id, versions.get(id))))
    },

    async acceptWaiting(tenantId, pluginId, answers, by) {
      const waiting = (await consents.waiting(tenantId)).find((each) => each.pluginId === pluginId)
      const manifest = waiting === undefined ? undefined : catalogue.manifest(pluginId, waiting.version)
      if (manifest === undefined) {
        throw waiting === undefined
          ? new PlatformError('CONSENT_INVALID', `No release of "${pluginId}" waits for consent here.`, { fix: 'Name optional scopes to change what was decided, or upgrade the plugin.' })
          : new PlatformError('CONSENT_INVALID', `Release ${waiting.version} of "${pluginId}" waits, but is no longer in the catalogue.`, { fix: 'Install it again, or upgrade to another.' })
      }
      await consents.accept(tenantId, manifest, answers, by)
      return one(tenantId, pluginId)
    },

    async decide(tenantId, pluginId, answers, by) {
      const known = await one(tenantId, pluginId)
      const manifests = [known.version, known.waiting?.version].flatMap((version) => (version === undefined ? [] : (catalogue.manifest(pluginId, version) ?? [])))
      const named = [...(answers.accept ?? []), ...(answers.refuse ?? [])]
      const manifest = manifests.find(({ optionalScopes = {} }) => named.every((scope) => Object.hasOwn(optionalScopes, scope))) ?? manifests[0]
      if (manifest === undefined) throw new PlatformError('PLUGIN_UNKNOWN', `Plugin "${pluginId}" was never switched on here, or its release is gone.`, { fix: 'See `liberacces plugin list --tenant T`.' })
      await consents.decide(tenantId, manifest, answers, by)
      return one(tenantId, pluginId)
    },
  }
}
