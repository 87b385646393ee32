import type { ComponentChildren, JSX } from 'preact'

/** A link that looks like a button. */
export interface ButtonLinkProps {
  readonly href: string
  /** @defaultValue `'secondary'` */
  readonly kind?: 'primary' | 'secondary'
  readonly children?: ComponentChildren
}

/** A link that looks like a button, for where a page leads to next. */
export function ButtonLink({ href, kind = 'secondary', children }: ButtonLinkProps): JSX.Element {
  return <a href={href} class={`la-button la-button-${kind}`}>{children}</a>
}
