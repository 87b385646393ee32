import type { ComponentChildren, JSX } from 'preact'

/** One cell of a grid of days. Without `value` nothing can be chosen there: `note` says why. */
export interface WeekGridCell {
  /** Value that is sent under the grid's `name` when the box is ticked. */
  readonly value?: string
  readonly checked?: boolean
  /** What there is to know, such as why a day is closed, or that it waits: a few words or a badge. */
  readonly note?: ComponentChildren
}

/** A grid of days. */
export interface WeekGridProps {
  /** What the grid is about; its `caption`. */
  readonly caption: string
  /** Name under which the values of ticked boxes are sent. */
  readonly name: string
  readonly columns: readonly { readonly key: string; readonly label: string }[]
  /** One cell a column, in their order. */
  readonly rows: readonly { readonly key: string; readonly label: string; readonly hint?: string; readonly cells: readonly WeekGridCell[] }[]
}

/**
 * A table of boxes to tick, such as the days of a week by what can be booked; it stands within a `<Form>`. On a narrow screen, and where text is large, each row is a list of its days, and it is a table for
 * screen readers all the same: the roles are written out, since browsers forget them where a table is laid out otherwise.
 */
export function WeekGrid({ caption, name, columns, rows }: WeekGridProps): JSX.Element {
  return (
    <div class="la-week">
      <table class="la-week-grid" role="table">
        <caption>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <td role="cell" />
            {columns.map(({ key, label }) => <th key={key} role="columnheader" scope="col">{label}</th>)}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map(({ key, label, hint, cells }) => (
            <tr key={key} role="row">
              <th role="rowheader" scope="row">{label}{hint !== undefined && <span class="la-hint">{hint}</span>}</th>
              {columns.map((column, place) => (
                <td key={column.key} role="cell"><GridCell name={name} id={`grid-${key}-${column.key}`} row={label} column={column.label} cell={cells[place] ?? {}} /></td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface GridCellProps { readonly name: string; readonly id: string; readonly row: string; readonly column: string; readonly cell: WeekGridCell }

function GridCell({ name, id, row, column, cell: { value, checked = false, note } }: GridCellProps): JSX.Element {
  const day = <span class="la-week-grid-day" aria-hidden="true">{column}</span>
  if (value === undefined) return <div class="la-week-grid-cell">{day}<span class="la-week-grid-note">{note ?? '—'}</span></div>
  return (
    <div class="la-week-grid-cell">
      <label for={id}>
        <input id={id} type="checkbox" name={name} value={value} checked={checked} {...(note === undefined ? {} : { 'aria-describedby': `${id}-note` })} />
        {day}<span class="la-hidden-text">{row}, {column}</span>
      </label>
      {note !== undefined && <span class="la-week-grid-note" id={`${id}-note`}>{note}</span>}
    </div>
  )
}
