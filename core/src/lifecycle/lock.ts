import type { LifecycleParts } from './lifecycle-parts.ts'

/** What a tenant runs, exactly: enough to run the same elsewhere. */
export interface Lock {
  readonly plugins: readonly LockedPlugin[]
}

/** One plugin of a {@link Lock}. */
export interface LockedPlugin {
  readonly id: string
  readonly version: string
  /** `sha256-<base64>` of the release's archive; absent for releases that came in none. */
  readonly digest?: string
  /** What it may do here. */
  readonly scopes: readonly string[]
  /** Optional scopes that were refused. */
  readonly refused: readonly string[]
}

/** The lock of a tenant: the plugins that are on, by id. */
export async function lockOf({ rows, catalogue, consents }: LifecycleParts, tenantId: string): Promise<Lock> {
  const on = (await rows.list(tenantId)).filter(({ state }) => state === 'active' || state === 'upgrading' || state === 'rolling-back')
  return {
    plugins: await Promise.all(on.map(async ({ plugin_id: id, version, digest }) => {
      const manifest = catalogue.manifest(id, version)
      const refused = await consents.refused(tenantId, id)
      const wanted = [...(manifest?.scopes ?? []), ...Object.keys(manifest?.optionalScopes ?? {})]
      return { id, version, ...(digest === null ? {} : { digest }), scopes: wanted.filter((scope) => !refused.has(scope)), refused: [...refused].sort() }
    })),
  }
}
