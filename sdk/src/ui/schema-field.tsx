import type { AriaAttributes, InputHTMLAttributes, JSX } from 'preact'
import type { FileRef } from '../schema.ts'
import { fileSize } from '../file-size.ts'
import { fieldHint, fieldLabel, type FieldLabels } from '../field-label.ts'
import { CURRENT_FILE, REMOVE_FILE, type SubmittedFields } from '../form-fields.ts'
import type { FormField } from '../form-model.ts'
import { autocompleteOf } from './autocomplete.ts'
import { describedBy, FieldFrame, FieldNotes, FieldSet } from './field-frame.tsx'
import { useReader } from './reader.ts'
import { useWords } from './words.ts'

/** More choices than this are a list, not radio buttons. */
const RADIO_LIMIT = 5

/** Id of a field's control. */
export function fieldId(name: string): string {
  return `field-${name}`
}

interface SchemaFieldProps {
  readonly field: FormField
  readonly texts: SubmittedFields
  readonly errors: Readonly<Record<string, string>>
  readonly label: FieldLabels
}

/** One field of a schema's form, with the control that suits it. */
export function SchemaField(props: SchemaFieldProps): JSX.Element {
  const { field, texts, errors, label } = props
  const { kind, name } = field
  const words = useWords()
  const values = [texts[name] ?? []].flat()
  const text = values[0] ?? ''
  if (field.hidden) return <>{(values.length === 0 && kind !== 'boolean' ? [''] : values).map((value) => <input key={value} type="hidden" name={name} value={value} />)}</>

  const id = fieldId(name)
  const error = errors[name]
  const hint = useHint(field, label)
  const frame = { id, label: fieldLabel(label, name, field.schema), optional: !field.mandatory, hint, error }
  const control = { id, name, ...describedBy(id, hint, error), ...(field.mandatory ? { required: true } : {}) }
  const optionLabel = (value: string | number | boolean) => label(`field.${name}.${value}`) ?? String(value)

  switch (kind) {
    case 'group':
      return (
        <FieldSet {...frame} optional={false}>
          {field.fields.map((each) => <SchemaField key={each.name} {...props} field={each} />)}
        </FieldSet>
      )
    case 'boolean':
      return (
        <div class={error === undefined ? 'la-field la-check' : 'la-field la-check la-field-invalid'}>
          <div class="la-choice">
            <input {...control} type="checkbox" value="true" checked={text === 'true'} />
            <label for={id}>{frame.label}</label>
          </div>
          <FieldNotes id={id} hint={hint} error={error} />
        </div>
      )
    case 'choices':
      return (
        <FieldSet {...frame}>
          {field.options.map((value) => <ChoiceInput key={String(value)} type="checkbox" name={name} value={value} checked={values.includes(String(value))} label={optionLabel(value)} />)}
        </FieldSet>
      )
    case 'choice':
      return field.options.length <= RADIO_LIMIT
        ? (
          <FieldSet {...frame}>
            {field.options.map((value) => <ChoiceInput key={String(value)} type="radio" name={name} value={value} checked={text === String(value)} label={optionLabel(value)} required={field.required} />)}
            {!field.required && <ChoiceInput type="radio" name={name} value="" checked={text === ''} label={words('noAnswer')} />}
          </FieldSet>
        )
        : (
          <FieldFrame {...frame}>
            <select {...control}>
              <option value="" selected={text === ''}>{field.required ? words('chooseOne') : words('noAnswer')}</option>
              {field.options.map((value) => <option key={String(value)} value={String(value)} selected={text === String(value)}>{optionLabel(value)}</option>)}
            </select>
          </FieldFrame>
        )
    case 'upload':
      return <FieldFrame {...frame}><UploadInput control={control} field={field} texts={texts} /></FieldFrame>
    case 'secret':
      return <FieldFrame {...frame}><SecretInput control={control} field={field} texts={texts} /></FieldFrame>
    case 'long-text': case 'lines':
      return <FieldFrame {...frame}><textarea {...control} rows={kind === 'lines' || Number(field.schema['maxLength'] ?? Infinity) <= 500 ? 4 : 8} value={text} /></FieldFrame>
    case 'text': case 'email': case 'uri': case 'date': case 'date-time': case 'time': case 'number': case 'integer':
      return <FieldFrame {...frame}><input {...control} {...INPUTS[kind]} {...autocompleteOf(field)} value={text} /></FieldFrame>
    default:
      return kind satisfies never
  }
}

type InputKind = 'text' | 'email' | 'uri' | 'date' | 'date-time' | 'time' | 'number' | 'integer'

/** Numbers are text with a numeric keyboard: `type="number"` changes on a scroll and hides what it cannot read. */
const INPUTS: Readonly<Record<InputKind, InputHTMLAttributes>> = {
  'text': { type: 'text' },
  'email': { type: 'email', spellcheck: false },
  'uri': { type: 'url', spellcheck: false },
  'date': { type: 'date' },
  'date-time': { type: 'datetime-local' },
  'time': { type: 'time' },
  'number': { type: 'text', inputMode: 'decimal', class: 'la-input-short' },
  'integer': { type: 'text', inputMode: 'numeric', class: 'la-input-short' },
}

