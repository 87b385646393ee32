import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ActionButton, Actions, ButtonLink, DataTable, Notice, Page, SearchForm, Section, Select, TextInput, Time } from '@liberacces/sdk/ui'
import type { EventState } from '../events/desk/event-view.ts'
import { EventStateBadge } from './event-state.tsx'
import { useTranslate } from './translate.ts'

/** Where the events of a tenant are looked after. */
export const EVENTS_PATH = '/admin/evenements'

/** An event in a list. */
export interface EventItem {
  readonly id: string
  /** Address of its page. */
  readonly href: string
  /** Id of the contract, or what people call it. */
  readonly type: string
  readonly subject?: string
  /** Title of the plugin that emitted it. */
  readonly source: string
  /** Titles of the plugins that receive it. */
  readonly receivers: readonly string[]
  /** Instant, ISO 8601. */
  readonly at: string
  readonly state: EventState
}

/** Dead letters of one handler. */
export interface DeadLetterItem {
  /** Title of the plugin that receives them. */
  readonly plugin: string
  readonly handler: string
  readonly count: number
  /** When the latest became one: instant, ISO 8601. */
  readonly at: string
  /** In English: it is for who mends it. */
  readonly error?: string
  /** Address of the list of them. */
  readonly list: string
  /** Addresses that post. */
  readonly retry: string
  readonly discard: string
}

/** What the form asks for, as it was sent. */
export interface EventFilter {
  readonly q: string
  readonly plugin: string
  readonly state: string
  readonly from: string
  readonly to: string
}

/** The search, its answer, and above all what needs somebody. */
export interface AdminEventsPageProps {
  readonly deadLetters: readonly DeadLetterItem[]
  readonly events: readonly EventItem[]
  readonly filter: EventFilter
  readonly plugins: readonly { readonly id: string; readonly title: string }[]
  /** Address of older ones. */
  readonly older?: string
  /** Address of the first page, where this is a later one. */
  readonly first?: string
  /** The search has stopped here: instant, ISO 8601. */
  readonly searchedBackTo?: string
}

export const STATES = ['pending', 'delivered', 'dead', 'discarded', 'unsubscribed'] as const

/** How events between plugins get through. */
export function AdminEventsPage({ deadLetters, events, filter, plugins, older, first, searchedBackTo }: AdminEventsPageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page
      title={t('admin.menu.events')} intro={<p>{t('events.intro')}</p>} breadcrumb={[{ label: t('admin.title'), href: '/admin' }]}
      actions={<>
        <ButtonLink href={`${EVENTS_PATH}/rejouer`}>{t('events.replay.title')}</ButtonLink>
        <ButtonLink href={`${EVENTS_PATH}/conservation`}>{t('events.kept.title')}</ButtonLink>
      </>}
    >
      {deadLetters.length > 0 && (
        <Section title={t('events.dead')}>
          <p>{t('events.dead.intro')}</p>
          <ul class="plain-list archive-list">{deadLetters.map((group) => <li key={`${group.plugin} ${group.handler}`}><DeadLetters group={group} /></li>)}</ul>
        </Section>
      )}
      <Section title={t('events.search.title')}>
        <SearchForm action={EVENTS_PATH} label={t('events.search')} value={filter.q}>
          <Select name="plugin" label={t('events.search.plugin')} value={filter.plugin} options={[{ value: '', label: t('events.search.any-plugin') }, ...plugins.map(({ id, title }) => ({ value: id, label: title }))]} />
          <Select name="state" label={t('events.state')} value={filter.state} options={[{ value: '', label: t('events.search.any-state') }, ...STATES.map((state) => ({ value: state, label: t(`events.state.${state}`) }))]} />
          <TextInput name="from" type="date" label={t('audit.from')} value={filter.from} />
          <TextInput name="to" type="date" label={t('audit.to')} value={filter.to} />
        </SearchForm>
        <DataTable
          caption={t('events.caption')} rows={events} rowKey={({ id }) => id} empty={searchedBackTo === undefined ? t('events.empty') : t('events.empty.so-far')}
          columns={[
            { key: 'at', header: t('events.at'), cell: ({ at }) => <Time date={at} withTime /> },
            { key: 'type', header: t('events.event'), cell: ({ href, type, subject }) => <><a class="breakable" href={href}>{type}</a>{subject !== undefined && <><br /><span class="breakable">{subject}</span></>}</> },
            { key: 'source', header: t('events.source') },
            { key: 'receivers', header: t('events.receivers'), cell: ({ receivers }) => receivers.length === 0 ? '—' : receivers.join(', ') },
            { key: 'state', header: t('events.state'), cell: ({ state }) => <EventStateBadge state={state} /> },
          ]}
        />
        {searchedBackTo !== undefined && <Notice kind="info"><p>{t('events.searched-back')} <Time date={searchedBackTo} withTime />.</p></Notice>}
        {(older !== undefined || first !== undefined) && (
          <Actions>
            {first !== undefined && <ButtonLink href={first}>{t('events.first')}</ButtonLink>}
            {older !== undefined && <ButtonLink href={older}>{t(searchedBackTo === undefined ? 'events.older' : 'events.go-on')}</ButtonLink>}
          </Actions>
        )}
      </Section>
    </Page>
  )
}

/** Not in a table: on a phone its two questions need the whole width. */
function DeadLetters({ group: { plugin, handler, count, at, error, list, retry, discard } }: { readonly group: DeadLetterItem }): JSX.Element {
  const t = useTranslate()
  return (
    <>
      <p><strong>{plugin}</strong>, <code class="breakable">{handler}</code></p>
      <p><a href={list}>{t('events.dead.count', { count })}</a>, {t('events.dead.latest', { count })} <Time date={at} withTime />.</p>
      {error !== undefined && <p><span class="breakable" lang="en">{error}</span></p>}
      <div class="la-actions">
        <ActionButton action={retry} kind="primary" label={t('events.retry.all')} subject={`${plugin} ${handler}`} />
        <ActionButton action={discard} kind="danger" label={t('events.discard.all')} subject={`${plugin} ${handler}`} confirm={t('events.discard.confirm', { count })} />
      </div>
    </>
  )
}
