import type { JSX } from 'preact'

/** Where a page leads on to. */
export interface LinkRowProps {
  /** What the links have in common; names the navigation for screen readers. */
  readonly label: string
  readonly items: readonly {
    readonly label: string
    readonly href: string
    /** A few words above the label, such as "Article suivant". */
    readonly hint?: string
    /** Place of the other page in a series. */
    readonly rel?: 'prev' | 'next'
  }[]
}

/** Links at the end of a page to those next to it, side by side. Nothing when there are none. */
export function LinkRow({ label, items }: LinkRowProps): JSX.Element | null {
  if (items.length === 0) return null
  return (
    <nav class="la-link-row" aria-label={label}>
      <ul>
        {items.map(({ label: text, href, hint, rel }) => (
          <li key={href}>
            <a href={href} {...(rel === undefined ? {} : { rel })}>
              {hint !== undefined && <span class="la-link-row-hint">{hint} </span>}
              <span class="la-link-row-label">{text}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
