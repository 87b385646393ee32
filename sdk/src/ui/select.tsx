import type { JSX } from 'preact'
import { FieldFrame } from './field-frame.tsx'

/** A choice from a list. */
export interface SelectProps {
  readonly name: string
  readonly label: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly value?: string
}

/** A labelled list to choose from. */
export function Select({ name, label, options, value }: SelectProps): JSX.Element {
  const id = `field-${name}`
  return (
    <FieldFrame id={id} label={label}>
      <select id={id} name={name}>
        {options.map((option) => <option key={option.value} value={option.value} selected={option.value === value}>{option.label}</option>)}
      </select>
    </FieldFrame>
  )
}
