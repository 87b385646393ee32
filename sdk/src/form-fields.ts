import { formFields, type FormField } from './form-model.ts'
import type { JsonSchema } from './kinds.ts'
import type { Locale } from './localized.ts'
import { fromParisLocal, toParisLocal } from './paris-time.ts'

/** Text fields as a browser submits them, by name. */
export type SubmittedFields = Readonly<Record<string, string | readonly string[]>>

/** Suffix of the hidden field that carries the file an upload field already has, as JSON of its `FileRef`. */
export const CURRENT_FILE = '.current'
/** Suffix of the box that, ticked, takes the file of an upload field away. */
export const REMOVE_FILE = '.remove'

/**
 * Turns submitted text fields into the value that a schema describes, without checking it: what cannot be read as the schema
 * wants (a number, a date) stays the text that was typed, for the check to name and the form to show again.
 * Empty fields are absent, an unticked box is `false`, no ticked choice is an empty list; a `date-time` is read as wall time
 * in Europe/Paris. A file just stored is handed in as JSON of its `FileRef` under the field's name; else `<name>.current` counts.
 */
export function parseFormFields(schema: JsonSchema, fields: SubmittedFields): unknown {
  return parseGroup(formFields(schema), fields)
}

/** The text fields that show a value in a form; what `parseFormFields` reads back. Numbers are written as `locale` does. */
export function toFormFields(schema: JsonSchema, value: unknown, locale: Locale): SubmittedFields {
  return Object.fromEntries(showGroup(formFields(schema), value, locale))
}

function parseGroup(list: readonly FormField[], fields: SubmittedFields): Record<string, unknown> {
  const entries = list.map((field) => [field.property, parseField(field, fields)] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

function parseField(field: FormField, fields: SubmittedFields): unknown {
  const all = [fields[field.name] ?? []].flat()
  const text = (all[0] ?? '').replaceAll(/\r\n?/g, '\n')
  const empty = field.nullable ? null : undefined
  switch (field.kind) {
    case 'group': {
      const value = parseGroup(field.fields, fields)
      return field.required || Object.values(value).some(isFilled) ? value : empty
    }
    case 'boolean': return ['true', 'on', '1'].includes(text)
    case 'choices': {
      const chosen = all.filter((each) => each !== '').map((each) => optionOf(field, each))
      return chosen.length > 0 || field.required ? chosen : empty
    }
    case 'lines': {
      // One text area with a line each, or boxes of one name whose values only the page knows.
      const lines = all.flatMap((each) => each.split(/\r\n?|\n/)).map((line) => line.trim()).filter((line) => line !== '')
      return lines.length > 0 || field.required ? lines : empty
    }
    case 'upload': return parseUpload(field, fields) ?? empty
    // As it was typed: a space may belong to a password. Empty is what takes it away, absent what keeps it.
    case 'secret': return fields[field.name + REMOVE_FILE] !== undefined ? '' : text === '' ? undefined : text
    case 'long-text': return text.trim() === '' ? emptyText(field) : text
    case 'text': return text.trim() === '' ? emptyText(field) : text.trim()
    case 'choice': return text === '' ? empty : optionOf(field, text)
    case 'number': case 'integer': return text.trim() === '' ? empty : parseNumber(text)
    case 'date': return text.trim() === '' ? empty : isoDate(text.trim())
    case 'date-time': return text.trim() === '' ? empty : (fromParisLocal(isoDate(text.trim())) ?? text.trim())
    case 'email': case 'uri': case 'time': return text.trim() === '' ? empty : text.trim()
    default: return field.kind satisfies never
  }
}

/** An empty text is absent, unless the schema says by its default that empty is a value. */
function emptyText(field: FormField): string | null | undefined {
  if (field.nullable) return null
  return field.required && field.schema['default'] === '' ? '' : undefined
}

function optionOf(field: FormField, text: string): string | number | boolean {
  return field.options.find((option) => String(option) === text) ?? text
}

/** Where a browser has no calendar, people write `31/12/2026`. */
function isoDate(text: string): string {
  return text.replace(/^(\d{2})\/(\d{2})\/(\d{4})(?=$| )/, '$3-$2-$1')
}

/** Reads `1 250,5` and `1250.5`; anything else stays text. */
function parseNumber(text: string): number | string {
  const plain = text.replaceAll(/[\s\u00a0\u202f]/g, '').replace(',', '.').replace('\u2212', '-')
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : text.trim()
}

function parseUpload(field: FormField, fields: SubmittedFields): unknown {
  const fresh = parseJson(fields[field.name])
  if (fresh !== undefined) return fresh
  const removed = fields[field.name + REMOVE_FILE] !== undefined && !field.required
  return removed ? undefined : parseJson(fields[field.name + CURRENT_FILE])
}

function parseJson(text: string | readonly string[] | undefined): unknown {
  if (typeof text !== 'string' || text === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Whether something in a group was given; unticked boxes and empty lists are nothing. */
function isFilled(value: unknown): boolean {
  return value !== false && value !== null && !(Array.isArray(value) && value.length === 0)
}

function showGroup(list: readonly FormField[], value: unknown, locale: Locale): readonly (readonly [string, string | readonly string[]])[] {
  const own = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>
  return list.flatMap((field) => {
    const each = own[field.property]
    if (field.kind === 'group') return showGroup(field.fields, each, locale)
    const shown = each === undefined || each === null ? undefined : showField(field, each, locale)
    return shown === undefined ? [] : [[field.kind === 'upload' || field.kind === 'secret' ? field.name + CURRENT_FILE : field.name, shown] as const]
  })
}

function showField(field: FormField, value: unknown, locale: Locale): string | readonly string[] | undefined {
  switch (field.kind) {
    case 'boolean': return value === true ? 'true' : undefined
    case 'choices': return Array.isArray(value) ? value.map(String) : [String(value)]
    case 'lines': return Array.isArray(value) ? value.join('\n') : String(value)
    case 'upload': return JSON.stringify(value)
    case 'secret': return value === true ? 'true' : undefined
    case 'number': case 'integer': return locale === 'fr' ? String(value).replace('.', ',') : String(value)
    case 'date-time': return Number.isNaN(Date.parse(String(value))) ? String(value) : toParisLocal(String(value))
    case 'group': return undefined
    case 'choice': case 'date': case 'email': case 'long-text': case 'text': case 'time': case 'uri': return String(value)
    default: return field.kind satisfies never
  }
}
