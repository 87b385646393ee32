import type { TObject } from '@sinclair/typebox'
import type { JSX } from 'preact'
import type { FieldLabels } from '../field-label.ts'
import { toFormFields } from '../form-fields.ts'
import { formFields, type FormField } from '../form-model.ts'
import { ErrorSummary } from './error-summary.tsx'
import { Form } from './form.tsx'
import { useReader } from './reader.ts'
import { fieldId, SchemaField } from './schema-field.tsx'
import { useWords } from './words.ts'

/** A form made from a schema. */
export interface SchemaFormProps {
  readonly schema: TObject
  /** What the fields show first: a value of the schema, or part of one, or what was typed and could not be read. */
  readonly values?: Readonly<Record<string, unknown>>
  /** Field name, with its parents before dots, to a sentence; `''` is about the form as a whole. */
  readonly errors?: Readonly<Record<string, string>>
  /** Message of a key: `field.<name>`, `field.<name>.hint`, `field.<name>.<value>`. */
  readonly label: FieldLabels
  readonly submitLabel: string
  /** Address it is sent to. @defaultValue the page's own */
  readonly action?: string
  /** Where giving up leads. */
  readonly cancelHref?: string
}

/**
 * A whole form made from a schema, with summary of errors, hints and uploads.
 * @throws TypeError when a property is of a kind that forms cannot show, such as an array of objects
 */
export function SchemaForm({ schema, values, errors = {}, label, submitLabel, action = '', cancelHref }: SchemaFormProps): JSX.Element {
  const { locale } = useReader()
  const words = useWords()
  const fields = formFields(schema)
  const all = flatten(fields)
  const texts = toFormFields(schema, withDefaults(fields, values ?? {}), locale)
  // What is about the whole form first, then in the order of the fields.
  const place = (name: string) => all.findIndex((field) => field.name === name && !field.hidden)
  const summary = Object.entries(errors)
    .sort(([a], [b]) => place(a) - place(b))
    .map(([name, text]) => ({ fieldId: place(name) === -1 ? undefined : fieldId(name), text }))
  return (
    <>
      <ErrorSummary errors={summary} />
      <Form action={action} multipart={all.some(({ kind }) => kind === 'upload')}>
        {all.some(isOptional) && all.some(isRequired) && <p class="la-hint">{words('requiredNote')}</p>}
        {fields.map((field) => <SchemaField key={field.name} field={field} texts={texts} errors={errors} label={label} />)}
        <div class="la-form-actions">
          <button type="submit" class="la-button la-button-primary">{submitLabel}</button>
          {cancelHref !== undefined && <a href={cancelHref} class="la-button la-button-secondary">{words('cancel')}</a>}
        </div>
      </Form>
    </>
  )
}

function flatten(fields: readonly FormField[]): readonly FormField[] {
  return fields.flatMap((field) => [field, ...flatten(field.fields)])
}

function isRequired(field: FormField): boolean {
  return field.mandatory && !field.hidden && field.kind !== 'boolean' && field.kind !== 'group'
}

function isOptional(field: FormField): boolean {
  return !field.mandatory && !field.hidden && field.kind !== 'boolean' && field.kind !== 'group'
}

/** Defaults of the schema where the values say nothing. */
function withDefaults(fields: readonly FormField[], values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.map((field) => {
    const value = values[field.property]
    if (field.kind === 'group') return [field.property, withDefaults(field.fields, (value ?? {}) as Readonly<Record<string, unknown>>)]
    return [field.property, field.property in values ? value : field.schema['default']]
  }))
}
