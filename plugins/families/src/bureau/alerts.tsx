import { addDays } from '@liberacces/sdk'
import { DataTable, EmptyState, Page, Section } from '@liberacces/sdk/ui'
import { paiHolds } from '../domain/health-record.ts'
import { NOTICE_DAYS } from '../document-state.tsx'
import type { FamiliesContext, FamiliesRegistrar } from '../families-types.ts'
import { openRecords } from '../store/health.ts'
import { sameChildren } from '../merge/likely-twins.ts'
import { BureauTabs } from './shell.tsx'

/** Days before its end from which on a PAI is said to end: a new one takes a doctor. */
const PAI_NOTICE_DAYS = 60

/** What agents have to see to: quotients that are missing, documents that are over, PAI that end. */
export function registerAlerts(k: FamiliesRegistrar): void {
  k.page({ path: '/gestion/alertes', audience: 'agent', permission: 'household.read', title: 'page.alerts' }, async (c) => {
    const households = await withoutQuotient(c).select(['household.id', 'household.name']).orderBy('sort_key').limit(500).execute()
    const documents = await overDocuments(c).select(['document.id', 'document.kind', 'document.valid_until', 'document.child_id', 'child.first_name', 'child.last_name']).orderBy('valid_until').limit(500).execute()
    const twins = c.actor.can('household.write') ? await sameChildren(c.db) : []
    const pais = c.actor.can('health.read') ? await endingPais(c) : []
    return (
      <Page title={c.t('page.alerts')}>
        <BureauTabs c={c} current="alerts" />
        <Section title={c.t('alert.quotient', { count: households.length })}>
          {households.length === 0 ? <EmptyState title={c.t('alert.none')} /> : <ul>{households.map(({ id, name }) => <li key={id}><a href={c.url(`/gestion/foyers/${id}`)}>{name}</a></li>)}</ul>}
        </Section>
        {c.actor.can('household.write') && (
          <Section title={c.t('alert.twins', { count: twins.length })}>
            {twins.length === 0 ? <EmptyState title={c.t('alert.none')} /> : <ul>{twins.map(({ id, otherId, name, otherName, child }) => <li key={`${id} ${otherId} ${child}`}><a href={c.url(`/gestion/foyers/${id}/reunir/${otherId}`)}>{c.t('alert.twins.line', { child, name, other: otherName })}</a></li>)}</ul>}
          </Section>
        )}
        <Section title={c.t('alert.documents', { count: documents.length })}>
          <DataTable
            caption={c.t('alert.documents.caption')} rows={documents} rowKey={({ id }) => id} empty={c.t('alert.none')}
            columns={[
              { key: 'child', header: c.t('alert.child'), cell: ({ child_id: id, first_name: first, last_name: last }) => <a href={c.url(`/gestion/enfants/${id}`)}>{last} {first}</a> },
              { key: 'kind', header: c.t('field.kind'), cell: ({ kind }) => c.t(`field.kind.${kind}`) },
              { key: 'until', header: c.t('field.validUntil'), cell: ({ valid_until: until }) => (until === null ? '' : c.format.date(until)) },
            ]}
          />
        </Section>
        {c.actor.can('health.read') && (
          <Section title={c.t('alert.pai', { count: pais.length })}>
            <DataTable
              caption={c.t('alert.pai.caption')} rows={pais} rowKey={({ id }) => id} empty={c.t('alert.none')}
              columns={[{ key: 'child', header: c.t('alert.child'), cell: ({ id, name }) => <a href={c.url(`/gestion/enfants/${id}/sante`)}>{name}</a> }, { key: 'until', header: c.t('field.paiLastDay'), cell: ({ until }) => c.format.date(until) }]}
            />
          </Section>
        )}
      </Page>
    )
  })
}

/** Households with children and no quotient that holds today. */
export function withoutQuotient(c: FamiliesContext) {
  const today = c.today()
  return c.db.selectFrom('household')
    .where((where) => where.exists(where.selectFrom('child').select('child.id').whereRef('child.household_id', '=', 'household.id')))
    .where((where) => where.not(where.exists(where.selectFrom('quotient').select('quotient.id').whereRef('quotient.household_id', '=', 'household.id').where('first_day', '<=', today).where('last_day', '>=', today))))
}

/** Documents of children that are over, or soon, and that no newer one of the kind replaces. */
export function overDocuments(c: FamiliesContext) {
  const soon = addDays(c.today(), NOTICE_DAYS)
  return c.db.selectFrom('document').innerJoin('child', 'child.id', 'document.child_id').where('document.valid_until', '<', soon)
    .where((where) => where.not(where.exists(where.selectFrom('document as newer').select('newer.id').whereRef('newer.child_id', '=', 'document.child_id').whereRef('newer.kind', '=', 'document.kind')
      .where((or) => or.or([or('newer.valid_until', 'is', null), or('newer.valid_until', '>=', soon)])))))
}

async function endingPais(c: FamiliesContext): Promise<readonly { readonly id: string; readonly name: string; readonly until: string }[]> {
  const children = await c.db.selectFrom('health').innerJoin('child', 'child.id', 'health.child_id').select(['child.id', 'first_name', 'last_name']).execute()
  const records = await openRecords(c, c.db, children.map(({ id }) => id))
  const soon = addDays(c.today(), PAI_NOTICE_DAYS)
  const ending = children.flatMap(({ id, first_name: first, last_name: last }) => {
    const record = records.get(id)
    const until = record?.pai?.lastDay
    return record === undefined || until === undefined || until > soon || (!paiHolds(record, c.today()) && until < addDays(c.today(), -PAI_NOTICE_DAYS)) ? [] : [{ id, name: `${last} ${first}`, until }]
  })
  await c.audit('health.list-read', 'pai-ending', { children: children.length, shown: ending.length })
  return ending.toSorted((a, b) => (a.until < b.until ? -1 : 1))
}
