import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { DescriptionList, Form, Notice, Page, Section } from '@liberacces/sdk/ui'
import { TokenTable, type TokenItem } from './token-list.tsx'
import { useTranslate } from './translate.ts'

/** One's own account. Posts `current`, `next`, `again` to `/compte/mot-de-passe`, and to `/compte/jetons/:id/revoquer`. */
export interface OwnAccountPageProps {
  readonly name: string
  readonly email?: string
  readonly roles: readonly string[]
  /** The password was just changed. */
  readonly changed?: boolean
  readonly account:
    /** The account is this tenant's. */
    | { readonly kind: 'own'; readonly login: string; readonly tokens: readonly TokenItem[]; readonly errors?: Readonly<Record<string, string>> }
    /** It is another's, where its password is changed. */
    | { readonly kind: 'guest'; readonly homeName: string; readonly homeHref: string }
    | { readonly kind: 'operator' }
}

/** Who one is here, and one's own password. */
export function OwnAccountPage({ name, email, roles, changed = false, account }: OwnAccountPageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('own.title')}>
      {changed && <Notice kind="success"><p>{t('own.password.changed')}</p></Notice>}
      <DescriptionList
        items={[
          { term: t('accounts.name'), description: name },
          ...(account.kind === 'own' ? [{ term: t('accounts.login'), description: account.login }] : []),
          ...(account.kind === 'operator' ? [] : [{ term: t('accounts.email'), description: email ?? '—' }]),
          { term: t('accounts.roles'), description: roles.join(', ') || '—' },
        ]}
      />
      {account.kind === 'guest' && <Notice kind="info"><p>{t('own.guest', { name: account.homeName })} <a href={account.homeHref}>{t('own.guest.go', { name: account.homeName })}</a></p></Notice>}
      {account.kind === 'operator' && <Notice kind="info"><p>{t('own.operator')}</p></Notice>}
      {account.kind === 'own' && (
        <>
          <Section title={t('own.password')}>
            <PasswordForm errors={account.errors ?? {}} login={account.login} />
          </Section>
          <Section title={t('tokens.title')}>
            <p>{t('tokens.own')}</p>
            <TokenTable tokens={account.tokens} path="/compte/jetons" />
          </Section>
        </>
      )}
    </Page>
  )
}

function PasswordForm({ errors, login }: { readonly errors: Readonly<Record<string, string>>; readonly login: string }): JSX.Element {
  const t = useTranslate()
  return (
    <>
      {Object.keys(errors).length > 0 && <Notice kind="error" title={t('own.password.refused')}><ul>{Object.entries(errors).map(([name, text]) => <li key={name}><a href={`#field-${name}`}>{text}</a></li>)}</ul></Notice>}
      <p>{t('own.password.intro')}</p>
      <Form action="/compte/mot-de-passe">
        {/* So that a password manager knows whose password it is. */}
        <input type="hidden" name="username" value={login} autoComplete="username" />
        <PasswordField name="current" label={t('own.password.current')} autoComplete="current-password" error={errors['current']} />
        <PasswordField name="next" label={t('own.password.next')} hint={t('own.password.hint')} autoComplete="new-password" error={errors['next']} />
        <PasswordField name="again" label={t('own.password.again')} autoComplete="new-password" error={errors['again']} />
        <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('own.password.save')}</button></div>
      </Form>
    </>
  )
}

function PasswordField({ name, label, hint, error, autoComplete }: { readonly name: string; readonly label: string; readonly hint?: string; readonly error: string | undefined; readonly autoComplete: 'current-password' | 'new-password' }): JSX.Element {
  const id = `field-${name}`
  const notes = [...(hint === undefined ? [] : [`${id}-hint`]), ...(error === undefined ? [] : [`${id}-error`])].join(' ')
  return (
    <div class={error === undefined ? 'la-field' : 'la-field la-field-invalid'}>
      <label for={id}>{label}</label>
      {hint !== undefined && <p class="la-hint" id={`${id}-hint`}>{hint}</p>}
      {error !== undefined && <span class="la-error" id={`${id}-error`}>{error}</span>}
      <input id={id} type="password" name={name} autoComplete={autoComplete} required {...(notes === '' ? {} : { 'aria-describedby': notes })} {...(error === undefined ? {} : { 'aria-invalid': 'true' as const })} />
    </div>
  )
}
