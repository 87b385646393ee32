import type { AriaAttributes, ComponentChildren, JSX } from 'preact'
import { useWords } from './words.ts'

interface FieldFrameProps {
  readonly id: string
  readonly label: string
  readonly optional?: boolean
  readonly hint?: string | undefined
  readonly error?: string | undefined
  readonly children?: ComponentChildren
}

/** Label, hint and error around one control. */
export function FieldFrame({ id, label, optional = false, hint, error, children }: FieldFrameProps): JSX.Element {
  return (
    <div class={error === undefined ? 'la-field' : 'la-field la-field-invalid'}>
      <label for={id}>{label}<OptionalMark optional={optional} /></label>
      <FieldNotes id={id} hint={hint} error={error} />
      {children}
    </div>
  )
}

/** A legend, hint and error around several controls that make one field. The legend can be reached by the error summary. */
export function FieldSet({ id, label, optional = false, hint, error, children }: FieldFrameProps): JSX.Element {
  return (
    <fieldset id={id} tabIndex={-1} class={error === undefined ? 'la-field la-fieldset' : 'la-field la-fieldset la-field-invalid'} {...describedBy(id, hint, undefined)}>
      <legend>
        {label}<OptionalMark optional={optional} />
        {/* Within the legend an error is heard with each choice: aria-invalid is not allowed on a fieldset. */}
        {error !== undefined && <ErrorText id={id} error={error} />}
      </legend>
      {hint !== undefined && <p class="la-hint" id={`${id}-hint`}>{hint}</p>}
      {children}
    </fieldset>
  )
}

/** Hint and error of a field. */
export function FieldNotes({ id, hint, error }: Pick<FieldFrameProps, 'id' | 'hint' | 'error'>): JSX.Element {
  return (
    <>
      {hint !== undefined && <p class="la-hint" id={`${id}-hint`}>{hint}</p>}
      {error !== undefined && <ErrorText id={id} error={error} />}
    </>
  )
}

/** Marks in words a field that may stay empty. */
function OptionalMark({ optional }: { readonly optional: boolean }): JSX.Element | null {
  const words = useWords()
  return optional ? <span class="la-optional"> {words('optional')}</span> : null
}

function ErrorText({ id, error }: { readonly id: string; readonly error: string }): JSX.Element {
  const words = useWords()
  return <span class="la-error" id={`${id}-error`}><span class="la-hidden-text">{words('error')} </span>{error}</span>
}

/** Attributes that bind a control to its hint and error. */
export function describedBy(id: string, hint: string | undefined, error: string | undefined): AriaAttributes {
  const ids = [...(hint === undefined ? [] : [`${id}-hint`]), ...(error === undefined ? [] : [`${id}-error`])]
  return { ...(ids.length > 0 ? { 'aria-describedby': ids.join(' ') } : {}), ...(error === undefined ? {} : { 'aria-invalid': 'true' }) }
}
