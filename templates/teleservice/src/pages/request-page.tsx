import { Badge, ButtonLink, DescriptionList, Page, Time } from '@liberacces/sdk/ui'
import { requestById } from '../requests.ts'
import { BADGE_OF_STATE } from './state-badge.ts'
import type { StreetPermitRegistrar } from '../street-permit-types.ts'

/** One request, for agents. */
export function registerRequestPage(k: StreetPermitRegistrar): void {
  k.page({ path: '/gestion/demandes/:id', audience: 'agent', permission: 'request.read', title: 'page.request' }, async (c, { params }) => {
    const request = await requestById(c.db, params['id'] ?? '')
    if (request === undefined) return c.notFound()
    const title = c.t('own.title', { purpose: c.t(`field.purpose.${request.purpose}`), place: request.place })
    const mayDecide = request.state === 'received' && c.actor.can('request.decide')
    return c.page(title, (
      <Page title={title} actions={mayDecide && <ButtonLink kind="primary" href={c.url(`/gestion/demandes/${request.id}/decider`)}>{c.t('page.decide')}</ButtonLink>}>
        <DescriptionList items={[
          { term: c.t('inbox.state'), description: <Badge kind={BADGE_OF_STATE[request.state]}>{c.t(`state.${request.state}`)}</Badge> },
          { term: c.t('inbox.applicant'), description: [request.applicant_name ?? c.t('inbox.forgotten'), request.applicant_email].filter((part) => part !== null).join(', ') },
          { term: c.t('field.fromDay'), description: <Time date={request.from_day} /> },
          { term: c.t('field.toDay'), description: <Time date={request.to_day} /> },
          ...(request.details === null ? [] : [{ term: c.t('field.details'), description: request.details }]),
          ...(request.plan_id === null ? [] : [{ term: c.t('field.plan'), description: <a href={c.url(`/gestion/demandes/${request.id}/plan`)}>{request.plan_name}</a> }]),
          { term: c.t('own.sent'), description: <Time date={request.sent_at} withTime /> },
          ...(request.decided_at === null ? [] : [{ term: c.t('inbox.decided-at'), description: <Time date={request.decided_at} withTime /> }]),
          ...(request.reason === null ? [] : [{ term: c.t('field.reason'), description: request.reason }]),
        ]}
        />
      </Page>
    ))
  })
}
