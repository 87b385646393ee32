import type { Kysely } from 'kysely'
import type { Storage } from '../storage/storage.ts'
import type { LabelDecisionRow, PlatformTables, ReleaseLabelRow } from '../storage/platform-tables.ts'
import { fits } from '../validation.ts'
import { DEFAULT_LABEL_POLICY, LabelPolicySchema, type LabelPolicy } from './label-policy.ts'
import { readKnownList } from './status-list.ts'
import { readTrustRoot } from './trust-root.ts'
import type { TrustStore } from './trust-store.ts'

type Reading = Pick<Storage, 'platform'>['platform']

/** What of labels stands in the kernel's tables. Read anew each time, so that all nodes agree; what was read before is not parsed twice. */
export class LabelRows {
  readonly #platform: Reading
  #parsed: { readonly key: string; readonly store: TrustStore } | undefined

  constructor({ platform }: Pick<Storage, 'platform'>) {
    this.#platform = platform
  }

  async policy(): Promise<LabelPolicy> {
    const row = await this.#platform.selectFrom('label_policy').select('policy_json').where('id', '=', 'pool').executeTakeFirst()
    const stored: unknown = row === undefined ? undefined : JSON.parse(row.policy_json)
    return fits(LabelPolicySchema, stored) ? stored : DEFAULT_LABEL_POLICY
  }

  /** What is trusted: looked at when it came in, and not again here. */
  async store(): Promise<TrustStore> {
    const rows = await this.#platform.selectFrom('label_trust').select(['kind', 'id', 'envelope']).orderBy('kind').orderBy('id').execute()
    const key = rows.map(({ kind, id, envelope }) => `${kind} ${id} ${envelope}`).join('\n')
    if (this.#parsed?.key === key) return this.#parsed.store
    const roots = rows.filter(({ kind }) => kind === 'root').map(({ envelope }) => readTrustRoot(Buffer.from(envelope)))
    const lists = rows.filter(({ kind }) => kind === 'status').flatMap(({ id, envelope }) => {
      const root = roots.find((one) => id.startsWith(`${one.id} `))
      return root === undefined ? [] : [readKnownList(Buffer.from(envelope), root)]
    })
    this.#parsed = { key, store: { roots, lists } }
    return this.#parsed.store
  }

  label(id: string, version: string): Promise<ReleaseLabelRow | undefined> {
    return this.#platform.selectFrom('release_label').selectAll().where('id', '=', id).where('version', '=', version).executeTakeFirst()
  }

  labels(): Promise<readonly ReleaseLabelRow[]> {
    return this.#platform.selectFrom('release_label').selectAll().orderBy('id').orderBy('version').execute()
  }

  decisions(): Promise<readonly LabelDecisionRow[]> {
    return this.#platform.selectFrom('label_decision').selectAll().execute()
  }

  async isInstalled(id: string, version: string): Promise<boolean> {
    return await this.#platform.selectFrom('release').select('id').where('id', '=', id).where('version', '=', version).executeTakeFirst() !== undefined
  }

  installed(): Promise<readonly { readonly id: string; readonly version: string }[]> {
    return this.#platform.selectFrom('release').select(['id', 'version']).execute()
  }
}

/** Of a list, in `label_trust`: by its root (an id of which has no space in it) and its address. */
function listKey({ rootId, uri }: TrustStore['lists'][number]): string {
  return `${rootId} ${uri}`
}

/** Writes what is trusted from now on. */
export async function writeTrust(tx: Kysely<PlatformTables>, { roots, lists }: TrustStore, envelopes: { readonly of: (entry: TrustStore['roots'][number] | TrustStore['lists'][number]) => string }, at: number, by: string): Promise<void> {
  const rows = [
    ...roots.map((root) => ({ kind: 'root' as const, id: root.id, version: root.version, envelope: envelopes.of(root) })),
    ...lists.map((list) => ({ kind: 'status' as const, id: listKey(list), version: list.version, envelope: envelopes.of(list) })),
  ]
  for (const row of rows) {
    await tx.insertInto('label_trust').values({ ...row, taken_at: at, taken_by: by })
      .onConflict((conflict) => conflict.columns(['kind', 'id']).doUpdateSet({ version: row.version, envelope: row.envelope, taken_at: at, taken_by: by }).where('label_trust.version', '<', row.version)).execute()
  }
}

/** Writes that a certifier is trusted no longer, with the lists that it vouched for. */
export async function forgetTrust(tx: Kysely<PlatformTables>, rootId: string, { lists }: TrustStore): Promise<void> {
  await tx.deleteFrom('label_trust').where('kind', '=', 'root').where('id', '=', rootId).execute()
  for (const list of lists.filter((one) => one.rootId === rootId)) await tx.deleteFrom('label_trust').where('kind', '=', 'status').where('id', '=', listKey(list)).execute()
}
