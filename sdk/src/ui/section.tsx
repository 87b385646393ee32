import { createContext, type ComponentChildren, type JSX } from 'preact'

/** Title of the section around, or of the page where there is none; a table whose caption says the same shows it to assistive technology alone. */
export const SectionTitle = createContext<string | undefined>(undefined)

/** A part of a page. */
export interface SectionProps {
  readonly title: string
  /** Level of its heading. @defaultValue 2 */
  readonly level?: 2 | 3
  readonly actions?: ComponentChildren
  readonly children?: ComponentChildren
}

/** A part of a page under its own heading. */
export function Section({ title, level = 2, actions, children }: SectionProps): JSX.Element {
  const Heading = `h${level}` as const
  return (
    <section class="la-section">
      <div class="la-section-head">
        <Heading>{title}</Heading>
        {actions !== undefined && <div class="la-actions">{actions}</div>}
      </div>
      <SectionTitle.Provider value={title}>{children}</SectionTitle.Provider>
    </section>
  )
}