interface ChoiceInputProps {
  readonly type: 'radio' | 'checkbox'
  readonly name: string
  readonly value: string | number | boolean
  readonly checked: boolean
  readonly label: string
  readonly required?: boolean
}

function ChoiceInput({ type, name, value, checked, label, required = false }: ChoiceInputProps): JSX.Element {
  const id = `${fieldId(name)}-${String(value) === '' ? 'none' : value}`
  return (
    <div class="la-choice">
      <input id={id} type={type} name={name} value={String(value)} checked={checked} required={required} />
      <label for={id}>{label}</label>
    </div>
  )
}

/** A field for what is never shown again: empty it stays as it is. */
function SecretInput({ control, field, texts }: UploadInputProps): JSX.Element {
  const words = useWords()
  const isSet = texts[field.name + CURRENT_FILE] !== undefined
  const removeId = `${fieldId(field.name)}-remove`
  return (
    <>
      {isSet && (
        <div class="la-current-file">
          <p>{words('secretSet')}</p>
          <div class="la-choice">
            <input id={removeId} type="checkbox" name={field.name + REMOVE_FILE} value="true" />
            <label for={removeId}>{words('removeSecret')}</label>
          </div>
        </div>
      )}
      <input {...control} type="password" autocomplete="new-password" spellcheck={false} />
    </>
  )
}

interface UploadInputProps {
  readonly control: AriaAttributes & { readonly id: string; readonly name: string }
  readonly field: FormField
  readonly texts: SubmittedFields
}

function UploadInput({ control, field, texts }: UploadInputProps): JSX.Element {
  const words = useWords()
  const [json] = [texts[field.name + CURRENT_FILE] ?? []].flat()
  const current = json === undefined ? undefined : (JSON.parse(json) as FileRef)
  const accept = (field.schema['x-accept'] as readonly string[] | undefined) ?? []
  const removeId = `${fieldId(field.name)}-remove`
  return (
    <>
      {current !== undefined && (
        <div class="la-current-file">
          <p>{words('currentFile')} <strong>{current.name}</strong>. {words('replaceFile')}</p>
          <input type="hidden" name={field.name + CURRENT_FILE} value={json} />
          {!field.required && (
            <div class="la-choice">
              <input id={removeId} type="checkbox" name={field.name + REMOVE_FILE} value="true" />
              <label for={removeId}>{words('removeFile')}</label>
            </div>
          )}
        </div>
      )}
      <input {...control} type="file" accept={accept.join(',')} required={field.mandatory && current === undefined} />
    </>
  )
}

/** The author's hint, and what a person must know of the expected form (RGAA 11.10). */
function useHint(field: FormField, label: FieldLabels): string | undefined {
  const words = useWords()
  const { locale } = useReader()
  const own = fieldHint(label, field.name, field.schema)
  const ours = ((): string | undefined => {
    switch (field.kind) {
      case 'email': return words('emailHint')
      case 'uri': return words('uriHint')
      case 'date': return words('dateHint')
      case 'date-time': return words('dateTimeHint')
      case 'lines': return words('onePerLine')
      case 'long-text': return typeof field.schema['maxLength'] === 'number' ? words('maxLengthHint', { count: new Intl.NumberFormat(locale).format(field.schema['maxLength']) }) : undefined
      case 'upload': return words('fileHint', {
        types: fileTypes((field.schema['x-accept'] as readonly string[] | undefined) ?? [], words('images'), words('anyFile')),
        size: fileSize(Number(field.schema['x-max-bytes']), locale),
      })
      case 'boolean': case 'choice': case 'choices': case 'group': case 'integer': case 'number': case 'secret': case 'text': case 'time': return undefined
      default: return field.kind satisfies never
    }
  })()
  const both = [own, ours].filter((part) => part !== undefined)
  return both.length === 0 ? undefined : both.join(' ')
}

/** Media types as people name them: `PDF, PNG, images`. */
function fileTypes(accept: readonly string[], images: string, any: string): string {
  const names = accept.map((type) => {
    if (type === 'image/*') return images
    const [, subtype = type] = type.split('/')
    return FILE_TYPES[type] ?? subtype.replace(/^x-/, '').toUpperCase()
  })
  return names.length === 0 ? any : [...new Set(names)].join(', ')
}

const FILE_TYPES: Readonly<Record<string, string>> = {
  'image/svg+xml': 'SVG',
  'text/plain': 'TXT',
  'application/msword': 'DOC',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'DOCX',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'XLSX',
  'application/vnd.oasis.opendocument.text': 'ODT',
  'application/vnd.oasis.opendocument.spreadsheet': 'ODS',
}
