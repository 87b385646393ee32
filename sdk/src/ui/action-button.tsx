import type { JSX } from 'preact'
import { Form } from './form.tsx'
import { useWords } from './words.ts'

/** A button that does something. */
export interface ActionButtonProps {
  /** Address the deed is posted to. */
  readonly action: string
  readonly label: string
  /** What it is done to, said by screen readers after the label; where several buttons have the same one, such as in a table. */
  readonly subject?: string
  /** @defaultValue `'secondary'` */
  readonly kind?: 'primary' | 'secondary' | 'danger'
  /** Question asked first; the deed is done by a second button below it. */
  readonly confirm?: string
}

/** A button that posts. The confirmation is a native disclosure, so it works without JavaScript. */
export function ActionButton({ action, label, subject, kind = 'secondary', confirm }: ActionButtonProps): JSX.Element {
  const words = useWords()
  const button = `la-button la-button-${kind}`
  const about = subject === undefined ? null : <span class="la-hidden-text"> {subject}</span>
  if (confirm === undefined) {
    return <Form action={action}><button type="submit" class={button}>{label}{about}</button></Form>
  }
  return (
    <details class="la-confirm">
      <summary class={button}>{label}{about}</summary>
      <div class="la-confirm-panel">
        <p>{confirm}</p>
        <Form action={action}><button type="submit" class={button}>{words('confirm', { label })}{about}</button></Form>
      </div>
    </details>
  )
}
