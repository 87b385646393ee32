import type { Kysely } from 'kysely'
import { PlatformError } from '../errors.ts'
import type { PlatformTables } from '../storage/platform-tables.ts'
import { writeEnvelope } from './dsse.ts'
import type { TrustRoot } from './trust-root.ts'
import { withNewerList, type TrustStore } from './trust-store.ts'
import { readLabel, rootKnowing } from './verify-label.ts'

interface ReleaseKey {
  readonly id: string
  readonly version: string
}

/** Keeps the status list that came with a label of a certifier whom nobody trusts yet. Nothing of it is believed until somebody does. */
export async function keepWaiting(tx: Kysely<PlatformTables>, { id, version }: ReleaseKey, status: string): Promise<void> {
  await tx.insertInto('label_waiting').values({ id, version, status }).onConflict((conflict) => conflict.columns(['id', 'version']).doUpdateSet({ status })).execute()
}

/** Its release is gone, or its list was taken in. */
export async function forgetWaiting(tx: Kysely<PlatformTables>, { id, version }: ReleaseKey): Promise<void> {
  await tx.deleteFrom('label_waiting').where('id', '=', id).where('version', '=', version).execute()
}

/** With the lists that waited for a certifier and hold under the roots of this store; those that do not hold are left where they are. */
export async function withWaiting(platform: Kysely<PlatformTables>, store: TrustStore): Promise<{ readonly store: TrustStore; readonly settled: readonly ReleaseKey[] }> {
  const rows = await platform.selectFrom('label_waiting').selectAll().orderBy('id').orderBy('version').execute()
  const settled: ReleaseKey[] = []
  let next = store
  for (const { id, version, status } of rows) {
    try {
      next = withNewerList(next, Buffer.from(status))
      settled.push({ id, version })
    } catch (error) {
      // By officers of somebody else, or by too few, or it takes back what is known: such a list tells nothing.
      if (!(error instanceof PlatformError) || !error.code.startsWith('LABEL_')) throw error
    }
  }
  return { store: next, settled }
}

/**
 * Has what is known of a certifier's labels wait, when it is trusted no longer: should it be trusted again, what was suspended or revoked is so at once. By
 * then the lists have to be signed by officers whom that root names, so that nothing of a false certifier stays behind.
 */
export async function setAside(tx: Kysely<PlatformTables>, root: TrustRoot, { lists }: TrustStore): Promise<void> {
  const own = lists.filter(({ rootId }) => rootId === root.id)
  for (const { id, version, label } of await tx.selectFrom('release_label').select(['id', 'version', 'label']).execute()) {
    const { envelope, statement } = readLabel(Buffer.from(label))
    const list = rootKnowing(envelope, [root]) === undefined ? undefined : own.find(({ uri }) => uri === statement.predicate.status.uri)
    if (list !== undefined) await keepWaiting(tx, { id, version }, writeEnvelope(list.envelope).toString())
  }
}
