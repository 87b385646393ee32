import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { DataTable, Form, Page, Section } from '@liberacces/sdk/ui'
import { EVENTS_PATH } from './admin-events.tsx'
import { useTranslate } from './translate.ts'

/** How long events are kept. Posts `eventDays` and `deadLetterDays` to its own address. */
export interface AdminEventRetentionPageProps {
  readonly values: { readonly eventDays: string; readonly deadLetterDays: string }
  readonly errors: Readonly<Record<string, string>>
  /** Contracts that say so themselves. */
  readonly own: readonly { readonly type: string; readonly plugin: string; readonly days: number }[]
}

/** How long events, and those that could not be delivered, are kept. */
export function AdminEventRetentionPage({ values, errors, own }: AdminEventRetentionPageProps): JSX.Element {
  const t = useTranslate()
  const field = (name: 'eventDays' | 'deadLetterDays') => (
    <div class="la-field">
      <label for={`field-${name}`}>{t(`events.kept.${name}`)}</label>
      <p class="la-hint" id={`${name}-hint`}>{t(`events.kept.${name}.hint`)}</p>
      {errors[name] !== undefined && <p class="la-error" id={`${name}-error`}>{errors[name]}</p>}
      <input
        id={`field-${name}`} type="number" min={1} max={3650} step={1} name={name} value={values[name]} required
        {...(errors[name] === undefined ? { 'aria-describedby': `${name}-hint` } : { 'aria-describedby': `${name}-hint ${name}-error`, 'aria-invalid': 'true' as const })}
      />
    </div>
  )
  return (
    <Page title={t('events.kept.title')} intro={<p>{t('events.kept.intro')}</p>} breadcrumb={[{ label: t('admin.title'), href: '/admin' }, { label: t('admin.menu.events'), href: EVENTS_PATH }]}>
      <Form action={`${EVENTS_PATH}/conservation`}>
        {field('eventDays')}
        {field('deadLetterDays')}
        <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('save')}</button></div>
      </Form>
      {own.length > 0 && (
        <Section title={t('events.kept.own')}>
          <div class="short-table">
            <DataTable
              caption={t('events.kept.own.caption')} rows={own} rowKey={({ type }) => type} empty=""
              columns={[
                { key: 'type', header: t('event.type'), cell: ({ type }) => <code class="breakable">{type}</code> },
                { key: 'plugin', header: t('events.source') },
                { key: 'days', header: t('events.kept.days'), numeric: true },
              ]}
            />
          </div>
        </Section>
      )}
    </Page>
  )
}
