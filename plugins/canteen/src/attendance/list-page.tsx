import { Families } from '@liberacces/plugin-families/contract'
import { Type } from '@liberacces/sdk'
import { ButtonLink, EmptyState, Form, Notice, Page, Roll, Section, type RollItem } from '@liberacces/sdk/ui'
import type { CanteenContext, CanteenRegistrar } from '../canteen-types.ts'
import { dayList, type DayList, type ListedChild } from './day-list.ts'
import { allergenText } from '../menus/allergen-text.ts'
import { dayName } from './day-name.ts'
import { PageTexts } from './page-texts.tsx'
import { unitById, type UnitOfDay } from './units-of-day.ts'
import { isPressed, standingText, verbsOf } from './verb.ts'

const Id = Type.String({ minLength: 1, maxLength: 200 })
/** Which list: in the address of the page, and in the fields of its form. */
export const ListQuery = { unite: Id, jour: Type.String({ format: 'date' }), ecole: Type.Optional(Type.String({ maxLength: 200 })), classe: Type.Optional(Type.String({ maxLength: 200 })) }

/** The list of a unit on a day, for a tablet: one tap a child. It goes on without a network. */
export function registerListPage(k: CanteenRegistrar): void {
  k.page({ path: '/pointage/liste', audience: 'agent', permission: 'attendance.record', title: 'attendance.list.title', query: Type.Object(ListQuery), browser: { script: 'checkin', offline: true, camera: true } }, async (c, { query }) => {
    const unit = await unitById(c.db, query.unite)
    if (unit === undefined) return c.notFound()
    const [schoolId, classId] = [blank(query.ecole), blank(query.classe)]
    const schools = await c.use(Families).schools({})
    const school = schools.find(({ id }) => id === schoolId)
    const className = school?.classes.find(({ id }) => id === classId)?.name
    const list = await dayList(c, { unitId: unit.id, day: query.jour, schoolId, classId })
    const conflicts = await c.db.selectFrom('attendance_entry').select((eb) => eb.fn.countAll().as('count')).where('unit_id', '=', unit.id).where('day', '=', query.jour).where('conflict_with', 'is not', null).executeTakeFirstOrThrow()
    const title = [unit.activity === unit.name ? unit.name : `${unit.activity} – ${unit.name}`, school?.name, className].filter((part) => part !== undefined).join(', ')
    const hourly = unit.kind === 'hourly'
    const journal = c.url('/pointage/journal', { unite: unit.id, jour: query.jour })
    return c.page(`${title} – ${dayName(c.locale, query.jour)}`, (
      <Page title={title} intro={dayName(c.locale, query.jour)} breadcrumb={[{ label: c.t('attendance.title'), href: c.url('/pointage', { jour: query.jour }) }]}
        actions={<><ButtonLink href={c.url('/pointage/liste', { ...query })}>{c.t('attendance.reload')}</ButtonLink><ButtonLink href={journal}>{c.t('attendance.journal.title')}</ButtonLink></>}>
        <div id="pointage-etat" class="la-notice la-notice-info" role="status" hidden />
        <ul id="pointage-refus" hidden />
        {Number(conflicts.count) > 0 && <Notice kind="warning"><p>{c.t('attendance.conflicts', { count: Number(conflicts.count) })} <a href={journal}>{c.t('attendance.conflicts.see')}</a></p></Notice>}
        {list.flags === undefined && <Notice kind="warning"><p>{c.t('attendance.noFlags')}</p></Notice>}
        <p id="pointage-bilan">{summary(c, list.expected)}</p>
        <Form action={c.url('/pointage/scanner')}>
          <ListFields {...query} />
          <div class="la-field">
            <label for="code">{c.t('attendance.scan')}</label>
            <span class="la-hint" id="code-hint">{c.t('attendance.scan.hint')}</span>
            <input id="code" name="code" type="text" autocomplete="off" autocapitalize="characters" spellcheck={false} aria-describedby="code-hint" />
          </div>
          <div class="la-actions">
            <button type="submit" class="la-button">{c.t('attendance.scan.do')}</button>
            <button type="button" id="pointage-camera" class="la-button" hidden>{c.t('attendance.camera')}</button>
          </div>
        </Form>
        <div id="pointage-image" hidden />
        <div id="pointage-recherche" class="la-field" hidden><label for="pointage-filtre">{c.t('attendance.filter')}</label><input id="pointage-filtre" type="search" autocomplete="off" /></div>
        <Form action={c.url('/pointage/marquer')}>
          <ListFields {...query} />
          {list.expected.length === 0 ? <EmptyState title={c.t('attendance.nobody')} /> : <Roll label={c.t('attendance.expected')} items={list.expected.map((child) => item(c, unit, query.jour, list, child, true))} />}
          {schoolId !== undefined && list.others.length > 0 && (
            <details id="pointage-autres">
              <summary class="la-button">{c.t('attendance.others', { count: list.others.length })}</summary>
              <Roll label={c.t('attendance.others.label')} items={list.others.map((child) => item(c, unit, query.jour, list, child, false))} />
            </details>
          )}
        </Form>
        {schoolId === undefined && <Section title={c.t('attendance.extra')}><ButtonLink href={c.url('/pointage/ajouter', { unite: unit.id, jour: query.jour })}>{c.t('attendance.extra.search')}</ButtonLink></Section>}
        <PageTexts c={c} values={{ unit: unit.id, day: query.jour, hourly: hourly ? '1' : '', changes: c.url('/pointage/changements'), actor: c.actor.id }} />
      </Page>
    ))
  })
}

