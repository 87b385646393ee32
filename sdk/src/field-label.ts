import type { JsonSchema } from './kinds.ts'

/** The message of a key in the reader's language; `undefined` where there is none. */
export type FieldLabels = (key: string) => string | undefined

/** Label of a form field: the message `field.<name>`, else the schema's `title`, else the property's name. */
export function fieldLabel(label: FieldLabels, name: string, schema: JsonSchema): string {
  return label(`field.${name}`) ?? (typeof schema['title'] === 'string' ? schema['title'] : (name.split('.').at(-1) ?? name))
}

/** Hint of a form field: the message `field.<name>.hint`, else the schema's `description`. */
export function fieldHint(label: FieldLabels, name: string, schema: JsonSchema): string | undefined {
  return label(`field.${name}.hint`) ?? (typeof schema['description'] === 'string' ? schema['description'] : undefined)
}
