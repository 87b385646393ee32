import { foldText } from '@liberacces/sdk'
import { associationSearchText, type Association } from '../association.ts'
import type { DirectoryDb, DirectoryTransaction } from '../directory-types.ts'
import type { Tables } from '../tables.ts'

/** An association as stored. */
export interface StoredAssociation extends Association {
  readonly id: string
}

/** A row of the table as an association. */
export function associationFromRow(row: Tables['association']): StoredAssociation {
  return {
    id: row.id,
    name: row.name,
    rna: row.rna ?? undefined,
    purpose: row.purpose,
    website: row.website ?? undefined,
    contactName: row.contact_name,
    contactEmail: row.contact_email ?? undefined,
    contactPhone: row.contact_phone ?? undefined,
    contactPublic: row.contact_public === 1,
  }
}

/** An association by id. */
export async function findAssociation(db: DirectoryDb, id: string): Promise<StoredAssociation | undefined> {
  const row = await db.selectFrom('association').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? undefined : associationFromRow(row)
}

/** Whether another association holds an RNA number. */
export async function isRnaTaken(db: DirectoryDb, id: string | undefined, rna: string | undefined): Promise<boolean> {
  if (rna === undefined) return false
  const holder = await db.selectFrom('association').select('id').where('rna', '=', rna).executeTakeFirst()
  return holder !== undefined && holder.id !== id
}

/** Stores an association, new or not. */
export async function saveAssociation(tx: DirectoryTransaction, id: string, association: Association, now: Date): Promise<void> {
  const values = {
    name: association.name,
    rna: association.rna ?? null,
    purpose: association.purpose,
    website: association.website ?? null,
    contact_name: association.contactName,
    contact_email: association.contactEmail ?? null,
    contact_phone: association.contactPhone ?? null,
    contact_public: Number(association.contactPublic),
    sort_key: foldText(association.name),
    search_text: associationSearchText(association),
    updated_at: now.toISOString(),
  }
  const { numUpdatedRows } = await tx.updateTable('association').set(values).where('id', '=', id).executeTakeFirstOrThrow()
  if (Number(numUpdatedRows) === 0) await tx.insertInto('association').values({ id, ...values }).execute()
}

/** Deletes an association. `false` when there is none. */
export async function deleteAssociation(tx: DirectoryTransaction, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('association').where('id', '=', id).executeTakeFirstOrThrow()
  return Number(numDeletedRows) > 0
}