/** Which list a form is about. */
export function ListFields({ unite, jour, ecole, classe }: { readonly unite: string; readonly jour: string; readonly ecole?: string; readonly classe?: string }) {
  return <>{Object.entries({ unite, jour, ecole, classe }).map(([name, value]) => (value === undefined || value === '' ? null : <input key={name} type="hidden" name={name} value={value} />))}</>
}

function item(c: CanteenContext, { id: unitId, kind }: UnitOfDay, day: string, { flags, badges }: DayList, listed: ListedChild, expected: boolean): RollItem {
  const { child, mark, entryId = '', arrivedAt, leftAt, booked } = listed
  const said = standingText(listed, expected)
  const flag = flags?.get(child.id)
  const state = said === undefined ? (booked === undefined ? undefined : { kind: 'neutral' as const, text: c.t(`attendance.booking.${booked === 'waiting' ? 'waiting' : booked === 'requested' ? 'requested' : 'refused'}`) }) : { kind: said.kind, text: c.t(`attendance.state.${said.text}`, { time: said.time ?? '' }) }
  return {
    id: `enfant-${child.id}`, name: `${child.lastName} ${child.firstName}`, ...(child.className === undefined ? {} : { detail: child.className }), ...(state === undefined ? {} : { state }),
    ...(flag === undefined ? {} : { alert: alertOf(c, flag) }),
    href: c.url('/pointage/enfant', { unite: unitId, jour: day, enfant: child.id }),
    value: [mark, entryId, arrivedAt ?? '', leftAt ?? '', badges.get(child.id) ?? ''].join('|'),
    actions: verbsOf(kind === 'hourly').map((verb) => ({ label: c.t(`attendance.verb.${verb}`), name: 'marque', value: `${isPressed(verb, listed) ? 'none' : verb}:${child.id}`, pressed: isPressed(verb, listed) })),
  }
}

/** What those on the spot must know, in one line. */
function alertOf(c: CanteenContext, { pai, allergens, note }: { readonly pai: boolean; readonly allergens: readonly string[]; readonly note?: string }): string {
  const known = allergens.map((code) => allergenText(c, code))
  return [pai ? c.t('attendance.pai') : undefined, known.length > 0 ? c.t('attendance.allergens', { list: known.join(', ') }) : undefined, note].filter((part) => part !== undefined).join(' – ')
}

function summary(c: CanteenContext, expected: readonly ListedChild[]): string {
  const count = (wanted: (child: ListedChild) => boolean): number => expected.filter(wanted).length
  return c.t('attendance.summary', { expected: expected.length, present: count(({ mark }) => mark === 'present' || mark === 'late'), absent: count(({ mark }) => mark === 'absent' || mark === 'excused'), open: count(({ mark }) => mark === 'none') })
}

function blank(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text
}
