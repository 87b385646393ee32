import { Type } from '@liberacces/sdk'
import { ActionButton, Actions, Badge, ButtonLink, DataTable, DescriptionList, Notice, Page, Section, Time } from '@liberacces/sdk/ui'
import { Sender } from '../collect.ts'
import { countDeliveries, listDeliveries, resend } from '../store/deliveries.ts'
import { deleteEndpoint, findEndpoint, rotateSecret, signingSecrets, switchEndpoint } from '../store/endpoints.ts'
import { sendTest } from '../test-event.ts'
import type { WebhookRegistrar } from '../webhook-types.ts'
import { StateBadge } from './endpoint-list.tsx'

const PAGE_SIZE = 25
const KINDS: Readonly<Record<string, 'success' | 'error' | 'info' | 'neutral'>> = { delivered: 'success', failed: 'error', pending: 'info' }
const PERMISSION = 'webhook.manage'

/** One endpoint: what it is, what was sent to it, and what can be done. */
export function registerEndpointDetail(k: WebhookRegistrar): void {
  k.page({ path: '/abonnements/:id', audience: 'admin', permission: PERMISSION, title: 'page.endpoint', query: Type.Object({ page: Type.Integer({ minimum: 1, maximum: 100_000, default: 1 }) }) }, async (c, { params, query }) => {
    const endpoint = await findEndpoint(c.db, params['id'] ?? '')
    if (endpoint === undefined) return c.notFound()
    const path = `/abonnements/${endpoint.id}`
    const pageCount = Math.max(1, Math.ceil((await countDeliveries(c.db, endpoint.id)) / PAGE_SIZE))
    const page = Math.min(query.page, pageCount)
    const deliveries = await listDeliveries(c.db, endpoint.id, { limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE })
    return c.page(endpoint.label, (
      <Page title={endpoint.label} breadcrumb={[{ label: c.t('page.endpoints'), href: c.url('/') }]} actions={<ButtonLink href={c.url(`${path}/modifier`)}>{c.t('action.edit')}</ButtonLink>}>
        {endpoint.state === 'failed' && <Notice kind="error">{c.t('notice.failed')}</Notice>}
        <DescriptionList items={[
          { term: c.t('column.state'), description: <StateBadge c={c} endpoint={endpoint} /> },
          { term: c.t('field.url'), description: endpoint.url },
          { term: c.t('field.format'), description: c.t(`field.format.${endpoint.format}`) },
          { term: c.t('field.types'), description: <ul>{endpoint.types.map((type) => <li key={type}><code>{type}</code></li>)}</ul> },
          { term: c.t('column.success'), description: endpoint.lastSuccessAt === null ? '—' : <Time date={endpoint.lastSuccessAt} withTime /> },
          ...(endpoint.failingSince === null ? [] : [{ term: c.t('column.failing'), description: <Time date={endpoint.failingSince} withTime /> }]),
        ]} />
        <Actions>
          <ActionButton action={c.url(`${path}/essai`)} label={c.t('action.test')} />
          {endpoint.state === 'on'
            ? <ActionButton action={c.url(`${path}/couper`)} label={c.t('action.off')} />
            : <ActionButton action={c.url(`${path}/activer`)} label={c.t('action.on')} kind="primary" />}
          <ButtonLink href={c.url(`${path}/cle`)}>{c.t('action.secret')}</ButtonLink>
          <ActionButton action={c.url(`${path}/renouveler`)} label={c.t('action.rotate')} confirm={c.t('action.rotate.confirm')} />
          <ActionButton action={c.url(`${path}/supprimer`)} label={c.t('action.delete')} kind="danger" confirm={c.t('action.delete.confirm')} />
        </Actions>
        <Section title={c.t('section.deliveries')}>
          <DataTable
            caption={c.t('table.deliveries')} empty={c.t('table.deliveries.empty')} rows={[...deliveries]} rowKey={(row) => row.id}
            columns={[
              { key: 'event_type', header: c.t('column.type'), cell: (row) => <code>{row.event_type}</code> },
              { key: 'state', header: c.t('column.state'), cell: (row) => <Badge kind={KINDS[row.state] ?? 'neutral'}>{c.t(row.state === 'delivered' ? 'delivery.delivered' : row.state === 'failed' ? 'delivery.failed' : row.state === 'dropped' ? 'delivery.dropped' : 'delivery.pending')}</Badge> },
              { key: 'created_at', header: c.t('column.created'), cell: (row) => <Time date={row.created_at} withTime /> },
              { key: 'attempts', header: c.t('column.attempts'), numeric: true },
              { key: 'last', header: c.t('column.answer'), cell: (row) => (row.last === undefined ? '—' : c.t('delivery.answer', { answer: row.last.error ?? `HTTP ${row.last.status ?? ''}`, ms: row.last.duration_ms })) },
              { key: 'next_at', header: c.t('column.next'), cell: (row) => (row.state === 'pending' ? <Time date={row.next_at} withTime /> : '—') },
              { key: 'resend', header: c.t('column.resend'), cell: (row) => (row.canResend && row.state !== 'dropped' ? <ActionButton action={c.url(`/envois/${row.id}/renvoyer`)} label={c.t('action.resend')} subject={row.event_id} /> : '—') },
            ]}
            pagination={{ page, pageCount, href: (to) => c.url(path, { page: to }) }}
          />
        </Section>
      </Page>
    ))
  })

  k.page({ path: '/abonnements/:id/cle', audience: 'admin', permission: PERMISSION, title: 'page.secret' }, async (c, { params }) => {
    const endpoint = await findEndpoint(c.db, params['id'] ?? '')
    if (endpoint === undefined) return c.notFound()
    await c.audit('webhook.secret-shown', endpoint.id)
    const secrets = await signingSecrets(c, endpoint)
    return (
      <Page title={c.t('page.secret')} breadcrumb={[{ label: c.t('page.endpoints'), href: c.url('/') }, { label: endpoint.label, href: c.url(`/abonnements/${endpoint.id}`) }]}>
        <p>{c.t('page.secret.intro')}</p>
        <ul>{secrets.map((secret) => <li key={secret}><code>{secret}</code></li>)}</ul>
      </Page>
    )
  })

  k.action({ path: '/abonnements/:id/essai', audience: 'admin', permission: PERMISSION }, async (c, { params }) => {
    const endpoint = await findEndpoint(c.db, params['id'] ?? '')
    if (endpoint === undefined) return c.notFound()
    await sendTest(c, endpoint.id)
    return c.redirect(`/abonnements/${endpoint.id}`, 'done.test')
  })
  for (const [path, state, notice] of [['activer', 'on', 'done.on'], ['couper', 'off', 'done.off']] as const) {
    k.action({ path: `/abonnements/:id/${path}`, audience: 'admin', permission: PERMISSION }, async (c, { params }) => {
      const endpoint = await findEndpoint(c.db, params['id'] ?? '')
      if (endpoint === undefined) return c.notFound()
      await switchEndpoint(c, endpoint.id, state)
      c.wake(Sender)
      return c.redirect(`/abonnements/${endpoint.id}`, notice)
    })
  }
  k.action({ path: '/abonnements/:id/renouveler', audience: 'admin', permission: PERMISSION }, async (c, { params }) => {
    const endpoint = await findEndpoint(c.db, params['id'] ?? '')
    if (endpoint === undefined) return c.notFound()
    await rotateSecret(c, endpoint)
    return c.redirect(`/abonnements/${endpoint.id}/cle`, 'done.rotate')
  })
  k.action({ path: '/abonnements/:id/supprimer', audience: 'admin', permission: PERMISSION }, async (c, { params }) => {
    await deleteEndpoint(c, params['id'] ?? '')
    return c.redirect('/', 'done.delete')
  })
  k.action({ path: '/envois/:id/renvoyer', audience: 'admin', permission: PERMISSION }, async (c, { params }) => {
    const delivery = await c.db.selectFrom('delivery').select('endpoint_id').where('id', '=', params['id'] ?? '').executeTakeFirst()
    if (delivery === undefined || !(await resend(c, params['id'] ?? ''))) return c.notFound()
    c.wake(Sender)
    return c.redirect(`/abonnements/${delivery.endpoint_id}`, 'done.resend')
  })
}
