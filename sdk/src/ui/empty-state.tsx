import type { ComponentChildren, JSX } from 'preact'

/** What a page says where there is nothing yet. */
export interface EmptyStateProps {
  readonly title: string
  /** What to do about it. */
  readonly children?: ComponentChildren
}

/** Says that there is nothing yet, and what can be done. */
export function EmptyState({ title, children }: EmptyStateProps): JSX.Element {
  return (
    <div class="la-empty-state">
      <p class="la-empty-title">{title}</p>
      {children}
    </div>
  )
}
