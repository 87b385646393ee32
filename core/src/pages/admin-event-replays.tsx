import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ActionButton, Form, Notice, Page, Section, Select, TextInput, Time } from '@liberacces/sdk/ui'
import type { ReplayCounts } from '../events/desk/replay-selection.ts'
import { EVENTS_PATH } from './admin-events.tsx'
import { useTranslate } from './translate.ts'

/** A replay and how far it is. */
export interface ReplayItem {
  readonly id: string
  /** What it takes, as sentences. */
  readonly what: string
  readonly by: string
  /** Instant, ISO 8601. */
  readonly at: string
  readonly state: 'running' | 'done' | 'stopped' | 'failed'
  readonly counts: ReplayCounts
  readonly total: number
  /** In English. */
  readonly error?: string
}

/** The form as it was sent. */
export interface ReplayForm {
  readonly from: string
  readonly to: string
  readonly type: string
  /** `<plugin> <handler>`, or empty for everyone. */
  readonly receiver: string
  readonly again: boolean
}

/** Replaying: form, preview, and what was replayed. The preview is a GET, the deed a POST of the same fields. */
export interface AdminEventReplaysPageProps {
  readonly form: ReplayForm
  readonly error?: string
  /** What it would do. */
  readonly preview?: ReplayCounts
  readonly receivers: readonly { readonly value: string; readonly label: string }[]
  readonly types: readonly string[]
  readonly replays: readonly ReplayItem[]
}

const PATH = `${EVENTS_PATH}/rejouer`

/** Delivers events of the past once more. */
export function AdminEventReplaysPage({ form, error, preview, receivers, types, replays }: AdminEventReplaysPageProps): JSX.Element {
  const t = useTranslate()
  const { from, to, type, receiver, again } = form
  return (
    <Page title={t('events.replay.title')} intro={<p>{t('events.replay.intro')}</p>} breadcrumb={[{ label: t('admin.title'), href: '/admin' }, { label: t('admin.menu.events'), href: EVENTS_PATH }]}>
      {preview !== undefined && (
        <Section title={t('events.replay.preview')}>
          <Counts counts={preview} />
          {again && <Notice kind="warning"><p>{t('events.replay.again.warning')}</p></Notice>}
          {preview.queued + preview.underWay > 0
            ? (
              <Form action={PATH}>
                {Object.entries({ from, to, type, receiver, again: again ? 'oui' : '' }).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
                <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('events.replay.do', { count: preview.queued + preview.underWay })}</button></div>
              </Form>
            )
            : <p>{t('events.replay.nothing')}</p>}
        </Section>
      )}
      <Section title={t('events.replay.which')}>
        {error !== undefined && <Notice kind="error"><p>{error}</p></Notice>}
        <Form action={PATH} method="get">
          <TextInput name="from" type="date" label={t('events.replay.from')} hint={t('events.replay.from.hint')} value={from} />
          <TextInput name="to" type="date" label={t('events.replay.to')} hint={t('events.replay.to.hint')} optional value={to} />
          <Select name="type" label={t('event.type')} value={type} options={[{ value: '', label: t('events.replay.all-types') }, ...types.map((each) => ({ value: each, label: each }))]} />
          <Select name="receiver" label={t('events.replay.receiver')} value={receiver} options={[{ value: '', label: t('events.replay.everyone') }, ...receivers]} />
          <div class="la-choice">
            <input id="again" type="checkbox" name="again" value="oui" checked={again} aria-describedby="again-hint" />
            <label for="again">{t('events.replay.again')}</label>
          </div>
          <p class="la-hint" id="again-hint">{t('events.replay.again.hint')}</p>
          <div class="la-form-actions"><button type="submit" class="la-button la-button-secondary">{t('events.replay.ask')}</button></div>
        </Form>
      </Section>
      <Section title={t('events.replays')}>
        {replays.length === 0
          ? <p class="la-empty">{t('events.replays.empty')}</p>
          : <ul class="plain-list archive-list">{replays.map((replay) => <li key={replay.id}><Replay replay={replay} /></li>)}</ul>}
      </Section>
    </Page>
  )
}

function Replay({ replay: { id, what, by, at, state, counts, total, error } }: { readonly replay: ReplayItem }): JSX.Element {
  const t = useTranslate()
  return (
    <>
      <p><strong>{t(`events.replay.state.${state}`)}</strong> – {what}</p>
      <p>{t('events.replay.by', { by })} <Time date={at} withTime />. {state === 'running' && t('events.replay.progress', { events: counts.events, total })}</p>
      {counts.events > 0 && <Counts counts={counts} isDone />}
      {error !== undefined && <p><span class="breakable" lang="en">{error}</span></p>}
      <div class="la-actions">
        {state === 'running' && <ActionButton action={`${PATH}/${id}/arreter`} label={t('events.replay.stop')} subject={at} />}
        {(state === 'stopped' || state === 'failed') && <ActionButton action={`${PATH}/${id}/continuer`} label={t('events.replay.resume')} subject={at} />}
      </div>
    </>
  )
}

function Counts({ counts: { events, queued, underWay, accepted, gone }, isDone = false }: { readonly counts: ReplayCounts; readonly isDone?: boolean }): JSX.Element {
  const t = useTranslate()
  return (
    <ul>
      <li>{t('events.replay.count.events', { count: events })}</li>
      <li>{t(isDone ? 'events.replay.count.did' : 'events.replay.count.queued', { count: queued })}</li>
      {underWay > 0 && <li>{t('events.replay.count.under-way', { count: underWay })}</li>}
      {accepted > 0 && <li>{t('events.replay.count.accepted', { count: accepted })}</li>}
      {gone > 0 && <li>{t('events.replay.count.gone', { count: gone })}</li>}
    </ul>
  )
}
