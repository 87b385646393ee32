import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Notice } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** A password that the platform made up; shown this once. */
export interface IssuedPassword {
  readonly login: string
  readonly password: string
}

/** Shows a new password to the administrator who hands it over. */
export function IssuedPasswordNotice({ login, password }: IssuedPassword): JSX.Element {
  const t = useTranslate()
  return (
    <Notice kind="success" title={t('accounts.issued', { login })}>
      <p><code class="secret">{password}</code></p>
      <p>{t('accounts.issued.advice')}</p>
    </Notice>
  )
}
