import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ButtonLink, Form, Notice, Page, Section, Time } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** What a plugin may do, and who decided so. */
export interface ScopeDecisionItem {
  readonly scope: string
  /** In the reader's language. */
  readonly what: string
  /** What is missing without it; absent for what the plugin cannot do without. */
  readonly without?: string
  readonly granted: boolean
  /** ISO 8601, and a name; absent while nobody has decided. */
  readonly decided?: { readonly at: string; readonly by: string }
}

/** What one plugin may do at a tenant. Posts `accept` (several) to `/admin/modules/:id/autorisations`. */
export interface AdminPluginConsentPageProps {
  readonly plugin: { readonly id: string; readonly title: string }
  readonly scopes: readonly ScopeDecisionItem[]
  /** A release that waits for consent. */
  readonly waiting?: { readonly version: string; readonly since: string }
}

/** What a plugin may do: what it needs, and what may be refused. */
export function AdminPluginConsentPage({ plugin, scopes, waiting }: AdminPluginConsentPageProps): JSX.Element {
  const t = useTranslate()
  const [needed, optional] = [scopes.filter(({ without }) => without === undefined), scopes.filter(({ without }) => without !== undefined)]
  return (
    <Page title={t('consent.title', { title: plugin.title })} intro={<p>{t('consent.intro')}</p>} breadcrumb={[{ label: t('admin.title'), href: '/admin' }, { label: t('admin.menu.plugins'), href: '/admin/modules' }]}>
      {waiting !== undefined && (
        <Notice kind="info" title={t('plugins.waiting', { to: waiting.version })}>
          <p>{t('consent.waiting.since')} <Time date={waiting.since} withTime />.</p>
          <ButtonLink href={`/admin/modules/${plugin.id}/versions?to=${encodeURIComponent(waiting.version)}`}>{t('versions.show')}</ButtonLink>
        </Notice>
      )}
      <Section title={t('consent.needed')}>
        {needed.length === 0
          ? <p>{t('scope.none')}</p>
          : <ul class="consent-list">{needed.map((item) => <li key={item.scope}>{item.what} <Decided item={item} /></li>)}</ul>}
      </Section>
      <Section title={t('consent.optional')}>
        {optional.length === 0
          ? <p>{t('consent.optional.none')}</p>
          : (
            <Form action={`/admin/modules/${plugin.id}/autorisations`}>
              <fieldset class="la-field la-fieldset">
                <legend>{t('consent.optional.legend')}</legend>
                {optional.map((item) => (
                  <div key={item.scope} class="la-choice">
                    <input id={`accept-${item.scope}`} type="checkbox" name="accept" value={item.scope} checked={item.granted} aria-describedby={`accept-${item.scope}-hint`} />
                    <label for={`accept-${item.scope}`}>{item.what}</label>
                    <p class="la-hint" id={`accept-${item.scope}-hint`}>{t('versions.without', { without: item.without ?? '' })} <Decided item={item} /></p>
                  </div>
                ))}
              </fieldset>
              <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('save')}</button></div>
            </Form>
          )}
      </Section>
    </Page>
  )
}

function Decided({ item: { decided, granted } }: { readonly item: ScopeDecisionItem }): JSX.Element | null {
  const t = useTranslate()
  if (decided === undefined) return null
  return <small class="consent-decided">{t(granted ? 'consent.granted-by' : 'consent.refused-by', { name: decided.by })} <Time date={decided.at} withTime /></small>
}
