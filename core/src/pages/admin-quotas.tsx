import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Notice, Page, Section } from '@liberacces/sdk/ui'
import { QuotaUsage, type QuotaItem } from './quota-usage.tsx'
import { useTranslate } from './translate.ts'

/** What the Pool grants a tenant, and what it uses of it. */
export interface AdminQuotasPageProps {
  readonly quotas: readonly QuotaItem[]
  /** Titles of plugins that the Pool does not grant. */
  readonly notGranted: readonly string[]
  readonly poolName: string
}

/** Where a tenant stands with what the Pool grants it. */
export function AdminQuotasPage({ quotas, notGranted, poolName }: AdminQuotasPageProps): JSX.Element {
  const t = useTranslate()
  const worst = Math.max(0, ...quotas.map(({ level }) => level))
  return (
    <Page title={t('admin.menu.quotas')} intro={<p>{t('quotas.intro', { pool: poolName })}</p>} breadcrumb={[{ label: t('admin.title'), href: '/admin' }]}>
      {worst > 0 && <Notice kind={worst === 2 ? 'error' : 'warning'}><p>{t(worst === 2 ? 'quotas.advice.full' : 'quotas.advice.near', { pool: poolName })}</p></Notice>}
      <Section title={t('quotas.usage')}>
        <QuotaUsage quotas={quotas} />
        <p class="la-hint">{t('quotas.days')}</p>
      </Section>
      <Section title={t('quotas.plugins')}>
        {notGranted.length === 0
          ? <p>{t('quotas.plugins.all')} <a href="/admin/modules">{t('quotas.plugins.see')}</a></p>
          : <><p>{t('quotas.plugins.not', { count: notGranted.length, pool: poolName })}</p><ul>{notGranted.map((title) => <li key={title}>{title}</li>)}</ul></>}
      </Section>
    </Page>
  )
}
