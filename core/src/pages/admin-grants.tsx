import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ActionButton, DescriptionList, Form, Page, Section, Time } from '@liberacces/sdk/ui'
import { GrantTable, type GrantItem } from './grant-list.tsx'
import { useTranslate } from './translate.ts'

/**
 * Operators of the Pool on this tenant. Posts to `/admin/interventions/:id/accepter`, `…/refuser`, `…/terminer`, and `approval` (a box) to
 * `/admin/interventions/accord`.
 */
export interface AdminGrantsPageProps {
  readonly waiting: readonly GrantItem[]
  readonly open: readonly GrantItem[]
  readonly past: readonly GrantItem[]
  readonly approvalRequired: boolean
  /** Only the tenant's own people decide; an operator reads. */
  readonly canDecide: boolean
}

/** Who of the Pool came, comes, or asks to come into this tenant, and why. */
export function AdminGrantsPage({ waiting, open, past, approvalRequired, canDecide }: AdminGrantsPageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('admin.menu.grants')} intro={<p>{t('grants.intro')}</p>} breadcrumb={[{ label: t('admin.title'), href: '/admin' }]}>
      {waiting.length > 0 && (
        <Section title={t('grants.waiting')}>
          {waiting.map((grant) => (
            <article key={grant.id} class="grant">
              <GrantFacts grant={grant} />
              {canDecide && (
                <div class="la-actions">
                  <ActionButton action={`/admin/interventions/${grant.id}/accepter`} kind="primary" label={t('grants.approve')} subject={grant.operator} />
                  <ActionButton action={`/admin/interventions/${grant.id}/refuser`} label={t('grants.refuse')} subject={grant.operator} />
                </div>
              )}
            </article>
          ))}
        </Section>
      )}
      <Section title={t('grants.open')}>
        {open.length === 0 && <p class="la-empty">{t('grants.open.empty')}</p>}
        {open.map((grant) => (
          <article key={grant.id} class="grant">
            <GrantFacts grant={grant} />
            {canDecide && <div class="la-actions"><ActionButton action={`/admin/interventions/${grant.id}/terminer`} kind="danger" label={t('grants.close')} subject={grant.operator} /></div>}
          </article>
        ))}
      </Section>
      <Section title={t('grants.policy')}>
        {canDecide
          ? (
            <Form action="/admin/interventions/accord">
              <div class="la-choice">
                <input id="approval" type="checkbox" name="approval" value="yes" checked={approvalRequired} aria-describedby="approval-hint" />
                <label for="approval">{t('grants.policy.ask')}</label>
              </div>
              <p class="la-hint" id="approval-hint">{t('grants.policy.hint')}</p>
              <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('save')}</button></div>
            </Form>
          )
          : <p>{t(approvalRequired ? 'grants.policy.required' : 'grants.policy.free')}</p>}
      </Section>
      <Section title={t('grants.past')}>
        <GrantTable caption={t('grants.past.caption')} grants={past} empty={t('grants.past.empty')} />
      </Section>
    </Page>
  )
}

function GrantFacts({ grant }: { readonly grant: GrantItem }): JSX.Element {
  const t = useTranslate()
  return (
    <>
      <h3>{grant.operator}</h3>
      <DescriptionList
        items={[
          { term: t('grants.reason'), description: grant.reason },
          { term: t('grants.right'), description: t(grant.writes ? 'grants.right.writes' : 'grants.right.reads', { role: grant.role }) },
          grant.endsAt === undefined ? { term: t('grants.length'), description: t('grants.minutes', { minutes: grant.minutes }) } : { term: t('grants.until'), description: <Time date={grant.endsAt} withTime /> },
        ]}
      />
    </>
  )
}
