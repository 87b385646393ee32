import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Badge, DataTable, Form, Notice, Page, SearchForm, Section, TextInput, Time, type PaginationProps } from '@liberacces/sdk/ui'
import { IssuedPasswordNotice, type IssuedPassword } from './issued-password.tsx'
import { RoleBoxes, type RoleItem } from './role-boxes.tsx'
import { useTranslate } from './translate.ts'

/** An account of the tenant. */
export interface AccountItem {
  readonly id: string
  readonly login: string
  readonly name: string
  readonly email?: string
  /** Names of its roles. */
  readonly roles: readonly string[]
  readonly active: boolean
  /** Instant, ISO 8601. */
  readonly lastLoginAt?: string
}

/** The list of accounts, and a form that creates one: posts `login`, `name`, `email`, `role` (several) to `/admin/comptes`. */
export interface AdminAccountsPageProps {
  readonly accounts: readonly AccountItem[]
  readonly roles: readonly RoleItem[]
  /** What was searched for (`?q=`). */
  readonly query?: string
  readonly pagination?: PaginationProps
  /** The new account's form as it came back. */
  readonly form?: { readonly values: { readonly login?: string; readonly name?: string; readonly email?: string; readonly role?: readonly string[] }; readonly errors: Readonly<Record<string, string>> }
  readonly issuedPassword?: IssuedPassword
}

/** Accounts of the tenant. */
export function AdminAccountsPage({ accounts, roles, query, pagination, form, issuedPassword }: AdminAccountsPageProps): JSX.Element {
  const t = useTranslate()
  const values = form?.values ?? {}
  const errors = form?.errors ?? {}
  const titleOf = (id: string) => roles.find((role) => role.id === id)?.title ?? id
  const optional = (key: 'login' | 'name' | 'email') => ({
    ...(values[key] === undefined ? {} : { value: values[key] }), ...(errors[key] === undefined ? {} : { error: errors[key] }),
  })
  return (
    <Page title={t('admin.menu.accounts')} breadcrumb={[{ label: t('admin.title'), href: '/admin' }]} actions={<a class="la-button la-button-primary" href="#nouveau">{t('accounts.new')}</a>}>
      {issuedPassword !== undefined && <IssuedPasswordNotice {...issuedPassword} />}
      <SearchForm action="/admin/comptes" label={t('accounts.search')} value={query ?? ''} />
      <DataTable
        caption={t('accounts.caption')}
        rows={accounts}
        rowKey={({ id }) => id}
        empty={t('accounts.empty')}
        {...(pagination === undefined ? {} : { pagination })}
        columns={[
          { key: 'name', header: t('accounts.name'), cell: ({ id, name }) => <a href={`/admin/comptes/${id}`}>{name}</a> },
          { key: 'login', header: t('accounts.login') },
          { key: 'roles', header: t('accounts.roles'), cell: (account) => account.roles.map(titleOf).join(', ') || '—' },
          { key: 'active', header: t('accounts.state'), cell: ({ active }) => <Badge kind={active ? 'success' : 'neutral'}>{t(active ? 'accounts.active' : 'accounts.disabled')}</Badge> },
          { key: 'lastLoginAt', header: t('accounts.lastLogin'), cell: ({ lastLoginAt }) => lastLoginAt === undefined ? t('accounts.never') : <Time date={lastLoginAt} /> },
        ]}
      />
      <div id="nouveau">
        <Section title={t('accounts.new')}>
          {Object.keys(errors).length > 0 && (
            <Notice kind="error" title={t('accounts.invalid')}>
              <ul>{Object.entries(errors).map(([name, text]) => <li key={name}>{name === '' ? text : <a href={`#field-${name}`}>{text}</a>}</li>)}</ul>
            </Notice>
          )}
          <Form action="/admin/comptes">
            <TextInput name="name" label={t('accounts.name')} {...optional('name')} />
            <TextInput name="login" label={t('accounts.login')} hint={t('accounts.login.hint')} {...optional('login')} />
            <TextInput name="email" type="email" optional label={t('accounts.email')} {...optional('email')} />
            <RoleBoxes roles={roles} held={values.role ?? []} />
            <p class="la-hint">{t('accounts.password.hint')}</p>
            <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('accounts.create')}</button></div>
          </Form>
        </Section>
      </div>
    </Page>
  )
}
