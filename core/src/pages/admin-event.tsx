import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ActionButton, DescriptionList, Form, Notice, Page, Section, Time } from '@liberacces/sdk/ui'
import type { DeliveryState, EventState } from '../events/desk/event-view.ts'
import { EVENTS_PATH } from './admin-events.tsx'
import { EventStateBadge } from './event-state.tsx'
import { EventTreeView, type EventTreeItem } from './event-tree-view.tsx'
import { useTranslate } from './translate.ts'

/** The hand-over to one handler. */
export interface DeliveryItem {
  /** Title of the plugin. */
  readonly plugin: string
  readonly handler: string
  readonly state: DeliveryState
  readonly attempts: number
  /** Last change: instant, ISO 8601. */
  readonly at: string
  /** From the emission to the delivery, in words. */
  readonly took?: string
  /** Next try: instant, ISO 8601. */
  readonly nextAt?: string
  /** In English: it is for who mends it. */
  readonly error?: string
  /** It was delivered once more by somebody's wish. */
  readonly again: boolean
  /** Addresses that post; left out where there is nothing to be done. */
  readonly retry?: string
  readonly discard?: string
  readonly repeat?: string
}

/** One event. */
export interface AdminEventPageProps {
  readonly event: {
    readonly id: string
    readonly type: string
    readonly subject?: string
    /** Title and version of the plugin. */
    readonly source: string
    readonly at: string
    readonly dueAt?: string
    readonly traceId?: string
    readonly state: EventState
  }
  readonly deliveries: readonly DeliveryItem[]
  readonly tree: EventTreeItem
  readonly isRootLost: boolean
  readonly isCut: boolean
  /** What it says, as text; left out until it is asked for. */
  readonly content?: string
  /** Whether this person may ask. */
  readonly mayRead: boolean
}

/** Everything that is known of one event. */
export function AdminEventPage({ event, deliveries, tree, isRootLost, isCut, content, mayRead }: AdminEventPageProps): JSX.Element {
  const t = useTranslate()
  const { id, type, subject, source, at, dueAt, traceId, state } = event
  return (
    <Page title={t('event.title')} breadcrumb={[{ label: t('admin.title'), href: '/admin' }, { label: t('admin.menu.events'), href: EVENTS_PATH }]}>
      <DescriptionList
        items={[
          { term: t('event.type'), description: <code class="breakable">{type}</code> },
          ...(subject === undefined ? [] : [{ term: t('event.subject'), description: <span class="breakable">{subject}</span> }]),
          { term: t('events.source'), description: source },
          { term: t('event.at'), description: <Time date={at} withTime /> },
          ...(dueAt === undefined ? [] : [{ term: t('event.due'), description: <Time date={dueAt} withTime /> }]),
          { term: t('events.state'), description: <EventStateBadge state={state} /> },
          { term: t('event.id'), description: <code class="breakable">{id}</code> },
          ...(traceId === undefined ? [] : [{ term: t('event.trace'), description: <a href={`${EVENTS_PATH}?${new URLSearchParams({ q: traceId })}`}><code class="breakable">{traceId}</code></a> }]),
        ]}
      />
      <Section title={t('event.deliveries')}>
        {deliveries.length === 0
          ? <p class="la-empty">{t(state === 'pending' ? 'event.deliveries.soon' : 'event.deliveries.none')}</p>
          : <ul class="plain-list archive-list">{deliveries.map((delivery) => <li key={`${delivery.plugin} ${delivery.handler}`}><Delivery delivery={delivery} /></li>)}</ul>}
      </Section>
      <Section title={t('event.tree')}>
        <p>{t('event.tree.intro')}</p>
        {isRootLost && <Notice kind="info"><p>{t('event.tree.lost')}</p></Notice>}
        <EventTreeView root={tree} current={id} />
        {isCut && <p>{t('event.tree.cut')}</p>}
      </Section>
      <Section title={t('event.content')}>
        {content !== undefined && <pre class="event-content" tabindex={0} aria-label={t('event.content')}>{content}</pre>}
        {content === undefined && mayRead && (
          <>
            <p>{t('event.content.audited')}</p>
            <Form action={`${EVENTS_PATH}/evenement`} method="get">
              <input type="hidden" name="id" value={id} />
              <input type="hidden" name="contenu" value="oui" />
              <button type="submit" class="la-button la-button-secondary">{t('event.content.show')}</button>
            </Form>
          </>
        )}
        {!mayRead && <p>{t('event.content.denied')}</p>}
      </Section>
    </Page>
  )
}

function Delivery({ delivery: { plugin, handler, state, attempts, at, took, nextAt, error, again, retry, discard, repeat } }: { readonly delivery: DeliveryItem }): JSX.Element {
  const t = useTranslate()
  const subject = `${plugin} ${handler}`
  return (
    <>
      <p><strong>{plugin}</strong>, <code class="breakable">{handler}</code> <EventStateBadge state={state} /></p>
      <p>
        {t('event.attempts', { count: attempts })}
        {state === 'delivered' && took !== undefined && <> {t('event.took', { took })}</>}
        {state !== 'delivered' && attempts > 0 && <> {t('event.changed')} <Time date={at} withTime />.</>}
        {nextAt !== undefined && <> {t('event.next')} <Time date={nextAt} withTime />.</>}
        {again && <> {t('event.again')}</>}
      </p>
      {error !== undefined && <p><span class="breakable" lang="en">{error}</span></p>}
      {(retry ?? discard ?? repeat) !== undefined && (
        <div class="la-actions">
          {retry !== undefined && <ActionButton action={retry} kind="primary" label={t('events.retry')} subject={subject} />}
          {discard !== undefined && <ActionButton action={discard} kind="danger" label={t('events.discard')} subject={subject} confirm={t('events.discard.confirm', { count: 1 })} />}
          {repeat !== undefined && <ActionButton action={repeat} label={t('event.repeat')} subject={subject} confirm={t('event.repeat.confirm', { plugin })} />}
        </div>
      )}
    </>
  )
}
