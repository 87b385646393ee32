import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { DataTable, Page, SearchForm, TextInput, Time, type PaginationProps } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** An entry of the audit trail. */
export interface AuditItem {
  readonly id: string
  /** Instant, ISO 8601. */
  readonly at: string
  /** Name of who acted. */
  readonly actor: string
  /** Dotted verb, such as `account.created`. */
  readonly action: string
  /** The same in the reader's words, where there are any. */
  readonly actionTitle?: string
  readonly target: string
  /** Where it was done: a plugin's title, or nothing for the platform. */
  readonly plugin?: string
  /** Facts about it, as text. */
  readonly detail?: string
}

/** The tenant's audit trail. The filter is a GET with `q`, `from` and `to` (days). */
export interface AdminAuditPageProps {
  readonly entries: readonly AuditItem[]
  readonly filter: { readonly q?: string; readonly from?: string; readonly to?: string }
  readonly pagination?: PaginationProps
}

/** Who did what, and when. */
export function AdminAuditPage({ entries, filter, pagination }: AdminAuditPageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('admin.menu.audit')} intro={<p>{t('audit.intro')}</p>} breadcrumb={[{ label: t('admin.title'), href: '/admin' }]}>
      <SearchForm action="/admin/journal" label={t('audit.search')} value={filter.q ?? ''}>
        <TextInput name="from" type="date" label={t('audit.from')} value={filter.from ?? ''} />
        <TextInput name="to" type="date" label={t('audit.to')} value={filter.to ?? ''} />
      </SearchForm>
      <DataTable
        caption={t('audit.caption')}
        rows={entries}
        rowKey={({ id }) => id}
        empty={t('audit.empty')}
        {...(pagination === undefined ? {} : { pagination })}
        columns={[
          { key: 'at', header: t('audit.at'), cell: ({ at }) => <Time date={at} withTime /> },
          { key: 'actor', header: t('audit.actor') },
          { key: 'action', header: t('audit.action'), cell: ({ action, actionTitle }) => actionTitle ?? <code>{action}</code> },
          { key: 'target', header: t('audit.target'), cell: ({ target }) => <span class="breakable">{target}</span> },
          { key: 'plugin', header: t('audit.plugin'), cell: ({ plugin }) => plugin ?? t('audit.platform') },
          { key: 'detail', header: t('audit.detail'), cell: ({ detail }) => detail === undefined ? '—' : <span class="breakable">{detail}</span> },
        ]}
      />
    </Page>
  )
}
