import { Families } from '@liberacces/plugin-families/contract'
import { Type } from '@liberacces/sdk'
import { Badge, DataTable, Page } from '@liberacces/sdk/ui'
import type { CanteenRegistrar } from '../canteen-types.ts'
import { dayName } from './day-name.ts'
import { unitById } from './units-of-day.ts'

const Query = Type.Object({ unite: Type.String({ minLength: 1, maxLength: 200 }), jour: Type.String({ format: 'date' }) })

/** Every entry of a unit on a day, with those that somebody contradicted. The later moment holds; nothing is lost. */
export function registerJournalPage(k: CanteenRegistrar): void {
  k.page({ path: '/pointage/journal', audience: 'agent', permission: 'attendance.record', title: 'attendance.journal.title', query: Query }, async (c, { query: { unite, jour } }) => {
    const unit = await unitById(c.db, unite)
    if (unit === undefined) return c.notFound()
    const entries = await c.db.selectFrom('attendance_entry').selectAll().where('unit_id', '=', unite).where('day', '=', jour).orderBy('recorded_at', 'desc').orderBy('id', 'desc').limit(1_000).execute()
    const children = new Map((await c.use(Families).children({ ids: [...new Set(entries.map((entry) => entry.child_id))], on: jour })).map((child) => [child.id, `${child.lastName} ${child.firstName}`]))
    return (
      <Page title={c.t('attendance.journal.title')} intro={`${unit.name} – ${dayName(c.locale, jour)}`} breadcrumb={[{ label: c.t('attendance.title'), href: c.url('/pointage', { jour }) }, { label: unit.name, href: c.url('/pointage/liste', { unite, jour }) }]}>
        <p>{c.t('attendance.journal.rule')}</p>
        <DataTable caption={c.t('attendance.journal.title')} rows={entries} rowKey={({ id }) => id} empty={c.t('attendance.journal.none')} columns={[
          { key: 'child', header: c.t('attendance.journal.child'), cell: (entry) => children.get(entry.child_id) ?? c.t('attendance.journal.unknown') },
          { key: 'mark', header: c.t('attendance.journal.mark'), cell: (entry) => c.t(`attendance.mark.${entry.mark}`) },
          { key: 'recorded', header: c.t('attendance.journal.recorded'), cell: (entry) => c.format.dateTime(entry.recorded_at) },
          { key: 'received', header: c.t('attendance.journal.received'), cell: (entry) => c.format.dateTime(entry.received_at) },
          { key: 'by', header: c.t('attendance.journal.by'), cell: (entry) => entry.recorded_name ?? '' },
          { key: 'outcome', header: c.t('attendance.journal.outcome'), cell: (entry) => <><Badge kind={entry.outcome === 'applied' ? 'neutral' : 'warning'}>{c.t(`attendance.outcome.${entry.outcome}`)}</Badge>{entry.conflict_with !== null && <> <Badge kind="error">{c.t('attendance.conflict')}</Badge></>}</> },
        ]} />
      </Page>
    )
  })
}
