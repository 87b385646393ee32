import { Choice, Type } from '@liberacces/sdk'
import { Badge, DataTable, Page, Tabs, Time } from '@liberacces/sdk/ui'
import { countInbox, inbox } from '../requests.ts'
import { BADGE_OF_STATE } from './state-badge.ts'
import type { StreetPermitRegistrar } from '../street-permit-types.ts'

const PAGE_SIZE = 25
const Query = Type.Object({ etat: Choice(['waiting', 'decided'] as const, { default: 'waiting' }), page: Type.Integer({ minimum: 1, maximum: 10_000, default: 1 }) })

/** The requests, for agents: what waits, and what is decided. */
export function registerInbox(k: StreetPermitRegistrar): void {
  k.page({ path: '/gestion', audience: 'agent', permission: 'request.read', title: 'page.inbox', menu: 50, query: Query }, async (c, { query: { etat, page } }) => {
    const pageCount = Math.ceil((await countInbox(c.db, etat)) / PAGE_SIZE)
    const rows = await inbox(c.db, etat, { offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE })
    return (
      <Page title={c.t('page.inbox')}>
        <Tabs label={c.t('inbox.tabs')} items={(['waiting', 'decided'] as const).map((state) => ({ href: c.url('/gestion', { etat: state }), label: c.t(`inbox.${state}`), current: state === etat }))} />
        <DataTable
          caption={c.t(`inbox.${etat}`)}
          rows={rows}
          rowKey={({ id }) => id}
          empty={c.t('inbox.empty')}
          pagination={{ page, pageCount, href: (to) => c.url('/gestion', { etat, page: to }) }}
          columns={[
            { key: 'place', header: c.t('field.place'), cell: ({ id, place }) => <a href={c.url(`/gestion/demandes/${id}`)}>{place}</a> },
            { key: 'purpose', header: c.t('field.purpose'), cell: ({ purpose }) => c.t(`field.purpose.${purpose}`) },
            { key: 'from_day', header: c.t('field.fromDay'), cell: ({ from_day }) => <Time date={from_day} /> },
            { key: 'to_day', header: c.t('field.toDay'), cell: ({ to_day }) => <Time date={to_day} /> },
            { key: 'applicant_name', header: c.t('inbox.applicant'), cell: ({ applicant_name }) => applicant_name ?? c.t('inbox.forgotten') },
            { key: 'state', header: c.t('inbox.state'), cell: ({ state }) => <Badge kind={BADGE_OF_STATE[state]}>{c.t(`state.${state}`)}</Badge> },
          ]}
        />
      </Page>
    )
  })
}
