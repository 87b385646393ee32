import type { JSX } from 'preact'

/** Pages that belong together. */
export interface TabsProps {
  /** What the tabs choose among. */
  readonly label: string
  readonly items: readonly { readonly label: string; readonly href: string; readonly current?: boolean }[]
}

/** Links between pages that belong together. */
export function Tabs({ label, items }: TabsProps): JSX.Element {
  return (
    <nav class="la-tabs" aria-label={label}>
      <ul>
        {items.map(({ label: text, href, current = false }) => <li key={href}><a href={href} {...(current ? { 'aria-current': 'page' } : {})}>{text}</a></li>)}
      </ul>
    </nav>
  )
}
