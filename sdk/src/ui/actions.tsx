import type { ComponentChildren, JSX } from 'preact'

/** Buttons and links that belong together. */
export interface ActionsProps {
  readonly children?: ComponentChildren
}

/** Buttons and links side by side, as below a list or in the last cell of a row. */
export function Actions({ children }: ActionsProps): JSX.Element {
  return <div class="la-actions la-actions-row">{children}</div>
}
