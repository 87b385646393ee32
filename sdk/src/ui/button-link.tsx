import type { ComponentChildren, JSX } from 'preact'

/** A link that looks like a button. */
export interface ButtonLinkProps {
  readonly href: string
  /** @defaultValue `'secondary'` */
  readonly kind?: 'primary' | 'secondary'
  /** What it is about, said by screen readers after the text; where several links have the same one, such as in a table. */
  readonly subject?: string
  readonly children?: ComponentChildren
}

/** A link that looks like a button, for where a page leads to next. */
export function ButtonLink({ href, kind = 'secondary', subject, children }: ButtonLinkProps): JSX.Element {
  return <a href={href} class={`la-button la-button-${kind}`}>{children}{subject !== undefined && <span class="la-hidden-text"> {subject}</span>}</a>
}
