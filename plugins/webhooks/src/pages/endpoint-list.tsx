import { Badge, ButtonLink, DataTable, Notice, Page, Section, Time } from '@liberacces/sdk/ui'
import { Sender } from '../collect.ts'
import { listEndpoints, type Endpoint } from '../store/endpoints.ts'
import type { WebhookContext, WebhookRegistrar } from '../webhook-types.ts'

const STATE_KINDS = { on: 'success', off: 'neutral', failed: 'error' } as const

/** The administrator's list of endpoints, and what could be sent. */
export function registerEndpointList(k: WebhookRegistrar): void {
  k.page({ path: '/', audience: 'admin', permission: 'webhook.manage', title: 'page.endpoints', menu: 60 }, async (c) => {
    const endpoints = await listEndpoints(c.db)
    const health = c.health(Sender)
    const events = await c.knownEvents()
    return (
      <Page title={c.t('page.endpoints')} actions={<ButtonLink kind="primary" href={c.url('/abonnements/nouveau')}>{c.t('action.new')}</ButtonLink>}>
        <p>{c.t('page.endpoints.intro')}</p>
        <Notice kind={health.state === 'troubled' || health.state === 'stopped' ? 'warning' : 'info'}>{health.text ?? c.t(`health.${health.state}`)}</Notice>
        <DataTable<Endpoint>
          caption={c.t('table.endpoints')} empty={c.t('table.endpoints.empty')} rows={endpoints} rowKey={(row) => row.id}
          columns={[
            { key: 'label', header: c.t('field.label'), cell: (row) => <a href={c.url(`/abonnements/${row.id}`)}>{row.label}</a> },
            { key: 'state', header: c.t('column.state'), cell: (row) => <StateBadge c={c} endpoint={row} /> },
            { key: 'url', header: c.t('field.url') },
            { key: 'format', header: c.t('field.format'), cell: (row) => c.t(`field.format.${row.format}`) },
            { key: 'lastSuccessAt', header: c.t('column.success'), cell: (row) => (row.lastSuccessAt === null ? '—' : <Time date={row.lastSuccessAt} withTime />) },
          ]}
        />
        <Section title={c.t('section.events')}>
          <p>{c.t('section.events.intro')}</p>
          <DataTable
            caption={c.t('table.events')} empty={c.t('table.events.empty')} rows={[...events]} rowKey={(row) => row.id}
            columns={[
              { key: 'id', header: c.t('column.type'), cell: (row) => <code>{row.id}</code> },
              { key: 'emittedBy', header: c.t('column.emitted'), cell: (row) => row.emittedBy.join(', ') || '—' },
              { key: 'heardBy', header: c.t('column.heard'), cell: (row) => row.heardBy.join(', ') || '—' },
            ]}
          />
        </Section>
      </Page>
    )
  })
}

/** The state of an endpoint, in words. */
export function StateBadge({ c, endpoint }: { readonly c: WebhookContext; readonly endpoint: Endpoint }) {
  const isFailing = endpoint.state === 'on' && endpoint.failingSince !== null
  return <Badge kind={isFailing ? 'warning' : STATE_KINDS[endpoint.state]}>{c.t(isFailing ? 'state.failing' : `state.${endpoint.state}`)}</Badge>
}
