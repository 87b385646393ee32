import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Page } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** The last step from the console to a tenant: the one form of ours that leads to another host. */
export interface GrantEntryPageProps {
  readonly tenantName: string
  /** Full address on the tenant's host. */
  readonly action: string
  readonly ticket: string
  readonly back: string
}

/** Hands a ticket to the tenant's host. It carries no token of the console: the ticket is the proof. */
export function GrantEntryPage({ tenantName, action, ticket, back }: GrantEntryPageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('entry.title', { name: tenantName })} intro={<p>{t('entry.intro', { name: tenantName })}</p>}>
      <form class="la-form" method="post" action={action}>
        <input type="hidden" name="ticket" value={ticket} />
        <div class="la-form-actions">
          <button type="submit" class="la-button la-button-primary">{t('entry.go', { name: tenantName })}</button>
          <a class="la-button la-button-secondary" href={back}>{t('entry.back')}</a>
        </div>
      </form>
    </Page>
  )
}
