import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ActionButton, Badge, Form, Page, Section, TextInput } from '@liberacces/sdk/ui'
import { Governance, type GovernanceFacts } from './admin-governance.tsx'
import { useTranslate } from './translate.ts'

/** Posts `address` to `/collectivites/:slug/administration/adresse`, and to `…/administration/comptes/:id/attester`. */
export interface ConsoleGovernancePageProps extends GovernanceFacts {
  readonly tenant: { readonly slug: string; readonly name: string }
  /** Active accounts whose address is the official one. */
  readonly holders: readonly { readonly id: string; readonly name: string; readonly login: string; readonly proven: boolean }[]
  readonly form?: { readonly address: string; readonly error: string }
}

/** Who administers a tenant, for the Pool: it names the official address, and vouches for who answers there. */
export function ConsoleGovernancePage({ tenant, holders, form, ...facts }: ConsoleGovernancePageProps): JSX.Element {
  const t = useTranslate()
  const path = `/collectivites/${tenant.slug}/administration`
  return (
    <Page
      title={t('console.governance', { name: tenant.name })}
      breadcrumb={[{ label: t('console.title'), href: '/' }, { label: tenant.name, href: `/collectivites/${tenant.slug}` }]}
    >
      <Governance {...facts} />
      <Section title={t('governance.address')}>
        <Form action={`${path}/adresse`}>
          <TextInput name="address" type="email" optional label={t('governance.address')} hint={t('console.governance.address.hint')} value={form?.address ?? facts.officialAddress ?? ''} {...(form === undefined ? {} : { error: form.error })} />
          <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('save')}</button></div>
        </Form>
        {holders.map(({ id, name, login, proven }) => (
          <article key={id} class="grant">
            <h3>{name} ({login}) <Badge kind={proven ? 'success' : 'warning'}>{t(proven ? 'console.governance.proven' : 'console.governance.unproven')}</Badge></h3>
            {!proven && <div class="la-actions"><ActionButton action={`${path}/comptes/${id}/attester`} label={t('console.governance.prove')} subject={name} confirm={t('console.governance.prove.confirm', { name })} /></div>}
          </article>
        ))}
      </Section>
    </Page>
  )
}
