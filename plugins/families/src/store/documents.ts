/** Documents of families, and who looked at them. */
import type { FileRef } from '@liberacces/sdk'
import type { FamiliesContext, FamiliesDatabase } from '../families-types.ts'
import type { DocumentKind, Tables } from '../tables.ts'

/** Stores a document; a newer one of the same kind does not take the place of the older, which agents may still want to see. */
export async function insertDocument(c: FamiliesContext, tx: FamiliesDatabase, about: { readonly householdId: string; readonly childId?: string | undefined }, { kind, validUntil, file }: { readonly kind: DocumentKind; readonly validUntil?: string | undefined; readonly file: Pick<FileRef, 'id' | 'name'> }): Promise<void> {
  await tx.insertInto('document').values({
    id: c.id(), household_id: about.householdId, child_id: about.childId ?? null, kind, file_id: file.id, file_name: file.name, valid_until: validUntil ?? null, uploaded_at: c.now().toISOString(),
  }).execute()
}

/** Notes that someone looks at a document: for the family to see, and in the audit trail. */
export async function noteView(c: FamiliesContext, document: Tables['document']): Promise<void> {
  await c.db.insertInto('document_view').values({ id: c.id(), document_id: document.id, viewer_id: c.actor.id, viewer_name: c.actor.name, viewed_at: c.now().toISOString() }).execute()
  await c.audit('document.read', document.id, { kind: document.kind })
}

/** Deletes a document with the notes on who looked at it. */
export async function deleteDocument(c: FamiliesContext, document: Tables['document']): Promise<void> {
  await c.transaction(async (tx) => {
    await tx.deleteFrom('document_view').where('document_id', '=', document.id).execute()
    await tx.deleteFrom('document').where('id', '=', document.id).execute()
  })
  await c.files.delete(document.file_id)
}

/** Those of a child or, without one, of a whole household; the newest first. */
export function documentsOf(db: FamiliesDatabase, householdId: string, childId?: string): Promise<readonly Tables['document'][]> {
  const all = db.selectFrom('document').selectAll().where('household_id', '=', householdId).orderBy('uploaded_at', 'desc').orderBy('id', 'desc')
  return (childId === undefined ? all : all.where('child_id', '=', childId)).execute()
}
