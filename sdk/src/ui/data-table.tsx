import type { ComponentChildren, JSX } from 'preact'
import { useContext } from 'preact/hooks'
import { Pagination, type PaginationProps } from './pagination.tsx'
import { SectionTitle } from './section.tsx'
import { Time } from './time.tsx'
import { useReader } from './reader.ts'
import { useWords } from './words.ts'
import { numberText } from './number-text.ts'

/** A column of a table. */
export interface DataTableColumn<Row> {
  /** Name of the value in a row. */
  readonly key: string
  readonly header: string
  /** What a cell shows. @defaultValue the row's value of that name */
  readonly cell?: (row: Row) => ComponentChildren
  /** Aligned to the right. */
  readonly numeric?: boolean
  /** Its heading is a link that sorts; wants `sortHref`. */
  readonly sortable?: boolean
}

/** A table of data. */
export interface DataTableProps<Row extends object> {
  /** What the table holds; its `caption`, which is not seen where the section around it, or else the page, has the same title. */
  readonly caption: string
  readonly rows: readonly Row[]
  /** @defaultValue one column for each name of the first row */
  readonly columns?: readonly DataTableColumn<Row>[]
  readonly rowKey?: (row: Row) => string
  /** Shown instead of the table when there are no rows. */
  readonly empty?: string
  readonly sort?: { readonly key: string; readonly direction: 'asc' | 'desc' }
  readonly sortHref?: (key: string, direction: 'asc' | 'desc') => string
  readonly pagination?: PaginationProps
  /** Links to the same data as files. */
  readonly exports?: readonly { readonly label: string; readonly href: string }[]
}

/** A table with caption, sorting, pages and downloads. The first column names the row. */
export function DataTable<Row extends object>(props: DataTableProps<Row>): JSX.Element {
  const { caption, rows, rowKey, sort, sortHref, pagination, exports = [] } = props
  const words = useWords()
  const isSaid = useContext(SectionTitle) === caption
  const columns: readonly DataTableColumn<Row>[] = props.columns ?? Object.keys(rows[0] ?? {}).map((key) => ({ key, header: key }))
  if (rows.length === 0) return <p class="la-empty">{props.empty ?? words('noRows')}</p>
  return (
    <div class="la-data-table">
      {/* A wide table scrolls inside this frame, also by keyboard. */}
      <div class="la-table-frame" role="region" aria-label={caption} tabIndex={0}>
        <table class="la-table">
          <caption {...(isSaid ? { class: 'la-hidden-text' } : {})}>{caption}</caption>
          <thead>
            <tr>{columns.map((column) => <HeaderCell key={column.key} column={column} sort={sort} sortHref={sortHref} />)}</tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={rowKey?.(row) ?? index}>
                {columns.map((column, place) => {
                  const content = column.cell === undefined ? <Plain value={(row as Readonly<Record<string, unknown>>)[column.key]} /> : column.cell(row)
                  const kind = column.numeric === true ? { class: 'la-numeric' } : {}
                  return place === 0 ? <th key={column.key} scope="row" {...kind}>{content}</th> : <td key={column.key} {...kind}>{content}</td>
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pagination !== undefined && <Pagination {...pagination} />}
      {exports.length > 0 && (
        <ul class="la-exports" aria-label={words('exports')}>
          {exports.map(({ label, href }) => <li key={href}><a href={href} download="">{label}</a></li>)}
        </ul>
      )}
    </div>
  )
}

interface HeaderCellProps<Row extends object> {
  readonly column: DataTableColumn<Row>
  readonly sort: DataTableProps<Row>['sort'] | undefined
  readonly sortHref: DataTableProps<Row>['sortHref'] | undefined
}

function HeaderCell<Row extends object>({ column, sort, sortHref }: HeaderCellProps<Row>): JSX.Element {
  const words = useWords()
  const kind = column.numeric === true ? { class: 'la-numeric' } : {}
  if (column.sortable !== true || sortHref === undefined) return <th scope="col" {...kind}>{column.header}</th>
  const direction = sort?.key === column.key ? sort.direction : undefined
  return (
    <th scope="col" {...kind} {...(direction === undefined ? {} : { 'aria-sort': direction === 'asc' ? 'ascending' : 'descending' })}>
      <a href={sortHref(column.key, direction === 'asc' ? 'desc' : 'asc')} title={words('sortBy', { name: column.header })}>
        {column.header}
        <span class={`la-sort la-sort-${direction ?? 'none'}`} aria-hidden="true" />
        {direction !== undefined && <span class="la-hidden-text"> ({words(direction === 'asc' ? 'sortedAscending' : 'sortedDescending')})</span>}
      </a>
    </th>
  )
}

function Plain({ value }: { readonly value: unknown }): JSX.Element {
  const words = useWords()
  const { locale } = useReader()
  if (value === undefined || value === null) return <>—</>
  if (typeof value === 'boolean') return <>{words(value ? 'yes' : 'no')}</>
  if (typeof value === 'number') return <>{numberText(value, locale)}</>
  if (value instanceof Date) return <Time date={value} withTime />
  return <>{typeof value === 'string' ? value : JSON.stringify(value)}</>
}
