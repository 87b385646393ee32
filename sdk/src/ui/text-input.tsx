import type { InputHTMLAttributes, JSX } from 'preact'
import { FieldFrame, describedBy } from './field-frame.tsx'

/** One line of text in a form. */
export interface TextInputProps {
  readonly name: string
  readonly label: string
  readonly value?: string
  /** @defaultValue `'text'` */
  readonly type?: 'text' | 'email' | 'url' | 'tel' | 'search' | 'date' | 'time' | 'datetime-local' | 'password'
  /** Says that it may stay empty. @defaultValue `false` */
  readonly optional?: boolean
  readonly hint?: string
  /** What is wrong with the value, as a sentence. */
  readonly error?: string
}

/** A labelled field of one line. */
export function TextInput({ name, label, value = '', type = 'text', optional = false, hint, error }: TextInputProps): JSX.Element {
  const id = `field-${name}`
  return (
    <FieldFrame id={id} label={label} optional={optional} hint={hint} error={error}>
      <input {...({ type } as InputHTMLAttributes)} id={id} name={name} value={value} {...describedBy(id, hint, error)} />
    </FieldFrame>
  )
}
