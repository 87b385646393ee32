import type { Manifest } from '@liberacces/sdk/host'
import { sql, type Kysely } from 'kysely'
import type { Audit, AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { Reloadable } from '../nodes/reloadable.ts'
import { changedAmong } from '../nodes/reloadable.ts'
import type { Outside } from '../outside.ts'
import type { ConsentRow, PlatformTables } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'

/** Scopes of a release about which a tenant has not decided yet. */
export interface MissingScopes {
  /** Without these it cannot run. */
  readonly required: readonly string[]
  /** These may be refused. */
  readonly optional: readonly string[]
}

/** A decision as it was taken. */
export interface ConsentDecision {
  readonly pluginId: string
  readonly scope: string
  readonly decision: ConsentRow['decision']
  /** Milliseconds since the Unix epoch. */
  readonly at: number
  readonly by: AuditActor
}

/** A release that waits for a tenant's decision. */
export interface WaitingConsent extends MissingScopes {
  readonly pluginId: string
  readonly version: string
  /** Milliseconds since the Unix epoch. */
  readonly since: number
}

/** Answers to optional scopes; a scope may stand in one of the two only. */
export interface ConsentAnswers {
  readonly accept?: readonly string[]
  readonly refuse?: readonly string[]
}

type Tx = Kysely<PlatformTables>

/** What the administrators of tenants decided about what plugins may do. What nobody decided is not granted. */
export interface Consents {
  /** What a release asks for beyond what was decided: nothing is missing when both lists are empty. */
  missing(tenantId: string, manifest: Manifest): Promise<MissingScopes>
  /**
   * Grants all that a release asks for, but those optional scopes that are refused now or were before. What waited for it no longer
   * does. Audited; harmless when there is nothing to decide.
   * @param answers - `refuse`: optional scopes to refuse
   * @throws PlatformError `CONSENT_INVALID` for a refusal of what is not optional
   */
  accept(tenantId: string, manifest: Manifest, answers: Pick<ConsentAnswers, 'refuse'>, by: AuditActor, tx?: Tx): Promise<void>
  /**
   * {@link accept} without refusals, for many tenants at once, with a few statements. Where something was decided before, it stands.
   */
  acceptMany(tenantIds: readonly string[], manifest: Manifest, by: AuditActor, tx: Tx): Promise<void>
  /**
   * Changes the mind about optional scopes, from the next call of the plugin on. Audited.
   * @throws PlatformError `CONSENT_INVALID` for scopes that are not optional in this release, or are both accepted and refused
   */
  decide(tenantId: string, manifest: Manifest, answers: ConsentAnswers, by: AuditActor): Promise<void>
  /**
   * Takes note that a release waits for a decision, so that the administrator sees it.
   * @returns the error to answer with, `PLUGIN_CONSENT_NEEDED`, which names every scope
   */
  wait(tenantId: string, manifest: Manifest, missing: MissingScopes, by: AuditActor): Promise<PlatformError>
  /** Scopes that were granted. In memory after the first question; no promise then. */
  granted(tenantId: string, pluginId: string): ReadonlySet<string> | Promise<ReadonlySet<string>>
  /** Scopes that were refused. */
  refused(tenantId: string, pluginId: string): Promise<ReadonlySet<string>>
  /** Decisions about one plugin, or all of a tenant, by plugin and scope. */
  list(tenantId: string, pluginId?: string): Promise<readonly ConsentDecision[]>
  /** Releases that wait, by plugin. */
  waiting(tenantId: string): Promise<readonly WaitingConsent[]>
  /** Forgets what is held in memory of a tenant, whose rows changed by another way: its deletion, a purge, an import. */
  forget(tenantId: string): void
  /** Decisions in memory. */
  readonly held: Reloadable
}

/** Consents on the kernel's tables. */
export function createConsents({ storage, outside, audit }: { readonly storage: Storage; readonly outside: Outside; readonly audit: Audit }): Consents {
  const known = new Map<string, Map<string, ReadonlySet<string> | Promise<ReadonlySet<string>>>>()

  const rowsOf = (tx: Tx, tenantId: string, pluginId: string) =>
    tx.selectFrom('consent').select(['scope', 'decision']).where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId).execute()
  const scopesOf = async (tenantId: string, pluginId: string, decision: ConsentRow['decision']): Promise<ReadonlySet<string>> =>
    new Set((await rowsOf(storage.platform, tenantId, pluginId)).flatMap((row) => (row.decision === decision ? [row.scope] : [])))

  const loadGranted = (tenantId: string, pluginId: string): Promise<ReadonlySet<string>> => {
    const ofTenant = known.get(tenantId) ?? new Map<string, ReadonlySet<string> | Promise<ReadonlySet<string>>>()
    known.set(tenantId, ofTenant)
    const loading = scopesOf(tenantId, pluginId, 'granted')
    ofTenant.set(pluginId, loading)
    const settle = (scopes: ReadonlySet<string> | undefined): void => {
      // Not when it was forgotten meanwhile: somebody has decided otherwise since it was read.
      if (ofTenant.get(pluginId) !== loading) return
      if (scopes === undefined) ofTenant.delete(pluginId)
      else ofTenant.set(pluginId, scopes)
    }
    loading.then(settle, () => { settle(undefined) })
    return loading
  }

  /** Writes what differs from what was decided before. @returns the scopes whose decision changed */
  const write = async (tx: Tx, tenantId: string, { id, version }: Manifest, wanted: ReadonlyMap<string, ConsentRow['decision']>, by: AuditActor): Promise<void> => {
    const before = new Map((await rowsOf(tx, tenantId, id)).map((row) => [row.scope, row.decision]))
    const changed = [...wanted].filter(([scope, decision]) => before.get(scope) !== decision)
    const actor = { decided_at: outside.now(), actor_kind: by.kind, actor_id: by.id, actor_name: by.name }
    for (const [scope, decision] of changed) {
      await tx.insertInto('consent').values({ tenant_id: tenantId, plugin_id: id, scope, decision, ...actor })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'plugin_id', 'scope']).doUpdateSet({ decision, ...actor })).execute()
    }
    for (const decision of ['granted', 'refused'] as const) {
      const scopes = changed.filter((one) => one[1] === decision).map(([scope]) => scope)
      if (scopes.length > 0) await audit.record({ tenantId, actor: by, action: `consent.${decision}`, target: id, detail: { version, scopes: scopes.join(' ') } }, tx)
    }
  }

  const inTransaction = async (tenantId: string, tx: Tx | undefined, body: (tx: Tx) => Promise<void>): Promise<void> => {
    await (tx === undefined ? storage.platformTransaction(body) : body(tx))
    // A reader from now on waits for the transaction, also one that the caller still has to commit.
    known.delete(tenantId)
  }

  return {
    missing: async (tenantId, manifest) => {
      const decided = new Map((await rowsOf(storage.platform, tenantId, manifest.id)).map((row) => [row.scope, row.decision]))
      return {
        // One that was optional, and refused, may be needed now.
        required: manifest.scopes.filter((scope) => decided.get(scope) !== 'granted'),
        optional: optionalOf(manifest).filter((scope) => !decided.has(scope)),
      }
    },

    accept: (tenantId, manifest, { refuse = [] }, by, tx) => inTransaction(tenantId, tx, async (own) => {
      refuseOthers(manifest, refuse)
      const decided = new Map((await rowsOf(own, tenantId, manifest.id)).map((row) => [row.scope, row.decision]))
      await write(own, tenantId, manifest, new Map([
        ...manifest.scopes.map((scope) => [scope, 'granted'] as const),
        ...optionalOf(manifest).map((scope) => [scope, refuse.includes(scope) ? 'refused' : (decided.get(scope) ?? 'granted')] as const),
      ]), by)
      await own.deleteFrom('consent_waiting').where('tenant_id', '=', tenantId).where('plugin_id', '=', manifest.id).execute()
    }),

    async acceptMany(tenantIds, manifest, by, tx) {
      const scopes = [...manifest.scopes, ...optionalOf(manifest)]
      if (scopes.length === 0) return
      await sql`insert into consent (tenant_id, plugin_id, scope, decision, decided_at, actor_kind, actor_id, actor_name)
        select tenant.value, ${manifest.id}, scope.value, 'granted', ${outside.now()}, ${by.kind}, ${by.id}, ${by.name}
        from json_each(${JSON.stringify(tenantIds)}) as tenant, json_each(${JSON.stringify(scopes)}) as scope where true
        on conflict (tenant_id, plugin_id, scope) do nothing`.execute(tx)
      const detail = { version: manifest.version, scopes: scopes.join(' ') }
      await audit.recordMany(by, tenantIds.map((tenantId) => ({ tenantId, action: 'consent.granted', target: manifest.id, detail })), tx)
      for (const tenantId of tenantIds) known.delete(tenantId)
    },

    decide: (tenantId, manifest, { accept = [], refuse = [] }, by) => inTransaction(tenantId, undefined, async (tx) => {
      refuseOthers(manifest, [...accept, ...refuse])
      const both = accept.filter((scope) => refuse.includes(scope))
      if (both.length > 0) throw new PlatformError('CONSENT_INVALID', `${quoted(both)} cannot be accepted and refused at once.`, { fix: 'Name each scope once.' })
      await write(tx, tenantId, manifest, new Map([...accept.map((scope) => [scope, 'granted'] as const), ...refuse.map((scope) => [scope, 'refused'] as const)]), by)
    }),

    async wait(tenantId, { id, version }, { required, optional }, by) {
      const row = { version, scopes_json: JSON.stringify({ required, optional }), since: outside.now() }
      await storage.platformTransaction(async (tx) => {
        const before = await tx.selectFrom('consent_waiting').select(['version', 'scopes_json']).where('tenant_id', '=', tenantId).where('plugin_id', '=', id).executeTakeFirst()
        if (before?.version === version && before.scopes_json === row.scopes_json) return
        await tx.insertInto('consent_waiting').values({ tenant_id: tenantId, plugin_id: id, ...row })
          .onConflict((conflict) => conflict.columns(['tenant_id', 'plugin_id']).doUpdateSet(row)).execute()
        await audit.record({ tenantId, actor: by, action: 'consent.waiting', target: id, detail: { version, scopes: [...required, ...optional].join(' ') } }, tx)
      })
      return new PlatformError('PLUGIN_CONSENT_NEEDED', `Plugin "${id}" ${version} asks for ${quoted([...required, ...optional])}, which this tenant has not accepted.`, {
        fix: `See what is new with \`liberacces consent list --tenant T\`; accept it with \`liberacces consent accept ${id} --tenant T\`, or add --accept-scopes.`,
      })
    },

    granted: (tenantId, pluginId) => known.get(tenantId)?.get(pluginId) ?? loadGranted(tenantId, pluginId),
    refused: (tenantId, pluginId) => scopesOf(tenantId, pluginId, 'refused'),

    async list(tenantId, pluginId) {
      let query = storage.platform.selectFrom('consent').selectAll().where('tenant_id', '=', tenantId)
      if (pluginId !== undefined) query = query.where('plugin_id', '=', pluginId)
      return (await query.orderBy('plugin_id').orderBy('scope').execute()).map((row) => ({
        pluginId: row.plugin_id, scope: row.scope, decision: row.decision, at: row.decided_at, by: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
      }))
    },

    async waiting(tenantId) {
      const rows = await storage.platform.selectFrom('consent_waiting').selectAll().where('tenant_id', '=', tenantId).orderBy('plugin_id').execute()
      return rows.map((row) => ({ pluginId: row.plugin_id, version: row.version, since: row.since, ...(JSON.parse(row.scopes_json) as MissingScopes) }))
    },

    forget: (tenantId) => { known.delete(tenantId) },
    held: {
      tables: ['consent'],
      // They are read again when somebody asks.
      reload: async (changed) => { for (const id of changedAmong(known, changed)) known.delete(id) },
    },
  }
}

/** Nobody can be asked to decide about these twice, or to refuse what a plugin cannot do without. */
function refuseOthers(manifest: Manifest, scopes: readonly string[]): void {
  const optional = optionalOf(manifest)
  const others = scopes.filter((scope) => !optional.includes(scope))
  if (others.length === 0) return
  throw new PlatformError('CONSENT_INVALID', `${quoted(others)} ${others.length === 1 ? 'is' : 'are'} not optional in "${manifest.id}" ${manifest.version}.`, {
    fix: optional.length === 0 ? 'It has no optional scopes: switch it off, or accept what it asks for.' : `Its optional scopes are ${optional.join(', ')}.`,
  })
}

function optionalOf({ optionalScopes = {} }: Manifest): readonly string[] {
  return Object.keys(optionalScopes)
}

function quoted(scopes: readonly string[]): string {
  return scopes.map((scope) => `"${scope}"`).join(', ')
}
