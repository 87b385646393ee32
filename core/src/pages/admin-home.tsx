import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Card, CardList, Notice, Page } from '@liberacces/sdk/ui'
import type { QuotaKind } from '../entitlement/quota-kind.ts'
import { OutageText, type ShownOutage } from './outage-text.tsx'
import { useTranslate } from './translate.ts'

/** Figures of a tenant's administration. */
export interface AdminHomePageProps {
  readonly tenantName: string
  /** Nobody needs a grant to enter the Pool. Default false. */
  readonly isPool?: boolean
  /** Accounts that may log in. */
  readonly accounts: number
  readonly plugins: { readonly active: number; readonly total: number }
  /** Events that could not be delivered. */
  readonly deadLetters: number
  /** Plugins that are degraded or whose migration failed. */
  readonly pluginProblems: readonly string[]
  /** Plugins that answer nobody here for now. */
  readonly outages: readonly ShownOutage[]
  /** Quotas of which 80 % or all are used. */
  readonly quotaWarnings: readonly { readonly kind: QuotaKind; readonly level: 0 | 1 | 2 }[]
}

/** The home page of the administration. */
export function AdminHomePage({ tenantName, isPool = false, accounts, plugins, deadLetters, pluginProblems, outages, quotaWarnings }: AdminHomePageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('admin.title')} intro={<p>{t('admin.intro', { name: tenantName })}</p>}>
      {pluginProblems.length > 0 && <Notice kind="warning" title={t('admin.problems')}><ul>{pluginProblems.map((title) => <li key={title}>{title}</li>)}</ul></Notice>}
      {outages.length > 0 && <Notice kind="warning" title={t('health.admin')}><ul>{outages.map((outage) => <li key={outage.title}><OutageText outage={outage} /></li>)}</ul></Notice>}
      {deadLetters > 0 && <Notice kind="warning"><p>{t('admin.deadLetters', { count: deadLetters })} <a href="/admin/evenements">{t('admin.deadLetters.see')}</a></p></Notice>}
      {quotaWarnings.length > 0 && (
        <Notice kind={quotaWarnings.some(({ level }) => level === 2) ? 'error' : 'warning'} title={t('admin.quotas')}>
          <ul>{quotaWarnings.map(({ kind, level }) => <li key={kind}>{t(`quota.kind.${kind}`)} – {t(level === 2 ? 'quota.full' : 'quota.near')}</li>)}</ul>
          <p><a href="/admin/quotas">{t('admin.quotas.see')}</a></p>
        </Notice>
      )}
      <CardList>
        <Card level={2} title={t('admin.menu.accounts')} href="/admin/comptes" meta={t('admin.accounts.count', { count: accounts })}>{t('admin.card.accounts')}</Card>
        <Card level={2} title={t('admin.menu.roles')} href="/admin/roles">{t('admin.card.roles')}</Card>
        <Card level={2} title={t('admin.menu.governance')} href="/admin/qui-administre">{t('admin.card.governance')}</Card>
        <Card level={2} title={t('admin.menu.shares')} href="/admin/partages">{t('admin.card.shares')}</Card>
        {!isPool && <Card level={2} title={t('admin.menu.grants')} href="/admin/interventions">{t('admin.card.grants')}</Card>}
        <Card level={2} title={t('admin.menu.plugins')} href="/admin/modules" meta={t('admin.plugins.count', { ...plugins })}>{t('admin.card.plugins')}</Card>
        <Card level={2} title={t('admin.menu.quotas')} href="/admin/quotas">{t('admin.card.quotas')}</Card>
        <Card level={2} title={t('admin.menu.settings')} href="/admin/reglages">{t('admin.card.settings')}</Card>
        <Card level={2} title={t('admin.menu.audit')} href="/admin/journal">{t('admin.card.audit')}</Card>
        <Card level={2} title={t('admin.menu.events')} href="/admin/evenements">{t('admin.card.events')}</Card>
      </CardList>
    </Page>
  )
}
