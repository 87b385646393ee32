import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Form, Notice, Page, Section, TextInput } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** The tenant's own settings, as its form shows them. */
export interface TenantSettingsValues {
  /** `#rrggbb`. */
  readonly accent: string
  /** Markdown; may be empty. */
  readonly welcome: string
  /** Email address; may be empty. */
  readonly contact: string
}

/** The tenant's own settings, and links to those of its plugins. Posts `accent`, `welcome`, `contact` to `/admin/reglages`. */
export interface AdminSettingsPageProps {
  readonly values: TenantSettingsValues
  readonly errors?: Readonly<Partial<Record<keyof TenantSettingsValues, string>>>
  /** Active plugins that have settings. */
  readonly plugins: readonly { readonly id: string; readonly title: string }[]
}

/** Settings of the tenant. */
export function AdminSettingsPage({ values, errors = {}, plugins }: AdminSettingsPageProps): JSX.Element {
  const t = useTranslate()
  const described = (hint: string, error: string | undefined, id: string) => error === undefined ? { 'aria-describedby': hint } : { 'aria-describedby': `${hint} ${id}`, 'aria-invalid': 'true' as const }
  return (
    <Page title={t('admin.menu.settings')} breadcrumb={[{ label: t('admin.title'), href: '/admin' }]}>
      {Object.keys(errors).length > 0 && (
        <Notice kind="error" title={t('settings.invalid')}>
          <ul>{Object.entries(errors).map(([name, text]) => <li key={name}><a href={`#field-${name}`}>{text}</a></li>)}</ul>
        </Notice>
      )}
      <Section title={t('settings.tenant')}>
        <Form action="/admin/reglages">
          <div class="la-field">
            <label for="field-accent">{t('settings.accent')}</label>
            <p class="la-hint" id="accent-hint">{t('settings.accent.hint')}</p>
            {errors.accent !== undefined && <p class="la-error" id="accent-error">{errors.accent}</p>}
            <input id="field-accent" type="color" name="accent" value={values.accent} {...described('accent-hint', errors.accent, 'accent-error')} />
          </div>
          <div class="la-field">
            <label for="field-welcome">{t('settings.welcome')}</label>
            <p class="la-hint" id="welcome-hint">{t('settings.welcome.hint')}</p>
            {errors.welcome !== undefined && <p class="la-error" id="welcome-error">{errors.welcome}</p>}
            <textarea id="field-welcome" name="welcome" rows={6} value={values.welcome} {...described('welcome-hint', errors.welcome, 'welcome-error')} />
          </div>
          <TextInput name="contact" type="email" label={t('settings.contact')} hint={t('settings.contact.hint')} value={values.contact} {...(errors.contact === undefined ? {} : { error: errors.contact })} />
          <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('save')}</button></div>
        </Form>
      </Section>
      <Section title={t('settings.plugins')}>
        {plugins.length === 0
          ? <p>{t('settings.plugins.empty')}</p>
          : <ul class="link-list">{plugins.map(({ id, title }) => <li key={id}><a href={`/admin/modules/${id}/reglages`}>{title}</a></li>)}</ul>}
      </Section>
    </Page>
  )
}
