import type { ComponentChildren, JSX } from 'preact'
import { SectionTitle } from './section.tsx'
import { useWords } from './words.ts'

/** A step of the way to a page. */
export interface Crumb {
  readonly label: string
  readonly href: string
}

/** What a page shows above its content. */
export interface PageProps {
  /** The page's only `h1`. */
  readonly title: string
  readonly intro?: ComponentChildren
  /** Buttons and links about the page as a whole. */
  readonly actions?: ComponentChildren
  /** The pages above this one, from the outermost; the page itself is added. */
  readonly breadcrumb?: readonly Crumb[]
  readonly children?: ComponentChildren
}

/** The heading and body of a page. */
export function Page({ title, intro, actions, breadcrumb = [], children }: PageProps): JSX.Element {
  const words = useWords()
  return (
    <div class="la-page">
      {breadcrumb.length > 0 && (
        <nav class="la-breadcrumb" aria-label={words('breadcrumb')}>
          <ol>
            {breadcrumb.map(({ label, href }) => <li key={href}><a href={href}>{label}</a></li>)}
            <li aria-current="page">{title}</li>
          </ol>
        </nav>
      )}
      <div class="la-page-head">
        <div>
          <h1>{title}</h1>
          {intro !== undefined && <div class="la-intro">{intro}</div>}
        </div>
        {actions !== undefined && <div class="la-actions">{actions}</div>}
      </div>
      <SectionTitle.Provider value={title}>{children}</SectionTitle.Provider>
    </div>
  )
}
