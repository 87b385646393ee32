import type { JSX } from 'preact'
import { useWords } from './words.ts'

/** Where the reader is in a paged list. */
export interface PaginationProps {
  /** From 1. */
  readonly page: number
  readonly pageCount: number
  /** Address of a page. */
  readonly href: (page: number) => string
}

/** Links to the other pages of a list. Nothing when there is only one page. */
export function Pagination({ page, pageCount, href }: PaginationProps): JSX.Element | null {
  const words = useWords()
  if (pageCount <= 1) return null
  const near = Array.from({ length: pageCount }, (_, index) => index + 1).filter((each) => each === 1 || each === pageCount || Math.abs(each - page) <= 1)
  return (
    <nav class="la-pagination" aria-label={words('pages')}>
      <ul>
        {page > 1 && <li><a href={href(page - 1)} rel="prev">{words('previousPage')}</a></li>}
        {near.flatMap((each, index) => {
          const gap = each - (near[index - 1] ?? each - 1) > 1
          return [
            ...(gap ? [<li key={`gap-${each}`} class="la-gap" aria-hidden="true">…</li>] : []),
            <li key={each}>
              {each === page
                ? <a href={href(each)} aria-current="page" aria-label={words('pageOf', { page, pageCount })}>{each}</a>
                : <a href={href(each)} aria-label={words('page', { page: each })}>{each}</a>}
            </li>,
          ]
        })}
        {page < pageCount && <li><a href={href(page + 1)} rel="next">{words('nextPage')}</a></li>}
      </ul>
    </nav>
  )
}
