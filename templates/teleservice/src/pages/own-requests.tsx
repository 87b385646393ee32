import { GuichetService } from '@liberacces/sdk/slots'
import { Badge, ButtonLink, Card, CardList, EmptyState, Page, Time } from '@liberacces/sdk/ui'
import { requestsOf } from '../requests.ts'
import { BADGE_OF_STATE } from './state-badge.ts'
import type { StreetPermitRegistrar } from '../street-permit-types.ts'

/** The citizen's own requests and what became of them; and the entry among the services. */
export function registerOwnRequests(k: StreetPermitRegistrar): void {
  k.contribute(GuichetService, { title: 'page.own', category: 'commune', href: '/', description: 'service.description', icon: 'document' })

  k.page({ path: '/', audience: 'citizen', permission: 'request.send', title: 'page.own' }, async (c) => {
    const requests = await requestsOf(c.db, c.actor.id)
    return (
      <Page title={c.t('page.own')} intro={c.t('page.own.intro')} actions={<ButtonLink kind="primary" href={c.url('/demander')}>{c.t('page.ask')}</ButtonLink>}>
        {requests.length === 0
          ? <EmptyState title={c.t('own.none')} />
          : (
            <CardList>
              {requests.map((request) => (
                <Card key={request.id} level={2} title={c.t('own.title', { purpose: c.t(`field.purpose.${request.purpose}`), place: request.place })} meta={<>{c.t('own.sent')} <Time date={request.sent_at} /></>}>
                  <p><Badge kind={BADGE_OF_STATE[request.state]}>{c.t(`state.${request.state}`)}</Badge></p>
                  <p>{c.t('own.days', { from: c.format.date(request.from_day), to: c.format.date(request.to_day) })}</p>
                  {request.reason !== null && <p>{c.t('own.reason', { reason: request.reason })}</p>}
                  {request.plan_id !== null && <p><a href={c.url(`/mes-demandes/${request.id}/plan`)}>{c.t('plan.own', { name: request.plan_name ?? '' })}</a></p>}
                </Card>
              ))}
            </CardList>
          )}
      </Page>
    )
  })
}
