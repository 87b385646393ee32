import type { ComponentChildren, JSX } from 'preact'
import { useWords } from './words.ts'

/** A search. */
export interface SearchFormProps {
  readonly action: string
  /** What is searched for. */
  readonly label: string
  /** @defaultValue `'q'` */
  readonly name?: string
  readonly value?: string
  /** More fields, such as `<Select>`. */
  readonly children?: ComponentChildren
}

/** A search by GET, so that its result has an address. */
export function SearchForm({ action, label, name = 'q', value = '', children }: SearchFormProps): JSX.Element {
  const words = useWords()
  // Several searches can be on one page, such as the tiles of the Bureau.
  const id = `search-${`${action} ${name}`.replaceAll(/[^A-Za-z0-9]+/g, '-').replace(/^-/, '')}`
  return (
    <search>
      <form class="la-search" action={action} method="get">
        <div class="la-field">
          <label for={id}>{label}</label>
          <input id={id} type="search" name={name} value={value} />
        </div>
        {children}
        <button type="submit" class="la-button la-button-primary">{words('search')}</button>
      </form>
    </search>
  )
}
