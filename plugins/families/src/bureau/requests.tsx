import { LongText, Type } from '@liberacces/sdk'
import { ActionButton, Badge, ButtonLink, DataTable, DescriptionList, Notice, Page, Section, Time } from '@liberacces/sdk/ui'
import { addressLine } from '../domain/address-line.ts'
import type { FamiliesContext, FamiliesRegistrar } from '../families-types.ts'
import { knownChildren } from '../merge/likely-twins.ts'
import { acceptRequest, openDraft, refuseRequest, type OpenRequest } from '../registration/requests.ts'
import { BureauTabs } from './shell.tsx'

const RefusalForm = Type.Object({ reason: LongText({ minLength: 5, maxLength: 1_000 }) })

/** Requests to be registered: agents read them and decide. What they say of health is seen on the child's page, once there is one. */
export function registerRequests(k: FamiliesRegistrar): void {
  const access = { audience: 'agent', permission: 'household.write' } as const

  k.page({ ...access, path: '/gestion/demandes', title: 'page.requests' }, async (c) => {
    const rows = await c.db.selectFrom('request').selectAll().where('state', '!=', 'draft').orderBy('state', 'desc').orderBy('sent_at').limit(200).execute()
    return (
      <Page title={c.t('page.requests')}>
        <BureauTabs c={c} current="requests" />
        <DataTable
          caption={c.t('page.requests')} rows={rows} rowKey={({ id }) => id} empty={c.t('request.none')}
          columns={[
            { key: 'applicant', header: c.t('request.applicant'), cell: ({ id, applicant_name: name }) => <a href={c.url(`/gestion/demandes/${id}`)}>{name ?? c.t('request.forgotten')}</a> },
            { key: 'state', header: c.t('request.state'), cell: ({ state }) => <Badge kind={state === 'sent' ? 'info' : state === 'accepted' ? 'success' : 'neutral'}>{c.t(`request.state.${state}`)}</Badge> },
            { key: 'sent_at', header: c.t('request.sent-at'), cell: ({ sent_at: sent }) => (sent === null ? '' : <Time date={sent} withTime />) },
          ]}
        />
      </Page>
    )
  })

  k.page({ ...access, path: '/gestion/demandes/:id', title: 'page.request' }, async (c, { params }) => {
    const request = await sentRequest(c, params['id'])
    if (request === undefined) return c.notFound()
    const { row, draft } = request
    const known = row.state === 'sent' ? await knownChildren(c.db, draft.children) : []
    const title = c.t('request.of', { name: row.applicant_name ?? c.t('request.forgotten') })
    return c.page(title, (
      <Page title={title} breadcrumb={[{ label: c.t('page.requests'), href: c.url('/gestion/demandes') }]}>
        {known.length > 0 && (
          <Notice kind="warning" title={c.t('request.known')}>
            <ul>{known.map(({ householdId, name }) => <li key={`${householdId} ${name}`}><a href={c.url(`/gestion/foyers/${householdId}`)}>{c.t('request.known.child', { name })}</a></li>)}</ul>
            <p>{c.t('request.known.detail')}</p>
          </Notice>
        )}
        <DescriptionList items={[
          { term: c.t('request.state'), description: c.t(`request.state.${row.state}`) },
          ...(row.reason === null ? [] : [{ term: c.t('field.reason'), description: row.reason }]),
          ...(row.household_id === null ? [] : [{ term: c.t('page.household'), description: <a href={c.url(`/gestion/foyers/${row.household_id}`)}>{c.t('request.open-household')}</a> }]),
          ...(draft.household === undefined ? [] : [{ term: c.t('field.address'), description: [draft.household.address, `${draft.household.postcode} ${draft.household.town}`].join(', ') }]),
          ...draft.guardians.map((guardian, index) => ({ term: c.t('request.guardian', { number: index + 1 }), description: [`${guardian.firstName} ${guardian.lastName}`, guardian.email, guardian.phone, addressLine(guardian)].filter((part) => part !== undefined).join(', ') })),
          ...draft.children.map((child, index) => ({ term: c.t('request.child', { number: index + 1 }), description: c.t('request.child-line', { name: `${child.firstName} ${child.lastName}`, born: c.format.date(child.birthDay), level: c.t(`field.level.${child.level}`), documents: child.documents.length }) })),
        ]}
        />
        {row.state === 'sent' && (
          <Section title={c.t('request.decide')}>
            <ActionButton kind="primary" action={c.url(`/gestion/demandes/${row.id}/accepter`)} label={c.t('request.accept')} />
            <p><ButtonLink href={c.url(`/gestion/demandes/${row.id}/refuser`)}>{c.t('request.refuse')}</ButtonLink></p>
          </Section>
        )}
      </Page>
    ))
  })

  k.action({ ...access, path: '/gestion/demandes/:id/accepter' }, async (c, { params }) => {
    const request = await sentRequest(c, params['id'])
    if (request === undefined) return c.notFound()
    const decision = await acceptRequest(c, request)
    return decision.kind === 'accepted' ? c.redirect(`/gestion/foyers/${decision.householdId}`, 'notice.accepted') : c.invalid({ '': c.t('problem.decided-before') })
  })

  k.form({ ...access, path: '/gestion/demandes/:id/refuser', title: 'request.refuse', intro: 'request.refuse.intro', schema: RefusalForm }, async (c, { reason }, { params }) => {
    const request = await sentRequest(c, params['id'])
    if (request === undefined) return c.notFound()
    const decision = await refuseRequest(c, request, reason)
    return decision.kind === 'refused' ? c.redirect('/gestion/demandes', 'notice.refused') : c.invalid({ '': c.t('problem.decided-before') })
  }, async (c, { params }) => ((await sentRequest(c, params['id']))?.row.state === 'sent' ? {} : undefined))
}

/** A request that was sent; drafts are their families' own. */
async function sentRequest(c: FamiliesContext, id: string | undefined): Promise<OpenRequest | undefined> {
  const row = await c.db.selectFrom('request').selectAll().where('id', '=', id ?? '').where('state', '!=', 'draft').executeTakeFirst()
  return row === undefined ? undefined : { row, draft: await openDraft(c, row) }
}
