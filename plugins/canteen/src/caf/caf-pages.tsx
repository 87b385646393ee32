import { TextBody, Type, type Static } from '@liberacces/sdk'
import { writeCsv } from '@liberacces/sdk/csv'
import { ButtonLink, DataTable, Notice, Page, type DataTableColumn } from '@liberacces/sdk/ui'
import type { CanteenContext, CanteenRegistrar } from '../canteen-types.ts'
import type { Presence, PresenceGroup } from './presence.ts'
import { readPresence } from './read-presence.ts'

const HOME = '/gestion/facturation'
/** Pages and files are of a year, or of one of its quarters, as the CAF asks for them. */
const Period = Type.Object({ annee: Type.Optional(Type.Integer({ minimum: 2000, maximum: 2199 })), trimestre: Type.Optional(Type.Integer({ minimum: 1, maximum: 4 })) })
type Period = Static<typeof Period>

/** Presence by age and régime for the forms of the CAF (prestation de service): hours booked and hours come, children, acts. */
export function registerCaf(k: CanteenRegistrar): void {
  const access = { audience: 'agent', permission: 'billing.read' } as const
  k.page({ ...access, path: `${HOME}/caf`, title: 'caf.title', query: Period }, async (c, { query }) => {
    const { year, from, to } = periodOf(c, query)
    const presence = await readPresence(c, from, to)
    const numbers = numberColumns(c)
    const own = { annee: year, ...(query.trimestre === undefined ? {} : { trimestre: query.trimestre }) }
    return (
      <Page title={c.t('caf.title')} intro={c.t('caf.intro', { from: c.format.date(from), to: c.format.date(to) })} breadcrumb={[{ label: c.t('billing.title'), href: c.url(HOME) }]} actions={<>
        <ButtonLink href={c.url(`${HOME}/caf`, { annee: year - 1 })}>{c.t('caf.year', { year: String(year - 1) })}</ButtonLink>
        <ButtonLink href={c.url(`${HOME}/caf`, { annee: year })}>{c.t('caf.year', { year: String(year) })}</ButtonLink>
        {[1, 2, 3, 4].map((quarter) => <ButtonLink key={quarter} href={c.url(`${HOME}/caf`, { annee: year, trimestre: quarter })}>{c.t('caf.quarter', { quarter })}</ButtonLink>)}
      </>}>
        <Notice kind="info" title={c.t('caf.notice')}><p>{c.t('caf.notice.detail')}</p></Notice>
        <DataTable caption={c.t('caf.groups')} rows={presence.groups()} empty={c.t('billing.none')} columns={[
          { key: 'activity', header: c.t('billing.activity') },
          { key: 'age', header: c.t('caf.age'), cell: ({ age }) => c.t(`caf.age.${age}`) },
          { key: 'regime', header: c.t('caf.regime'), cell: ({ regime }) => c.t(`caf.regime.${regime}`) },
          ...numbers,
        ]} exports={[{ label: c.t('caf.file'), href: c.url(`${HOME}/export/caf-ages.csv`, own) }, { label: c.t('caf.tiers'), href: c.url(`${HOME}/export/caf.csv`, { annee: year }) }]} />
        <DataTable caption={c.t('caf.activities')} rows={presence.activities()} empty={c.t('billing.none')} columns={[
          { key: 'activity', header: c.t('billing.activity') }, { key: 'days', header: c.t('caf.days'), numeric: true, cell: ({ days }) => c.format.number(days) }, ...numbers,
        ]} />
      </Page>
    )
  })

  k.route({ ...access, method: 'GET', path: `${HOME}/export/caf-ages.csv`, query: Period, summary: 'Children, acts and hours by activity, age and régime, for the CAF (CSV)', response: { 200: TextBody('text/csv') }, timeoutMs: 60_000 }, async (c, { query }) => {
    const { from, to } = periodOf(c, query)
    const groups = (await readPresence(c, from, to)).groups()
    await c.audit('caf.exported', from, { count: groups.length })
    const header = [c.t('billing.activity'), c.t('caf.age'), c.t('caf.regime'), ...numberColumns(c).map((column) => column.header)]
    return c.reply(200, writeCsv(header, groups.map((group) => [
      group.activity, c.t(`caf.age.${group.age}`), c.t(`caf.regime.${group.regime}`), String(group.children), String(group.booked), decimal(hours(group.bookedMinutes)), String(group.present), decimal(hours(group.presentMinutes)),
    ])), { 'content-disposition': `attachment; filename="caf-ages-${from}-${to}.csv"` })
  })
}

function periodOf(c: CanteenContext, { annee, trimestre }: Period): { readonly year: number; readonly from: string; readonly to: string } {
  const year = annee ?? Number(c.today().slice(0, 4))
  const quarters = [['01-01', '03-31'], ['04-01', '06-30'], ['07-01', '09-30'], ['10-01', '12-31']] as const
  const [first, last] = trimestre === undefined ? ['01-01', '12-31'] : quarters[trimestre - 1] ?? ['01-01', '12-31']
  return { year, from: `${year}-${first}`, to: `${year}-${last}` }
}

function numberColumns(c: CanteenContext): DataTableColumn<Presence | PresenceGroup>[] {
  return [
    { key: 'children', header: c.t('billing.children'), numeric: true, cell: ({ children }) => c.format.number(children) },
    { key: 'booked', header: c.t('caf.booked'), numeric: true, cell: ({ booked }) => c.format.number(booked) },
    { key: 'bookedMinutes', header: c.t('caf.booked-hours'), numeric: true, cell: ({ bookedMinutes }) => c.format.number(hours(bookedMinutes)) },
    { key: 'present', header: c.t('caf.present'), numeric: true, cell: ({ present }) => c.format.number(present) },
    { key: 'presentMinutes', header: c.t('caf.present-hours'), numeric: true, cell: ({ presentMinutes }) => c.format.number(hours(presentMinutes)) },
  ]
}

/** Hours in hundredths. */
function hours(minutes: number): number {
  return Math.round((minutes * 100) / 60) / 100
}

/** With two decimals and no spaces, as spreadsheets and the forms want them. */
function decimal(number: number): string {
  return number.toFixed(2).replace('.', ',')
}
