import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { useTranslate } from './translate.ts'

/** A role that people can have. */
export interface RoleItem {
  readonly id: string
  readonly title: string
}

/** A box for each role; the field is `role`, several times. */
export function RoleBoxes({ roles, held }: { readonly roles: readonly RoleItem[]; readonly held: readonly string[] }): JSX.Element {
  const t = useTranslate()
  return (
    <fieldset class="la-field la-fieldset">
      <legend>{t('accounts.roles')}</legend>
      {roles.map(({ id, title }) => (
        <div key={id} class="la-choice">
          <input id={`role-${id}`} type="checkbox" name="role" value={id} checked={held.includes(id)} />
          <label for={`role-${id}`}>{title}</label>
        </div>
      ))}
    </fieldset>
  )
}
