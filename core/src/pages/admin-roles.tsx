import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { EmptyState, Form, Page } from '@liberacces/sdk/ui'
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
}

/** A table of roles and permissions for each plugin. */
export function AdminRolesPage({ roles, plugins, grants, fixed }: AdminRolesPageProps): JSX.Element {
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
    </Page>
  )
}
