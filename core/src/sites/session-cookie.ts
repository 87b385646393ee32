import { stringifySetCookie } from 'cookie'
import { SESSION_COOKIE } from '../identity/session-cookie.ts'
import type { SiteServices } from './site-services.ts'

/** The cookie that carries a session. @param maxAge - seconds; 0 takes it away */
export function sessionCookie({ secureCookies }: Pick<SiteServices, 'secureCookies'>, value: string, maxAge: number): string {
  return stringifySetCookie({ name: SESSION_COOKIE, value, maxAge, path: '/', httpOnly: true, sameSite: 'lax', secure: secureCookies })
}
