import type { ComponentChildren, JSX } from 'preact'

/** A word about the state of something. */
export interface BadgeProps {
  /** @defaultValue `'neutral'` */
  readonly kind?: 'neutral' | 'info' | 'success' | 'warning' | 'error'
  readonly children?: ComponentChildren
}

/** A word about the state of something. The word says it; the colour only helps. */
export function Badge({ kind = 'neutral', children }: BadgeProps): JSX.Element {
  return <span class={`la-badge la-badge-${kind}`}>{children}</span>
}
