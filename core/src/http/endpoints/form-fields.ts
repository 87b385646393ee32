import { CURRENT_FILE, type SubmittedFields } from '@liberacces/sdk/host'
import type { SubmittedForm } from './submitted-form.ts'
import { valueAt, type UploadField } from './upload-fields.ts'

/**
 * The texts of a form as the SDK reads them, files among them as references. Only the kernel may name a file: what the browser
 * says of files is dropped, save the one that the form itself showed as the current one.
 * @param initial - what the form shows when it is opened
 */
export function fieldsOf(form: SubmittedForm, uploads: readonly UploadField[], initial: unknown): SubmittedFields {
  // No prototype: a field may be called "constructor".
  const fields = Object.create(null) as Record<string, string | readonly string[]>
  for (const [name, values] of form.texts) fields[name] = values.length === 1 ? (values[0] ?? '') : values
  for (const { name, path } of uploads) {
    const fresh = form.files.get(name)
    const current = valueAt(initial, path)
    const kept = idOf(fields[name + CURRENT_FILE]) !== undefined && idOf(fields[name + CURRENT_FILE]) === (current as { readonly id?: unknown } | undefined)?.id
    delete fields[name]
    delete fields[name + CURRENT_FILE]
    if (fresh !== undefined) fields[name] = JSON.stringify(fresh)
    else if (kept) fields[name + CURRENT_FILE] = JSON.stringify(current)
  }
  return fields
}

/** Whether a form says that it keeps files it has: only then must be known which. */
export function keepsFiles(form: SubmittedForm, uploads: readonly UploadField[]): boolean {
  return uploads.some(({ name }) => form.texts.has(name + CURRENT_FILE))
}

function idOf(json: string | readonly string[] | undefined): unknown {
  if (typeof json !== 'string') return undefined
  try {
    return (JSON.parse(json) as { readonly id?: unknown } | null)?.id
  } catch {
    return undefined
  }
}
