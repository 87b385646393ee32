import type { ComponentChildren, JSX } from 'preact'
import { useWords } from './words.ts'

/** A message to the reader. */
export interface NoticeProps {
  readonly kind: 'info' | 'success' | 'warning' | 'error'
  readonly title?: string
  readonly children?: ComponentChildren
}

/** A message to the reader. Its kind is said in words, not only by its colour; errors interrupt a screen reader. */
export function Notice({ kind, title, children }: NoticeProps): JSX.Element {
  const words = useWords()
  return (
    <div class={`la-notice la-notice-${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      {title === undefined
        ? <div><strong class="la-hidden-text">{words(kind)} </strong>{children}</div>
        : <>
            <p class="la-notice-title"><span class="la-hidden-text">{words(kind)} </span>{title}</p>
            {children !== undefined && <div>{children}</div>}
          </>}
    </div>
  )
}
