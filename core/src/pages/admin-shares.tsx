import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ActionButton, Badge, Form, Notice, Page, Section, TextInput } from '@liberacces/sdk/ui'
import { RoleBoxes, type RoleItem } from './role-boxes.tsx'
import { useTranslate } from './translate.ts'

/** Something that is or could be shared. */
export interface ShareItem {
  /** `accounts` or a contract's id. */
  readonly what: string
  readonly title: string
  /** What it is, for people who administer. */
  readonly hint?: string
  readonly state: 'none' | 'offered' | 'shared'
  /** Titles of the plugins that would lose what they need. */
  readonly neededBy: readonly string[]
  /** What calls may be allowed besides what everybody may ask; a box each. */
  readonly permissions: readonly { readonly id: string; readonly title: string; readonly held: boolean }[]
}

/** An account of the tenant above that may come in here. */
export interface GuestItem {
  readonly login: string
  readonly name: string
  readonly active: boolean
  readonly roles: readonly string[]
}

/**
 * What passes between a tenant and its satellites. Posts `what` (and `permission`, several) to `/admin/partages/:slug/proposer` and
 * `…/retirer`, `what` to `/admin/partages/accepter` and `…/arreter`, and `login`, `role` (several) to `/admin/partages/invites`.
 */
export interface AdminSharesPageProps {
  /** Satellites directly below. */
  readonly satellites: readonly { readonly slug: string; readonly name: string; readonly shares: readonly ShareItem[] }[]
  /** Of a satellite. */
  readonly above?: { readonly name: string; readonly shares: readonly ShareItem[] }
  /** Only where accounts are shared. */
  readonly guests?: { readonly list: readonly GuestItem[]; readonly roles: readonly RoleItem[]; readonly form?: { readonly login: string; readonly roles: readonly string[]; readonly error: string } }
  readonly canDecide: boolean
}

/** What a tenant shares with its satellites, and a satellite takes from the tenant above. */
export function AdminSharesPage({ satellites, above, guests, canDecide }: AdminSharesPageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('admin.menu.shares')} intro={<p>{t('shares.intro')}</p>} breadcrumb={[{ label: t('admin.title'), href: '/admin' }]}>
      {satellites.length === 0 && above === undefined && <p class="la-empty">{t('shares.nobody')}</p>}
      {above !== undefined && (
        <Section title={t('shares.above', { name: above.name })}>
          {above.shares.length === 0 && <p class="la-empty">{t('shares.above.empty', { name: above.name })}</p>}
          {above.shares.map((share) => (
            <ShareRow key={share.what} share={share}>
              {canDecide && (share.state === 'offered'
                ? <ShareButton action="/admin/partages/accepter" what={share.what} label={t('shares.accept')} subject={share.title} kind="primary" />
                : share.neededBy.length === 0 && <ShareButton action="/admin/partages/arreter" what={share.what} label={t('shares.stop')} subject={share.title} kind="secondary" />)}
            </ShareRow>
          ))}
        </Section>
      )}
      {guests !== undefined && above !== undefined && (
        <Section title={t('guests.title', { name: above.name })}>
          <p>{t('guests.intro', { name: above.name })}</p>
          {guests.list.length === 0 && <p class="la-empty">{t('guests.empty')}</p>}
          {guests.list.map((guest) => (
            <article key={guest.login} class="grant">
              <h3>{guest.name} ({guest.login}) {!guest.active && <Badge kind="neutral">{t('accounts.disabled')}</Badge>}</h3>
              <p>{guest.roles.map((id) => guests.roles.find((role) => role.id === id)?.title ?? id).join(', ')}</p>
              {canDecide && <div class="la-actions"><ActionButton action={`/admin/partages/invites/${encodeURIComponent(guest.login)}/retirer`} label={t('guests.remove')} subject={guest.name} confirm={t('guests.remove.confirm', { name: guest.name })} /></div>}
            </article>
          ))}
          {canDecide && (
            <Section title={t('guests.add')} level={3}>
              {guests.form !== undefined && <Notice kind="error"><p><a href="#field-login">{guests.form.error}</a></p></Notice>}
              <Form action="/admin/partages/invites">
                <TextInput name="login" label={t('guests.login', { name: above.name })} hint={t('guests.login.hint')} value={guests.form?.login ?? ''} {...(guests.form === undefined ? {} : { error: guests.form.error })} />
                <RoleBoxes roles={guests.roles} held={guests.form?.roles ?? ['agent']} />
                <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('save')}</button></div>
              </Form>
            </Section>
          )}
        </Section>
      )}
      {satellites.map(({ slug, name, shares }) => (
        <Section key={slug} title={t('shares.below', { name })}>
          {shares.map((share) => (
            <ShareRow key={share.what} share={share}>
              {canDecide && (share.state === 'none'
                ? (
                  <Form action={`/admin/partages/${slug}/proposer`}>
                    <input type="hidden" name="what" value={share.what} />
                    {share.permissions.map(({ id, title, held }) => (
                      <div key={id} class="la-choice">
                        <input id={`${slug}-${id}`} type="checkbox" name="permission" value={id} checked={held} />
                        <label for={`${slug}-${id}`}>{title}</label>
                      </div>
                    ))}
                    <button type="submit" class="la-button la-button-primary">{t('shares.offer')}<span class="la-hidden-text"> {share.title}</span></button>
                  </Form>
                )
                : share.neededBy.length === 0 && <ShareButton action={`/admin/partages/${slug}/retirer`} what={share.what} label={t('shares.withdraw')} subject={share.title} kind="secondary" />)}
            </ShareRow>
          ))}
        </Section>
      ))}
    </Page>
  )
}

const KINDS = { none: 'neutral', offered: 'warning', shared: 'success' } as const

function ShareRow({ share, children }: { readonly share: ShareItem; readonly children?: JSX.Element | false }): JSX.Element {
  const t = useTranslate()
  return (
    <article class="grant">
      <h3>{share.title} <Badge kind={KINDS[share.state]}>{t(`shares.state.${share.state}`)}</Badge></h3>
      {share.hint !== undefined && <p>{share.hint}</p>}
      {share.neededBy.length > 0 && <p>{t('shares.neededBy', { plugins: share.neededBy.join(', ') })}</p>}
      {children !== undefined && children !== false && <div class="la-actions">{children}</div>}
    </article>
  )
}

function ShareButton({ action, what, label, subject, kind }: { readonly action: string; readonly what: string; readonly label: string; readonly subject: string; readonly kind: 'primary' | 'secondary' }): JSX.Element {
  return (
    <Form action={action}>
      <input type="hidden" name="what" value={what} />
      <button type="submit" class={`la-button la-button-${kind}`}>{label}<span class="la-hidden-text"> {subject}</span></button>
    </Form>
  )
}
