import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ActionButton, Badge, DataTable, Page, Section, Time } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** The hand-over of one event to one subscriber. */
export interface DeliveryItem {
  readonly id: string
  /** Address that delivers it again; an action of the site. */
  readonly retry: string
  /** Id of the event's contract. */
  readonly event: string
  /** Title of the plugin that receives it. */
  readonly plugin: string
  readonly state: 'pending' | 'retrying' | 'delivered' | 'dead'
  /** Tries so far. */
  readonly attempts: number
  /** Instant of the last change, ISO 8601. */
  readonly at: string
  /** What went wrong last, in English: it is for who mends it. */
  readonly error?: string
}

/** Events that were not delivered, and the latest ones. Posts to the `retry` address of a delivery. */
export interface AdminEventsPageProps {
  readonly deadLetters: readonly DeliveryItem[]
  readonly recent: readonly DeliveryItem[]
}

const KINDS = { pending: 'info', retrying: 'warning', delivered: 'success', dead: 'error' } as const

/** How events between plugins get through. */
export function AdminEventsPage({ deadLetters, recent }: AdminEventsPageProps): JSX.Element {
  const t = useTranslate()
  const columns = [
    { key: 'event', header: t('events.event'), cell: ({ event }: DeliveryItem) => <code class="breakable">{event}</code> },
    { key: 'plugin', header: t('events.plugin'), cell: ({ plugin }: DeliveryItem) => plugin === '' ? '—' : plugin },
    { key: 'attempts', header: t('events.attempts'), numeric: true },
    { key: 'at', header: t('events.at'), cell: ({ at }: DeliveryItem) => <Time date={at} withTime /> },
  ]
  return (
    <Page title={t('admin.menu.events')} intro={<p>{t('events.intro')}</p>} breadcrumb={[{ label: t('admin.title'), href: '/admin' }]}>
      <Section title={t('events.dead')}>
        <DataTable
          caption={t('events.dead.caption')}
          rows={deadLetters}
          rowKey={({ id }) => id}
          empty={t('events.dead.empty')}
          columns={[
            ...columns,
            { key: 'error', header: t('events.error'), cell: ({ error }) => error === undefined ? '—' : <span class="breakable" lang="en">{error}</span> },
            { key: 'retry', header: t('events.retry.column'), cell: ({ retry }) => <ActionButton action={retry} label={t('events.retry')} /> },
          ]}
        />
      </Section>
      <Section title={t('events.recent')}>
        <DataTable
          caption={t('events.recent.caption')}
          rows={recent}
          rowKey={({ id }) => id}
          empty={t('events.recent.empty')}
          columns={[...columns, { key: 'state', header: t('events.state'), cell: ({ state }) => <Badge kind={KINDS[state]}>{t(`events.state.${state}`)}</Badge> }]}
        />
      </Section>
    </Page>
  )
}
