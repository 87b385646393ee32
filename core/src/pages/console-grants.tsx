import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ActionButton, Form, Notice, Page, Section, Select, TextInput, Time } from '@liberacces/sdk/ui'
import { GrantTable, type GrantItem } from './grant-list.tsx'
import type { RoleItem } from './role-boxes.tsx'
import { useTranslate } from './translate.ts'

/**
 * Entering one tenant from the console. Posts `reason`, `role`, `writes`, `minutes` to `/collectivites/:slug/interventions`, and to
 * `/interventions/:id/entrer`, `…/terminer`.
 */
export interface ConsoleGrantsPageProps {
  readonly tenant: { readonly slug: string; readonly name: string }
  readonly roles: readonly RoleItem[]
  readonly approvalRequired: boolean
  /** Grants that are not over. `mine` may be entered by who reads this. */
  readonly current: readonly (GrantItem & { readonly mine: boolean })[]
  readonly past: readonly GrantItem[]
  readonly form?: { readonly values: Readonly<Record<string, string>>; readonly errors: Readonly<Record<string, string>> }
}

const MINUTES = [15, 30, 60, 120, 240, 480] as const

/** Asks for a grant on a tenant, enters by one that holds, and shows those before. */
export function ConsoleGrantsPage({ tenant, roles, approvalRequired, current, past, form }: ConsoleGrantsPageProps): JSX.Element {
  const t = useTranslate()
  const { values = {}, errors = {} } = form ?? {}
  return (
    <Page
      title={t('console.grants', { name: tenant.name })}
      intro={<p>{t('console.grants.intro', { name: tenant.name })}</p>}
      breadcrumb={[{ label: t('console.title'), href: '/' }, { label: tenant.name, href: `/collectivites/${tenant.slug}` }]}
    >
      {current.length > 0 && (
        <Section title={t('console.grants.current')}>
          {current.map((grant) => (
            <article key={grant.id} class="grant">
              <h3>{grant.reason}</h3>
              <p>
                {grant.operator}, {t(grant.writes ? 'grants.right.writes' : 'grants.right.reads', { role: grant.role })}.{' '}
                {grant.endsAt === undefined ? t('console.grants.waits', { name: tenant.name }) : <>{t('grants.until')} <Time date={grant.endsAt} withTime />.</>}
              </p>
              <div class="la-actions">
                {grant.mine && grant.state === 'open' && <ActionButton action={`/interventions/${grant.id}/entrer`} kind="primary" label={t('console.grants.enter')} />}
                <ActionButton action={`/interventions/${grant.id}/terminer`} label={t('grants.close')} subject={grant.reason} />
              </div>
            </article>
          ))}
        </Section>
      )}
      <Section title={t('console.grants.new')}>
        {Object.keys(errors).length > 0 && <Notice kind="error" title={t('console.grants.invalid')}><ul>{Object.entries(errors).map(([name, text]) => <li key={name}><a href={`#field-${name}`}>{text}</a></li>)}</ul></Notice>}
        {current.some(({ mine }) => mine)
          ? <p>{t('console.grants.mine')}</p>
          : (
              <>
                <p>{t(approvalRequired ? 'console.grants.approval' : 'console.grants.noApproval', { name: tenant.name })}</p>
                <Form action={`/collectivites/${tenant.slug}/interventions`}>
                  <TextInput name="reason" label={t('grants.reason')} hint={t('console.grants.reason.hint')} value={values['reason'] ?? ''} {...(errors['reason'] === undefined ? {} : { error: errors['reason'] })} />
                  <Select name="role" label={t('console.grants.role')} options={roles.map(({ id, title }) => ({ value: id, label: title }))} value={values['role'] ?? 'agent'} />
                  <fieldset class="la-field la-fieldset">
                    <legend>{t('console.grants.extent')}</legend>
                    {(['no', 'yes'] as const).map((answer) => (
                      <div key={answer} class="la-choice">
                        <input id={`writes-${answer}`} type="radio" name="writes" value={answer} checked={(values['writes'] ?? 'no') === answer} />
                        <label for={`writes-${answer}`}>{t(`console.grants.extent.${answer}`)}</label>
                      </div>
                    ))}
                  </fieldset>
                  <Select name="minutes" label={t('grants.length')} options={MINUTES.map((minutes) => ({ value: String(minutes), label: t('grants.minutes', { minutes }) }))} value={values['minutes'] ?? '60'} />
                  <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t(approvalRequired ? 'console.grants.ask' : 'console.grants.open')}</button></div>
                </Form>
              </>
            )}
      </Section>
      <Section title={t('grants.past')}>
        <GrantTable caption={t('grants.past.caption')} grants={past} empty={t('grants.past.empty')} />
      </Section>
    </Page>
  )
}
