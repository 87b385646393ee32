import { ageOn } from '@liberacces/sdk'
import { ActionButton, Actions, Badge, ButtonLink, DataTable, DescriptionList, Notice, Page, Section, Time } from '@liberacces/sdk/ui'
import { WHOLE, type CustodyRule } from '../domain/custody.ts'
import { addressLine } from '../domain/address-line.ts'
import { DocumentState } from '../document-state.tsx'
import type { FamiliesContext, FamiliesRegistrar } from '../families-types.ts'
import { householdCards } from '../store/cards.ts'
import { custodyRule } from '../store/custody.ts'
import { documentsOf } from '../store/documents.ts'
import { BureauTabs, bureauCrumbs } from './shell.tsx'

/** One household for agents: who belongs to it, who pays, what is missing. */
export function registerHouseholdPage(k: FamiliesRegistrar): void {
  k.page({ path: '/gestion/foyers/:id', audience: 'agent', permission: 'household.read', title: 'page.household' }, async (c, { params }) => {
    const row = await c.db.selectFrom('household').selectAll().where('id', '=', params['id'] ?? '').executeTakeFirst()
    const card = row === undefined ? undefined : (await householdCards(c.db, [row], c.today()))[0]
    if (row === undefined || card === undefined) return c.notFound()
    const writes = c.actor.can('household.write')
    const guardians = await c.db.selectFrom('guardian').selectAll().where('household_id', '=', row.id).orderBy('position').execute()
    const nameOf = (id: string): string => { const found = guardians.find((guardian) => guardian.id === id); return found === undefined ? '' : `${found.first_name} ${found.last_name}` }
    const rules = await c.db.selectFrom('custody').selectAll().where('household_id', '=', row.id).orderBy('first_day', 'desc').execute()
    const childNames = new Map(card.children.map(({ id, firstName }) => [id, firstName]))
    const documents = (await documentsOf(c.db, row.id))
    const quotients = c.actor.can('quotient.read') ? await c.db.selectFrom('quotient').selectAll().where('household_id', '=', row.id).orderBy('first_day', 'desc').orderBy('id', 'desc').limit(12).execute() : []
    const holds = quotients.some((each) => each.first_day <= c.today() && each.last_day >= c.today())
    const consent = await c.db.selectFrom('quotient_consent').selectAll().where('household_id', '=', row.id).where('withdrawn_at', 'is', null).executeTakeFirst()
    const at = (path: string): string => c.url(`/gestion/foyers/${row.id}${path}`)
    return c.page(card.name, (
      <Page title={card.name} breadcrumb={bureauCrumbs(c)} actions={writes && <><ButtonLink href={at('/modifier')}>{c.t('action.edit')}</ButtonLink><ButtonLink href={at('/reunir')}>{c.t('page.merge')}</ButtonLink></>}>
        <BureauTabs c={c} current="households" />
        <DescriptionList items={[
          { term: c.t('field.address'), description: [row.address, `${row.postcode} ${row.town}`].join(', ') },
          { term: c.t('household.where'), description: c.t(card.resident ? 'household.resident' : 'household.outside') },
        ]}
        />
        <Section title={c.t('family.children')} actions={writes && <ButtonLink href={at('/enfants/ajouter')}>{c.t('child.add')}</ButtonLink>}>
          <DataTable
            caption={c.t('family.children')} rows={card.children} rowKey={({ id }) => id} empty={c.t('child.none')}
            columns={[
              { key: 'name', header: c.t('field.firstName'), cell: ({ id, firstName, lastName }) => <a href={c.url(`/gestion/enfants/${id}`)}>{firstName} {lastName}</a> },
              { key: 'age', header: c.t('child.born'), cell: ({ birthDay }) => <><Time date={birthDay} /> ({c.t('child.age', { age: ageOn(birthDay, c.today()) })})</> },
              { key: 'class', header: c.t('child.class'), cell: ({ className }) => className ?? <Badge kind="warning">{c.t('child.noClass')}</Badge> },
              { key: 'documents', header: c.t('document.title'), cell: ({ id }) => documents.filter((each) => each.child_id === id).slice(0, 4).map((each) => <p key={each.id}>{c.t(`field.kind.${each.kind}`)} <DocumentState c={c} document={each} /></p>) },
            ]}
          />
        </Section>
        <Section title={c.t('family.guardians')} actions={writes && <ButtonLink href={at('/responsables/ajouter')}>{c.t('guardian.add')}</ButtonLink>}>
          <DataTable
            caption={c.t('family.guardians')} rows={guardians} rowKey={({ id }) => id}
            columns={[
              { key: 'name', header: c.t('field.lastName'), cell: ({ id }) => nameOf(id) },
              { key: 'contact', header: c.t('guardian.contact'), cell: ({ email, phone }) => [email, phone].filter((part) => part !== null).join(', ') },
              { key: 'address', header: c.t('field.address'), cell: (guardian) => addressLine(guardian) ?? c.t('guardian.household-address') },
              { key: 'rights', header: c.t('guardian.rights'), cell: ({ may_book: books, may_fetch: fetches }) => [books === 1 ? c.t('field.mayBook') : '', fetches === 1 ? c.t('field.mayFetch') : ''].filter((part) => part !== '').join(', ') },
              { key: 'account', header: c.t('guardian.account'), cell: ({ account_id: account, claim_code: code }) => (account === null ? (code === null || !writes ? c.t('guardian.no-account') : c.t('guardian.code', { code })) : c.t('guardian.has-account')) },
              ...(writes ? [{ key: 'actions', header: c.t('column.actions'), cell: (guardian: (typeof guardians)[number]) => (
                <Actions>
                  <ButtonLink href={c.url(`/gestion/responsables/${guardian.id}/modifier`)} subject={nameOf(guardian.id)}>{c.t('action.edit')}</ButtonLink>
                  {guardian.account_id === null && <ActionButton action={c.url(`/gestion/responsables/${guardian.id}/code`)} label={c.t('guardian.make-code')} subject={nameOf(guardian.id)} />}
                  {guardians.length > 1 && <ActionButton kind="danger" action={c.url(`/gestion/responsables/${guardian.id}/retirer`)} label={c.t('action.remove')} subject={nameOf(guardian.id)} confirm={c.t('guardian.remove.confirm', { name: nameOf(guardian.id) })} />}
                </Actions>
              ) }] : []),
            ]}
          />
        </Section>
        <Section title={c.t('custody.title')} actions={writes && <ButtonLink href={at('/garde')}>{c.t('custody.add')}</ButtonLink>}>
          {rules.length === 0 ? <p>{c.t('custody.first-pays', { name: nameOf(guardians[0]?.id ?? '') })}</p> : (
            <ul>
              {rules.map((rule) => (
                <li key={rule.id}>
                  {rule.child_id === null ? custodyText(c, custodyRule(rule), nameOf) : c.t('custody.of-child', { child: childNames.get(rule.child_id) ?? '', rule: custodyText(c, custodyRule(rule), nameOf) })}
                  {writes && <ActionButton kind="danger" action={at(`/garde/${rule.id}/retirer`)} label={c.t('action.remove')} subject={c.format.date(rule.first_day)} confirm={c.t('custody.remove.confirm')} />}
                </li>
              ))}
            </ul>
          )}
        </Section>
        {c.actor.can('quotient.read') && (
          <Section title={c.t('quotient.title')} actions={writes && <ButtonLink href={at('/quotient')}>{c.t('quotient.declare')}</ButtonLink>}>
            {!holds && <Notice kind="warning" title={c.t('quotient.unknown')}>{c.t('quotient.unknown.detail')}</Notice>}
            <p>{consent === undefined ? c.t('quotient.consent.none') : c.t('quotient.consent.given', { date: c.format.date(consent.given_at) })}</p>
            <DataTable
              caption={c.t('quotient.history')} rows={quotients} rowKey={({ id }) => id} empty={c.t('quotient.unknown')}
              columns={[
                { key: 'first_day', header: c.t('quotient.from'), cell: ({ first_day: first }) => <Time date={first} /> }, { key: 'last_day', header: c.t('quotient.until'), cell: ({ last_day: last }) => <Time date={last} /> },
                { key: 'value', header: c.t('quotient.value'), numeric: true, cell: ({ value }) => c.format.number(value) },
                { key: 'source', header: c.t('quotient.source'), cell: ({ source }) => c.t(`quotient.source.${source}`) }, { key: 'month', header: c.t('quotient.month') },
              ]}
            />
          </Section>
        )}
      </Page>
    ))
  })
}

function custodyText(c: FamiliesContext, rule: CustodyRule, nameOf: (id: string) => string): string {
  const [from, first, second] = [c.format.date(rule.firstDay), nameOf(rule.firstGuardianId), nameOf(rule.secondGuardianId ?? '')]
  if (rule.kind === 'alternating') return c.t('custody.alternating', { from, first, second, weekday: c.t(`field.handoverWeekday.${String(rule.handoverWeekday) as '1'}`) })
  if (rule.secondGuardianId === undefined || rule.firstShare === WHOLE) return c.t('custody.alone', { from, first })
  return c.t('custody.shared', { from, first, second, firstShare: rule.firstShare / 100, secondShare: 100 - rule.firstShare / 100 })
}
