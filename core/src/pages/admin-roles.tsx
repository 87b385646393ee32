import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ActionButton, EmptyState, Form, Notice, Page, Section, TextInput } from '@liberacces/sdk/ui'
import type { RoleItem } from './role-boxes.tsx'
import { useTranslate } from './translate.ts'

/** The permissions of one plugin. */
export interface PluginPermissions {
  readonly id: string
  readonly title: string
  /** `id` is the full name, `<plugin id>/<permission>`. */
  readonly permissions: readonly { readonly id: string; readonly title: string }[]
}

/** Which role holds which permission. Posts to `/admin/roles`: `shown` (several), the permissions that stood there, and `grant` (several, `<role>|<permission>`). What was shown and is not granted is taken away. */
export interface AdminRolesPageProps {
  readonly roles: readonly RoleItem[]
  readonly plugins: readonly PluginPermissions[]
  /** `<role>|<permission>` of each permission held. */
  readonly grants: readonly string[]
  /** `<role>|<permission>` of each box that nobody can change. */
  readonly fixed: readonly string[]
  /** Roles that the administrator made: `/admin/roles/:id/renommer` (`title`), `…/supprimer`. */
  readonly own: readonly RoleItem[]
  /** The form of a new role as it came back; it posts `id`, `title` to `/admin/roles/nouveau`. */
  readonly form?: { readonly values: { readonly id: string; readonly title: string }; readonly errors: Readonly<Record<string, string>> }
}

/** A table of roles and permissions for each plugin. */
export function AdminRolesPage({ roles, plugins, grants, fixed, own, form }: AdminRolesPageProps): JSX.Element {
  const t = useTranslate()
  const held = new Set(grants)
  const settled = new Set(fixed)
  return (
    <Page title={t('admin.menu.roles')} intro={<p>{t('roles.intro')}</p>} breadcrumb={[{ label: t('admin.title'), href: '/admin' }]}>
      {plugins.length === 0
        ? <EmptyState title={t('roles.empty')} />
        : (
          <Form action="/admin/roles">
            {plugins.map((plugin) => (
              <div key={plugin.id} class="la-table-frame" role="region" aria-label={plugin.title} tabIndex={0}>
                <table class="la-table role-matrix">
                  <caption>{plugin.title}</caption>
                  <thead>
                    <tr>
                      <th scope="col">{t('roles.permission')}</th>
                      {roles.map((role) => <th key={role.id} scope="col" class="role-matrix-role">{role.title}</th>)}
                    </tr>
                  </thead>
                  <tbody>
                    {plugin.permissions.map((permission) => (
                      <tr key={permission.id}>
                        <th scope="row">{permission.title}<input type="hidden" name="shown" value={permission.id} /></th>
                        {roles.map((role) => {
                          const grant = `${role.id}|${permission.id}`
                          return (
                            <td key={role.id} class="role-matrix-cell">
                              <label>
                                <input type="checkbox" name="grant" value={grant} checked={held.has(grant)} disabled={settled.has(grant)} />
                                <span class="la-hidden-text">{t('roles.grant', { role: role.title, permission: permission.title })}</span>
                              </label>
                            </td>
                          )
                        })}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            ))}
            <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('roles.save')}</button></div>
          </Form>
        )}
      {own.length > 0 && (
        <Section title={t('roles.own')}>
          {own.map(({ id, title }) => (
            <article key={id} class="grant">
              <h3>{title} <code>{id}</code></h3>
              <Form action={`/admin/roles/${id}/renommer`}>
                <div class="la-field">
                  <label for={`title-${id}`}>{t('roles.title')}<span class="la-hidden-text"> {title}</span></label>
                  <input id={`title-${id}`} type="text" name="title" value={title} required maxLength={100} />
                </div>
                <button type="submit" class="la-button la-button-secondary">{t('roles.rename')}<span class="la-hidden-text"> {title}</span></button>
              </Form>
              <div class="la-actions"><ActionButton action={`/admin/roles/${id}/supprimer`} kind="danger" label={t('roles.delete')} subject={title} confirm={t('roles.delete.confirm', { title })} /></div>
            </article>
          ))}
        </Section>
      )}
      <Section title={t('roles.new')}>
        {form !== undefined && <Notice kind="error" title={t('roles.invalid')}><ul>{Object.entries(form.errors).map(([name, text]) => <li key={name}><a href={`#field-${name}`}>{text}</a></li>)}</ul></Notice>}
        <Form action="/admin/roles/nouveau">
          <TextInput name="title" label={t('roles.title')} value={form?.values.title ?? ''} {...(form?.errors['title'] === undefined ? {} : { error: form.errors['title'] })} />
          <TextInput name="id" label={t('roles.id')} hint={t('roles.id.hint')} value={form?.values.id ?? ''} {...(form?.errors['id'] === undefined ? {} : { error: form.errors['id'] })} />
          <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('roles.create')}</button></div>
        </Form>
      </Section>
    </Page>
  )
}
