import { ageOn, Type } from '@liberacces/sdk'
import { ActionButton, Badge, ButtonLink, Card, CardList, DescriptionList, EmptyState, Notice, Page, Section, Time } from '@liberacces/sdk/ui'
import type { HouseholdCard } from '../contract.ts'
import type { FamiliesContext, FamiliesRegistrar } from '../families-types.ts'
import { householdCards } from '../store/cards.ts'
import { documentsOf } from '../store/documents.ts'
import { quotientOn } from '../store/quotients.ts'
import { DocumentState } from '../document-state.tsx'

/** "Ma famille": everything that the commune knows, and what is to do. */
export function registerDashboard(k: FamiliesRegistrar): void {
  k.page({ path: '/', audience: 'citizen', permission: 'family.own', title: 'page.family', menu: 20 }, async (c) => {
    const rows = await c.db.selectFrom('household').selectAll('household').where((where) => where.exists(where.selectFrom('guardian').select('guardian.id').whereRef('guardian.household_id', '=', 'household.id').where('account_id', '=', c.actor.id))).orderBy('household.id').execute()
    const households = await householdCards(c.db, rows, c.today(), c.actor.id ?? '')
    const requests = await c.db.selectFrom('request').selectAll().where('account_id', '=', c.actor.id).orderBy('id', 'desc').limit(20).execute()
    const open = requests.filter(({ state }) => state !== 'accepted')
    const register = <ButtonLink kind="primary" href={c.url('/inscription')}>{c.t('action.register')}</ButtonLink>
    return (
      <Page title={c.t('page.family')} actions={<>{register}<ButtonLink href={c.url('/rattacher')}>{c.t('page.claim')}</ButtonLink></>}>
        {open.length > 0 && (
          <Section title={c.t('family.requests')}>
            <CardList>
              {open.map((row) => (
                <Card key={row.id} title={c.t('request.title', { date: c.format.date(row.created_at) })} href={c.url(`/inscription/${row.id}`)} meta={<Badge kind={row.state === 'refused' ? 'error' : 'info'}>{c.t(`request.state.${row.state}`)}</Badge>}>
                  {row.reason !== null && <p>{row.reason}</p>}
                </Card>
              ))}
            </CardList>
          </Section>
        )}
        {households.length === 0 && open.length === 0 && <EmptyState title={c.t('family.none')}><p>{c.t('family.none.detail')}</p></EmptyState>}
        {await Promise.all(households.map((household) => householdSections(c, household)))}
      </Page>
    )
  })

  k.route({
    method: 'GET', path: '/documents/:id', audience: 'citizen', permission: 'family.own', summary: 'A document of one’s own family', response: { 200: Type.String({ contentMediaType: 'application/octet-stream' }) },
  }, async (c, { params }) => {
    const document = await c.db.selectFrom('document').selectAll('document').where('document.id', '=', params['id'] ?? '')
      .where((where) => where.exists(where.selectFrom('guardian').select('guardian.id').whereRef('guardian.household_id', '=', 'document.household_id').where('account_id', '=', c.actor.id))).executeTakeFirst()
    return document === undefined ? c.notFound() : c.file(document.file_id, { disposition: 'attachment', name: document.file_name })
  })
}

async function householdSections(c: FamiliesContext, household: HouseholdCard) {
  const today = c.today()
  const documents = await documentsOf(c.db, household.id)
  const quotient = await quotientOn(c.db, household.id, today)
  const consent = await c.db.selectFrom('quotient_consent').selectAll().where('household_id', '=', household.id).where('withdrawn_at', 'is', null).executeTakeFirst()
  const ended = documents.filter((each) => each.valid_until !== null && each.valid_until < today && !documents.some((other) => other.kind === each.kind && other.child_id === each.child_id && (other.valid_until === null || other.valid_until >= today)))
  return (
    <>
      {ended.length > 0 && <Notice kind="warning" title={c.t('family.ended', { count: ended.length })}>{c.t('family.ended.detail')}</Notice>}
      <Section title={c.t('family.children')}>
        <CardList>
          {household.children.map((child) => (
            <Card key={child.id} title={`${child.firstName} ${child.lastName}`} href={c.url(`/enfants/${child.id}`)} meta={child.className ?? c.t('child.noClass')}>
              <p>{c.t('child.age', { age: ageOn(child.birthDay, today) })}</p>
              {documents.filter((each) => each.child_id === child.id).length === 0 && <p><Badge kind="warning">{c.t('document.none')}</Badge></p>}
              {documents.filter((each) => each.child_id === child.id && each.valid_until !== null).slice(0, 3).map((each) => <p key={each.id}>{c.t(`field.kind.${each.kind}`)} <DocumentState c={c} document={each} /></p>)}
            </Card>
          ))}
        </CardList>
      </Section>
      <Section title={c.t('quotient.title')} actions={consent === undefined
        ? <ButtonLink href={c.url(`/quotient/${household.id}`)}>{c.t('quotient.consent')}</ButtonLink>
        : <ActionButton action={c.url(`/quotient/${household.id}/retirer`)} label={c.t('quotient.withdraw')} confirm={c.t('quotient.withdraw.confirm')} />}>
        <DescriptionList items={[
          { term: c.t('quotient.value'), description: quotient === undefined ? c.t('quotient.unknown') : c.t('quotient.is', { value: quotient.value, source: c.t(`quotient.source.${quotient.source}`), month: quotient.month.split('-').reverse().join('/') }) },
          ...(quotient === undefined ? [] : [{ term: c.t('quotient.read-at'), description: <Time date={quotient.read_at} /> }, { term: c.t('quotient.until'), description: <Time date={quotient.last_day} /> }]),
          { term: c.t('quotient.consent.state'), description: consent === undefined ? c.t('quotient.consent.none') : c.t('quotient.consent.given', { date: c.format.date(consent.given_at) }) },
          ...(consent?.outcome === undefined || consent.outcome === null || consent.outcome === 'read' ? [] : [{ term: c.t('quotient.last-asked'), description: c.t(`quotient.outcome.${consent.outcome as 'not-found'}`) }]),
        ]}
        />
      </Section>
      <Section title={c.t('family.guardians')}>
        <CardList>
          {household.guardians.map((guardian) => (
            <Card key={guardian.id} title={`${guardian.firstName} ${guardian.lastName}`}>
              {[guardian.email, guardian.phone, guardian.address, [guardian.postcode, guardian.town].join(' ')].filter((line) => line !== undefined && line.trim() !== '').map((line) => <p key={line}>{line}</p>)}
              {guardian.accountId === c.actor.id && <p><ButtonLink href={c.url(`/coordonnees/${household.id}`)}>{c.t('contact.change')}</ButtonLink></p>}
            </Card>
          ))}
        </CardList>
        <p>{c.t('family.guardians.hint')}</p>
      </Section>
    </>
  )
}
