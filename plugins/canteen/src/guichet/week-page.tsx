import type { HouseholdCard } from '@liberacces/plugin-families/contract'
import { addDays, mondayOf, parseDay, Type } from '@liberacces/sdk'
import { Badge, ButtonLink, EmptyState, Form, LinkRow, Notice, Page, WeekGrid, type WeekGridCell } from '@liberacces/sdk/ui'
import { decideAdd, decideCancel, type Asker } from '../booking/engine/decide.ts'
import { cellKey, readSituation } from '../booking/engine/situation.ts'
import type { Wish } from '../booking/engine/book.ts'
import { dateWords, dayWords, instantWords, shortDayWords } from '../booking/words/day-words.ts'
import { cellWords, deadlineWords, refusalWords } from '../booking/words/refusal-words.ts'
import type { CanteenContext } from '../canteen-types.ts'
import { daysOfWeek, readWeek, type WeekCell } from './week.ts'

/** Which week, and what was refused when it was saved. */
export const WeekQuery = Type.Object({ lundi: Type.Optional(Type.String({ maxLength: 10 })), refus: Type.Optional(Type.String({ maxLength: 4_000 })), faits: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000 })), attente: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })) })
/** What is sent: all boxes that were shown, as `child|unit|day|booked`, and those that are ticked. */
export const WeekFields = Type.Object({ lundi: Type.String({ maxLength: 10 }), montre: Type.Array(Type.String({ maxLength: 500 }), { maxItems: 500, default: [] }), jour: Type.Array(Type.String({ maxLength: 500 }), { maxItems: 500, default: [] }) })

interface WeekView {
  readonly households: readonly HouseholdCard[]
  readonly asker: Asker
  readonly query: { readonly lundi?: string; readonly refus?: string; readonly faits?: number; readonly attente?: number }
  /** Path of the page, and of what saves it. */
  readonly path: string
  readonly save: string
}

/** The Monday of a query; this week's where it says none that exists. */
export function mondayFrom(c: Pick<CanteenContext, 'today'>, text: string | undefined): string {
  return mondayOf(parseDay(text ?? '') ?? c.today())
}

/** The grid of a household by week: one form, one save; it says what is closed and why, what would be late, what waits. */
export async function weekPage(c: CanteenContext, { households, asker, query, path, save }: WeekView) {
  const monday = mondayFrom(c, query.lundi)
  const children = households.flatMap((household) => household.children)
  const weeks = await readWeek(c, children, monday, asker)
  const refusals = await refusedBefore(c, children, query.refus, asker)
  const columns = daysOfWeek(monday).map((day) => ({ key: day, label: shortDayWords(day, c.locale) }))
  const link = (to: string): string => c.url(path, { lundi: to })
  // The year is said where it is another one.
  const mondayWords = (day: string): string => (day.slice(0, 4) === c.today().slice(0, 4) ? dayWords : dateWords)(day, c.locale)
  const cells = weeks.flatMap(({ rows }) => rows.flatMap((row) => row.cells))
  return (
    <Page title={c.t('booking.week.title', { day: mondayWords(monday) })} intro={c.t('booking.week.intro')} breadcrumb={[{ label: c.t('booking.home.title'), href: c.url(asker === 'family' ? '/' : '/gestion') }]}
      actions={asker === 'family' && <ButtonLink href={c.url('/semaine/copier')}>{c.t('booking.copy.title')}</ButtonLink>}>
      <LinkRow label={c.t('booking.week.others')} items={[
        { hint: c.t('booking.week.before'), label: mondayWords(addDays(monday, -7)), href: link(addDays(monday, -7)), rel: 'prev' as const },
        { hint: c.t('booking.week.after'), label: mondayWords(addDays(monday, 7)), href: link(addDays(monday, 7)), rel: 'next' as const },
      ]} />
      {refusals.length > 0 && <Notice kind="error" title={c.t('booking.week.refused', { count: refusals.length })}><ul>{refusals.map((text) => <li key={text}>{text}</li>)}</ul></Notice>}
      {query.faits !== undefined && query.faits > 0 && <Notice kind="success" title={c.t('booking.week.saved', { count: query.faits })}>{query.attente !== undefined && c.t('booking.week.waiting', { count: query.attente })}</Notice>}
      {query.faits === 0 && refusals.length === 0 && <Notice kind="info" title={c.t('booking.week.unchanged')} />}
      {weeks.every(({ rows }) => rows.length === 0)
        ? <EmptyState title={c.t('booking.week.none')}>{asker === 'family' && <ButtonLink kind="primary" href={c.url('/inscription')}>{c.t('booking.enrol.title')}</ButtonLink>}</EmptyState>
        : (
          <Form action={c.url(save)}>
            <input type="hidden" name="lundi" value={monday} />
            {cells.filter(({ changeable }) => changeable).map((cell) => <input key={cell.key} type="hidden" name="montre" value={`${cell.key}|${isBooked(cell) ? 1 : 0}`} />)}
            {weeks.filter(({ rows }) => rows.length > 0).map(({ child, rows }) => (
              <WeekGrid key={child.id} caption={`${child.firstName} ${child.lastName}`} name="jour" columns={columns}
                rows={rows.map(({ unit, cells: own }) => ({ key: `${child.id}-${unit.id}`, label: unit.name, ...(unit.name === unit.activity.name ? {} : { hint: unit.activity.name }), cells: own.map((cell) => gridCell(c, cell, asker)) }))} />
            ))}
            {cells.some(({ changeable }) => changeable) && <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{c.t('booking.week.save')}</button></div>}
          </Form>
          )}
    </Page>
  )
}

