import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Form, Notice } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** The login page. Posts `login`, `password` and `next` to `/auth/login`. */
export interface LoginPageProps {
  readonly tenantName: string
  /** What was typed before. */
  readonly login?: string
  /** Where to go on to, a path on this host. */
  readonly next: string
  readonly problem?:
    | { readonly kind: 'failed' }
    /** Too many failures; `waitSeconds` until the next try counts. */
    | { readonly kind: 'throttled'; readonly waitSeconds: number }
    /** The page that was asked for needs a login. */
    | { readonly kind: 'required' }
}

/** The login form. */
export function LoginPage({ tenantName, login = '', next, problem }: LoginPageProps): JSX.Element {
  const t = useTranslate()
  const failed = problem?.kind === 'failed'
  const invalid = failed ? { 'aria-invalid': 'true' as const, 'aria-describedby': 'login-problem' } : {}
  return (
    <div class="la-page login">
      <h1>{t('login.title')}</h1>
      <p class="la-intro">{t('login.intro', { name: tenantName })}</p>
      <div id="login-problem">
        {failed && <Notice kind="error" title={t('login.failed')}><p>{t('login.failed.advice')}</p></Notice>}
        {problem?.kind === 'throttled' && <Notice kind="error" title={t('login.throttled')}><p>{t('login.throttled.advice', { minutes: Math.max(1, Math.ceil(problem.waitSeconds / 60)) })}</p></Notice>}
        {problem?.kind === 'required' && <Notice kind="info"><p>{t('login.required')}</p></Notice>}
      </div>
      <Form action="/auth/login">
        <input type="hidden" name="next" value={next} />
        <div class="la-field">
          <label for="login">{t('login.login')}</label>
          <input id="login" type="text" name="login" value={login} autoComplete="username" autoCapitalize="none" spellcheck={false} required {...invalid} />
        </div>
        <div class="la-field">
          <label for="password">{t('login.password')}</label>
          <input id="password" type="password" name="password" autoComplete="current-password" required {...invalid} />
        </div>
        <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('login.submit')}</button></div>
      </Form>
      <p class="la-hint">{t('login.help')}</p>
    </div>
  )
}
