import type { TObject } from '@liberacces/sdk'
import type { UploadLimits } from '../../storage/files.ts'

/** An upload field of a form. */
export interface UploadField {
  /** Name in the form: the property, with its parents before dots. */
  readonly name: string
  readonly path: readonly string[]
  readonly limits: UploadLimits
}

/** The upload fields that a form's schema declares; a file under any other name is not taken. */
export function uploadFields(schema: TObject, parents: readonly string[] = []): readonly UploadField[] {
  return Object.entries(schema.properties).flatMap(([property, field]) => {
    const path = [...parents, property]
    if (field['x-widget'] === 'upload') {
      return [{ name: path.join('.'), path, limits: { maxBytes: Number(field['x-max-bytes'] ?? 10_485_760), accept: (field['x-accept'] ?? []) as readonly string[] } }]
    }
    return field['type'] === 'object' && typeof field['properties'] === 'object' ? uploadFields(field as TObject, path) : []
  })
}

/** The value at a path of nested objects; own properties only. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((own, name) => (typeof own === 'object' && own !== null && Object.hasOwn(own, name) ? (own as Record<string, unknown>)[name] : undefined), value)
}