function isBooked({ row }: WeekCell): boolean {
  return row !== undefined && row.state !== 'refused'
}

function gridCell(c: CanteenContext, cell: WeekCell, asker: Asker): WeekGridCell {
  const { row, refusal, changeable } = cell
  const why = refusal === undefined ? undefined : cellWords(c, refusal, cell.unit, cell.day)
  const state = row === undefined ? null : <Badge kind={BADGES[row.state]}>{row.offered_until !== null ? c.t('booking.state.offered', { until: instantWords(row.offered_until, c.locale) }) : c.t(`booking.state.${row.state}`)}</Badge>
  const late = row?.late === 1 || cell.late ? <> {c.t('booking.week.late')}</> : null
  if (!changeable) return { note: <>{state} {why}</> }
  const until = row === undefined && cell.until !== undefined ? <>{c.t('booking.week.until', { until: deadlineWords(c, cell.until) })}</> : null
  const take = asker === 'family' && row !== undefined && row.offered_until !== null ? <> <a href={c.url('/')}>{c.t('booking.week.take')}</a></> : null
  return { value: cell.key, checked: isBooked(cell), note: <>{state}{take}{late}{until}</> }
}

/** The colour that helps to see a state. */
export const BADGES = { 'booked': 'success', 'present': 'success', 'absent-justified': 'neutral', 'absent-unjustified': 'warning', 'waiting': 'info', 'refused': 'error', 'requested': 'info' } as const

/** The reasons of cells that could not be saved, as they hold now. */
async function refusedBefore(c: CanteenContext, children: HouseholdCard['children'], keys: string | undefined, asker: Asker): Promise<readonly string[]> {
  const cells = (keys ?? '').split(',').slice(0, 40).flatMap((key) => readCell(key, children) ?? [])
  if (cells.length === 0) return []
  const days = cells.map(({ day }) => day).toSorted()
  const situation = await readSituation(c, c.db, children.map(({ id }) => id), days[0] ?? '', days.at(-1) ?? '')
  return cells.flatMap(({ child, unitId, day }) => {
    const booked = situation.bookings.has(cellKey(child.id, unitId, day))
    const decision = booked ? decideCancel(situation, child.id, unitId, day, asker) : decideAdd(situation, child, unitId, day, asker)
    const unit = situation.units.get(unitId)
    const refusal = decision.ok ? (booked ? undefined : { code: 'full' as const, capacity: unit?.capacity ?? 0 }) : decision.refusal
    return refusal === undefined ? [] : [`${child.firstName}\u00a0: ${refusalWords(c, refusal, unit, day)}`]
  })
}

/** A cell as forms carry it; `undefined` for what is none of these children. */
function readCell(text: string, children: HouseholdCard['children']): { readonly child: HouseholdCard['children'][number]; readonly unitId: string; readonly day: string; readonly rest: string } | undefined {
  const [childId, unitId = '', dayText = '', rest = ''] = text.split('|')
  const child = children.find(({ id }) => id === childId)
  const day = parseDay(dayText)
  return child === undefined || day === undefined || unitId === '' ? undefined : { child, unitId, day, rest }
}

/** What somebody changed on the grid: boxes that were empty and are ticked, and the other way about. */
export function changedCells(data: { readonly montre: readonly string[]; readonly jour: readonly string[] }, children: HouseholdCard['children']): readonly Wish[] {
  const ticked = new Set(data.jour)
  return data.montre.flatMap((text) => {
    const cell = readCell(text, children)
    if (cell === undefined) return []
    const { child, unitId, day, rest } = cell
    const isTicked = ticked.has(cellKey(child.id, unitId, day))
    if (isTicked === (rest === '1')) return []
    return [{ child, unitId, day, wish: isTicked ? 'add' as const : 'cancel' as const }]
  })
}
