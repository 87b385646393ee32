import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Card, CardList, Notice, Page } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** Figures of a tenant's administration. */
export interface AdminHomePageProps {
  readonly tenantName: string
  /** Accounts that may log in. */
  readonly accounts: number
  readonly plugins: { readonly active: number; readonly total: number }
  /** Events that could not be delivered. */
  readonly deadLetters: number
  /** Plugins that are degraded or whose migration failed. */
  readonly pluginProblems: readonly string[]
}

/** The home page of the administration. */
export function AdminHomePage({ tenantName, accounts, plugins, deadLetters, pluginProblems }: AdminHomePageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('admin.title')} intro={<p>{t('admin.intro', { name: tenantName })}</p>}>
      {pluginProblems.length > 0 && <Notice kind="warning" title={t('admin.problems')}><ul>{pluginProblems.map((title) => <li key={title}>{title}</li>)}</ul></Notice>}
      {deadLetters > 0 && <Notice kind="warning"><p>{t('admin.deadLetters', { count: deadLetters })} <a href="/admin/evenements">{t('admin.deadLetters.see')}</a></p></Notice>}
      <CardList>
        <Card level={2} title={t('admin.menu.accounts')} href="/admin/comptes" meta={t('admin.accounts.count', { count: accounts })}>{t('admin.card.accounts')}</Card>
        <Card level={2} title={t('admin.menu.roles')} href="/admin/roles">{t('admin.card.roles')}</Card>
        <Card level={2} title={t('admin.menu.plugins')} href="/admin/modules" meta={t('admin.plugins.count', { ...plugins })}>{t('admin.card.plugins')}</Card>
        <Card level={2} title={t('admin.menu.settings')} href="/admin/reglages">{t('admin.card.settings')}</Card>
        <Card level={2} title={t('admin.menu.audit')} href="/admin/journal">{t('admin.card.audit')}</Card>
        <Card level={2} title={t('admin.menu.events')} href="/admin/evenements">{t('admin.card.events')}</Card>
      </CardList>
    </Page>
  )
}
