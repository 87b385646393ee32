import { Families } from '@liberacces/plugin-families/contract'
import { addDays, TextBody, Type } from '@liberacces/sdk'
import { writeCsv } from '@liberacces/sdk/csv'
import { ButtonLink, DataTable, Page } from '@liberacces/sdk/ui'
import { childrenById } from '../booking/children-by-id.ts'
import { readUnits, type BookingRow } from '../booking/engine/situation.ts'
import type { CanteenRegistrar } from '../canteen-types.ts'

/** Longest period of one file: a year and its leap day. */
const MOST_DAYS = 366
/** Rows that are read at once. */
const STEP = 5_000

/** Bookings as a file for a spreadsheet, and the list of households. */
export function registerBookingsCsv(k: CanteenRegistrar): void {
  k.route({
    method: 'GET', path: '/gestion/export/reservations.csv', audience: 'agent', permission: 'booking.manage', summary: 'Réservations d’une période d’un an au plus (CSV)', response: { 200: TextBody('text/csv') }, timeoutMs: 60_000,
    query: Type.Object({ du: Type.Optional(Type.String({ format: 'date' })), au: Type.Optional(Type.String({ format: 'date' })) }),
  }, async (c, { query }) => {
    const from = query.du ?? c.today()
    const to = [query.au ?? addDays(from, 6), addDays(from, MOST_DAYS)].toSorted()[0] ?? from
    const rows: BookingRow[] = []
    for (let after = '';;) {
      const step = await c.db.selectFrom('booking').selectAll().where('day', '>=', from).where('day', '<=', to).where('id', '>', after).orderBy('id').limit(STEP).execute()
      rows.push(...step)
      if (step.length < STEP) break
      after = step.at(-1)?.id ?? ''
    }
    rows.sort((a, b) => (a.day + a.unit_id + a.id < b.day + b.unit_id + b.id ? -1 : 1))
    const [units, schools] = [await readUnits(c.db), new Map((await c.use(Families).schools({})).map(({ id, name }) => [id, name]))]
    const children = await childrenById(c, rows.map(({ child_id }) => child_id), from)
    await c.audit('bookings.exported', 'booking', { count: rows.length })
    const lines = rows.map((row) => {
      const child = children.get(row.child_id)
      return [row.child_id, child?.lastName ?? '', child?.firstName ?? '', schools.get(child?.schoolId ?? '') ?? '', units.get(row.unit_id)?.name ?? '', row.day, c.t(`booking.state.${row.state}`), row.late === 1 ? 'oui' : 'non']
    })
    return c.reply(200, writeCsv(['Enfant', 'Nom', 'Prénom', 'École', 'Activité', 'Date', 'État', 'Tardive'], lines), { 'content-disposition': `attachment; filename="reservations-${from}-${to}.csv"` })
  })

  k.page({ path: '/gestion/foyers', audience: 'agent', permission: 'booking.manage', title: 'booking.households.title', query: Type.Object({ apres: Type.Optional(Type.String({ maxLength: 200 })) }) }, async (c, { query }) => {
    const households = await c.use(Families).households({ limit: 100, ...(query.apres === undefined ? {} : { after: query.apres }) })
    return (
      <Page title={c.t('booking.households.title')} breadcrumb={[{ label: c.t('booking.dashboard.title'), href: c.url('/gestion') }]}
        actions={<><ButtonLink href={c.url('/gestion/export/reservations.csv')}>{c.t('booking.export.week')}</ButtonLink>{households.length === 100 && <ButtonLink href={c.url('/gestion/foyers', { apres: households.at(-1)?.id })}>{c.t('booking.households.more')}</ButtonLink>}</>}>
        <DataTable caption={c.t('booking.households.title')} rows={households} rowKey={({ id }) => id} columns={[
          { key: 'name', header: c.t('booking.column.household'), cell: ({ id, name }) => <a href={c.url(`/gestion/foyers/${id}/semaine`)}>{name}</a> },
          { key: 'children', header: c.t('booking.column.child'), cell: ({ children }) => children.map(({ firstName }) => firstName).join(', ') },
        ]} />
      </Page>
    )
  })
}
