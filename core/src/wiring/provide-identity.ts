import type { Container } from '../container.ts'
import { createFindEntrant } from '../delegation/find-entrant.ts'
import { createAccounts } from '../identity/accounts.ts'
import { createApiTokens } from '../identity/api-tokens.ts'
import { createCsrf } from '../identity/csrf.ts'
import { createLoginThrottle } from '../identity/login-throttle.ts'
import { createLogin } from '../identity/login.ts'
import { createOwnPassword } from '../identity/own-password.ts'
import { createPasswords } from '../identity/passwords.ts'
import { createPrincipals } from '../identity/principals.ts'
import { createRoles } from '../identity/roles.ts'
import { deriveKey } from '../identity/server-secret.ts'
import { createSessions } from '../identity/sessions.ts'
import type { Base } from './base.ts'
import { currentModules } from './current-modules.ts'
import { ACCOUNTS, ADMINISTRATORS, API_TOKENS, AUDIT, CSRF, LOGIN, LOGIN_THROTTLE, OWN_PASSWORD, PASSWORDS, PRINCIPALS, ROLES, SESSIONS, SHARES, TENANTS } from './tokens.ts'

/** Who people are, and what they may do. */
export function provideIdentity(services: Container, { storage, outside, log, secret }: Base): void {
  const modules = currentModules(services)
  services
    .provide(ROLES, (from) => createRoles({
      storage, audit: from.get(AUDIT),
      declared: (tenantId) => modules(tenantId).permissions,
      titles: (tenantId) => modules(tenantId).roleTitles,
      isPool: (tenantId) => from.get(TENANTS).byId(tenantId)?.info.kind === 'pool',
    }))
    .provide(PRINCIPALS, (from) => createPrincipals({ roles: from.get(ROLES) }))
    .provide(PASSWORDS, () => createPasswords({ outside }))
    .provide(CSRF, () => createCsrf({ key: deriveKey(secret, 'csrf') }))
    .provide(SESSIONS, (from) => createSessions({
      storage, outside, roles: from.get(ROLES), csrf: from.get(CSRF), log, implied: from.get(ADMINISTRATORS).implied,
      entrant: createFindEntrant({ storage, outside, tree: from.get(TENANTS), shares: () => from.get(SHARES) }),
    }))
    .provide(API_TOKENS, (from) => createApiTokens({ storage, outside, audit: from.get(AUDIT), roles: from.get(ROLES), implied: from.get(ADMINISTRATORS).implied }))
    .provide(ACCOUNTS, (from) => createAccounts({
      storage, outside, audit: from.get(AUDIT), passwords: from.get(PASSWORDS), roles: from.get(ROLES), sessions: from.get(SESSIONS), apiTokens: from.get(API_TOKENS),
      watch: (tenantId, by, write) => from.get(ADMINISTRATORS).watch(tenantId, by, write),
    }))
    .provide(LOGIN_THROTTLE, () => createLoginThrottle({ storage, outside, key: deriveKey(secret, 'login throttle') }))
    .provide(LOGIN, (from) => createLogin({
      storage, outside, audit: from.get(AUDIT), passwords: from.get(PASSWORDS), sessions: from.get(SESSIONS),
      throttle: from.get(LOGIN_THROTTLE), accountsFrom: (tenantId) => from.get(SHARES).accountsFrom(tenantId),
    }))
    .provide(OWN_PASSWORD, (from) => createOwnPassword({
      storage, audit: from.get(AUDIT), passwords: from.get(PASSWORDS), accounts: from.get(ACCOUNTS), sessions: from.get(SESSIONS), throttle: from.get(LOGIN_THROTTLE),
    }))
}
