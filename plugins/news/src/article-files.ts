import type { FileRef } from '@liberacces/sdk'
import type { NewsContext } from './news-types.ts'

/**
 * Forgets files that no article needs any more. The platform may store equal bytes once, so two articles with the same
 * picture can share a file: one that is still named somewhere stays.
 */
export async function forgetFiles(c: NewsContext, ids: readonly (string | null)[]): Promise<void> {
  for (const id of new Set(ids)) {
    if (id !== null && !(await isUsed(c, id))) await c.files.delete(id)
  }
}

async function isUsed(c: NewsContext, id: string): Promise<boolean> {
  const image = await c.db.selectFrom('article').select('id').where('image_file_id', '=', id).limit(1).executeTakeFirst()
  if (image !== undefined) return true
  return (await c.db.selectFrom('attachment').select('id').where('file_id', '=', id).limit(1).executeTakeFirst()) !== undefined
}

/**
 * The file that a form handed over, as it is stored. The reference has been in the browser's hands, so what it says of
 * type and size is not believed; `undefined` when there is no such file, or it is of another type than these.
 */
export async function acceptedFile(c: NewsContext, file: Pick<FileRef, 'id'>, types: readonly string[]): Promise<FileRef | undefined> {
  const stored = await c.files.get(file.id)
  if (stored === undefined || !types.includes(stored.type)) return undefined
  const { id, name, type, size, sha256 } = stored
  return { id, name, type, size, sha256 }
}
