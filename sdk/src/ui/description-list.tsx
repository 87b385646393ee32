import type { ComponentChildren, JSX } from 'preact'

/** Terms and what they mean. */
export interface DescriptionListProps {
  readonly items: readonly { readonly term: string; readonly description: ComponentChildren }[]
}

/** Facts about one thing, name by name. */
export function DescriptionList({ items }: DescriptionListProps): JSX.Element {
  return (
    <dl class="la-description-list">
      {items.map(({ term, description }) => <div key={term}><dt>{term}</dt><dd>{description}</dd></div>)}
    </dl>
  )
}
