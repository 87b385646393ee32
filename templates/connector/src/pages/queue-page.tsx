import { Type } from '@liberacces/sdk'
import { ActionButton, Badge, DataTable, Notice, Page, Time } from '@liberacces/sdk/ui'
import { countReports, latestReports, queueState, retryAll } from '../reports.ts'
import type { ReportState } from '../road-problem.ts'
import type { RoadReportRegistrar } from '../road-report-types.ts'

const PAGE_SIZE = 25
const Query = Type.Object({ page: Type.Integer({ minimum: 1, maximum: 10_000, default: 1 }) })
const BADGE_OF_STATE = { 'waiting': 'info', 'handed-over': 'success', 'refused': 'error' } as const satisfies Record<ReportState, string>

/** All reports for agents, and whether they get through. */
export function registerQueuePage(k: RoadReportRegistrar): void {
  k.page({ path: '/gestion', audience: 'agent', permission: 'report.read', title: 'page.queue', menu: 60, query: Query }, async (c, { query: { page } }) => {
    const { waiting, refused, problem, since } = await queueState(c.db)
    const isConnected = c.granted('net:voirie.example.org')
    const pageCount = Math.ceil((await countReports(c.db)) / PAGE_SIZE)
    const rows = await latestReports(c.db, { offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE })
    const mayRetry = c.actor.can('report.retry') && waiting + refused > 0
    return (
      <Page title={c.t('page.queue')} actions={mayRetry && <ActionButton action={c.url('/gestion/relancer')} label={c.t('action.retry')} />}>
        {!isConnected && <Notice kind="info"><p>{c.t('queue.unconnected')}</p></Notice>}
        {isConnected && problem !== undefined && <Notice kind="warning"><p>{c.t('queue.away', { waiting, since: c.format.dateTime(since ?? c.now()), problem })}</p></Notice>}
        <DataTable
          caption={c.t('queue.caption')}
          rows={rows}
          rowKey={({ id }) => id}
          empty={c.t('queue.empty')}
          pagination={{ page, pageCount, href: (to) => c.url('/gestion', { page: to }) }}
          columns={[
            { key: 'sent_at', header: c.t('queue.sent'), cell: ({ sent_at }) => <Time date={sent_at} withTime /> },
            { key: 'kind', header: c.t('field.kind'), cell: ({ kind }) => c.t(`field.kind.${kind}`) },
            { key: 'place', header: c.t('field.place') },
            { key: 'details', header: c.t('field.details') },
            { key: 'state', header: c.t('queue.state'), cell: ({ state }) => <Badge kind={BADGE_OF_STATE[state]}>{c.t(`state.${state}`)}</Badge> },
            { key: 'reference', header: c.t('queue.reference'), cell: ({ reference, problem: why }) => reference ?? why ?? '' },
          ]}
        />
      </Page>
    )
  })

  k.action({ path: '/gestion/relancer', audience: 'agent', permission: 'report.retry' }, async (c) => {
    await retryAll(c)
    return c.redirect('/gestion', 'notice.retried')
  })
}
