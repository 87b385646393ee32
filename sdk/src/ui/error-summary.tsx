import type { JSX } from 'preact'
import { useWords } from './words.ts'

interface ErrorSummaryProps {
  /** Id of the field, or nothing when it is about the form as a whole, and the sentence. */
  readonly errors: readonly { readonly fieldId: string | undefined; readonly text: string }[]
}

/** All errors of a form above it, each a link to its field. */
export function ErrorSummary({ errors }: ErrorSummaryProps): JSX.Element | null {
  const words = useWords()
  if (errors.length === 0) return null
  return (
    <div class="la-notice la-notice-error la-error-summary" id="error-summary" role="alert" tabIndex={-1}>
      <p class="la-notice-title">{errors.length === 1 ? words('errorSummary') : words('errorSummaryMany', { count: errors.length })}</p>
      <ul>
        {errors.map(({ fieldId, text }) => <li key={text}>{fieldId === undefined ? text : <a href={`#${fieldId}`}>{text}</a>}</li>)}
      </ul>
    </div>
  )
}
