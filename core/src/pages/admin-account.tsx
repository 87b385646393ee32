import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ActionButton, Badge, DescriptionList, Form, Notice, Page, Section, Time } from '@liberacces/sdk/ui'
import type { AccountItem } from './admin-accounts.tsx'
import { IssuedPasswordNotice, type IssuedPassword } from './issued-password.tsx'
import { RoleBoxes, type RoleItem } from './role-boxes.tsx'
import { TokenTable, type TokenItem } from './token-list.tsx'
import { useTranslate } from './translate.ts'

/** One account. Posts to `/admin/comptes/:id/roles` (`role`, several), `…/mot-de-passe`, `…/desactiver`, `…/activer`. */
export interface AdminAccountPageProps {
  readonly account: AccountItem
  readonly roles: readonly RoleItem[]
  /** One cannot lock oneself out. */
  readonly isSelf: boolean
  readonly tokens: readonly TokenItem[]
  /** Administers without having been given the role. */
  readonly administers?: 'official-address' | 'small-commune'
  readonly issuedPassword?: IssuedPassword
  /** Why something was not done. */
  readonly problem?: string
}

/** One account: its roles, its password, whether it may log in. */
export function AdminAccountPage({ account, roles, isSelf, tokens, administers, issuedPassword, problem }: AdminAccountPageProps): JSX.Element {
  const t = useTranslate()
  const path = `/admin/comptes/${account.id}`
  return (
    <Page title={account.name} breadcrumb={[{ label: t('admin.title'), href: '/admin' }, { label: t('admin.menu.accounts'), href: '/admin/comptes' }]}>
      {problem !== undefined && <Notice kind="error"><p>{problem}</p></Notice>}
      {issuedPassword !== undefined && <IssuedPasswordNotice {...issuedPassword} />}
      <DescriptionList
        items={[
          { term: t('accounts.login'), description: account.login },
          { term: t('accounts.email'), description: account.email ?? '—' },
          { term: t('accounts.state'), description: <Badge kind={account.active ? 'success' : 'neutral'}>{t(account.active ? 'accounts.active' : 'accounts.disabled')}</Badge> },
          { term: t('accounts.lastLogin'), description: account.lastLoginAt === undefined ? t('accounts.never') : <Time date={account.lastLoginAt} withTime /> },
        ]}
      />
      {administers !== undefined && <Notice kind="info"><p>{t('account.administers')} <a href="/admin/qui-administre">{t('account.administers.why')}</a></p></Notice>}
      <Section title={t('account.roles')}>
        <Form action={`${path}/roles`}>
          <RoleBoxes roles={roles} held={account.roles} />
          <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('save')}</button></div>
        </Form>
      </Section>
      <Section title={t('account.access')}>
        <div class="la-actions">
          <ActionButton action={`${path}/mot-de-passe`} label={t('account.reset')} confirm={t('account.reset.confirm', { name: account.name })} />
          {account.active
            ? isSelf ? <p class="la-hint">{t('account.self')}</p> : <ActionButton action={`${path}/desactiver`} kind="danger" label={t('account.disable')} confirm={t('account.disable.confirm', { name: account.name })} />
            : <ActionButton action={`${path}/activer`} label={t('account.enable')} />}
        </div>
      </Section>
      <Section title={t('tokens.title')}>
        <TokenTable tokens={tokens} path={`${path}/jetons`} />
      </Section>
    </Page>
  )
}
