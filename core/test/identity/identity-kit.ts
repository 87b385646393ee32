import { createAudit } from '../../src/audit/audit.ts'
import { createAccounts, type Account } from '../../src/identity/accounts.ts'
import { createApiTokens } from '../../src/identity/api-tokens.ts'
import { createCsrf } from '../../src/identity/csrf.ts'
import type { Permission } from '../../src/identity/kernel-permissions.ts'
import { createLogin } from '../../src/identity/login.ts'
import { createLoginThrottle } from '../../src/identity/login-throttle.ts'
import { createPasswords, type Passwords } from '../../src/identity/passwords.ts'
import { createPrincipals } from '../../src/identity/principals.ts'
import { createRoles } from '../../src/identity/roles.ts'
import { createSessions } from '../../src/identity/sessions.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { createCommunes } from '../../src/tenancy/communes.ts'
import type { Tenant } from '../../src/tenancy/tenant.ts'
import { createTenants } from '../../src/tenancy/tenants.ts'
import { runStorage } from '../storage/run-storage.ts'
import { FakeOutside } from '../storage/temporary-storage.ts'

export const BY = { kind: 'operator', id: 'operator', name: 'Opérateur' } as const
export const PASSWORD = 'quatre chevaux bleus'
export const IP = '192.0.2.7'

/** The permissions of an example plugin. */
export const NOTES_READ = 'fr.example.notes/note.read'
export const NOTES_WRITE = 'fr.example.notes/note.write'
export const DECLARED: readonly Permission[] = [
  { permission: NOTES_READ, title: { fr: 'Lire les notes' }, roles: ['agent', 'tenant-admin'] },
  { permission: NOTES_WRITE, title: { fr: 'Écrire des notes' }, roles: ['agent.notes'] },
]

/** Argon2id for real, with what was asked of it. */
function countedPasswords(passwords: Passwords): Passwords & { readonly checked: (string | undefined)[] } {
  const checked: (string | undefined)[] = []
  return {
    hash: (password) => passwords.hash(password),
    matches: (hashed, password) => {
      checked.push(hashed)
      return passwords.matches(hashed, password)
    },
    isOutdated: (hashed) => passwords.isOutdated(hashed),
    get isFull() { return passwords.isFull },
    checked,
  }
}

/** All of identity on a real database, with the Pool and two communes. */
export async function identityOn(options: { readonly storage?: Storage; readonly outside?: FakeOutside; readonly declared?: (tenantId: string) => readonly Permission[] } = {}) {
  const outside = options.outside ?? new FakeOutside()
  const storage = options.storage ?? await runStorage({ outside })
  const audit = createAudit({ storage, outside })
  const tenants = await createTenants({ storage, outside, audit, communes: createCommunes(), baseDomain: 'localhost' })
  if (tenants.pool() === undefined) {
    await tenants.create({ kind: 'pool', name: 'Pool' }, BY)
    await tenants.create({ kind: 'commune', name: 'Aytré' }, BY)
    await tenants.create({ kind: 'commune', name: 'Nieul' }, BY)
  }
  const [pool, aytre, nieul] = ['pool', 'aytre', 'nieul'].map((slug) => tenants.bySlug(slug) as Tenant) as [Tenant, Tenant, Tenant]
  const roles = createRoles({ storage, audit, declared: options.declared ?? (() => DECLARED), isPool: (id) => tenants.pool()?.id === id })
  const csrf = createCsrf({ key: new Uint8Array(32).fill(1) })
  const sessions = createSessions({ storage, outside, roles, csrf })
  const apiTokens = createApiTokens({ storage, outside, audit, roles })
  const passwords = countedPasswords(createPasswords({ outside }))
  const accounts = createAccounts({ storage, outside, audit, passwords, roles, sessions, apiTokens })
  const throttle = createLoginThrottle({ storage, outside, key: new Uint8Array(32).fill(2) })
  const door = createLogin({ storage, outside, audit, passwords, sessions, throttle })
  const make = (tenant: Tenant, name: string, ...held: readonly string[]): Promise<Account> =>
    accounts.create(tenant.id, { login: name, name, password: PASSWORD, roles: held }, BY)
  return { outside, storage, audit, tenants, pool, aytre, nieul, roles, principals: createPrincipals({ roles }), csrf, sessions, apiTokens, passwords, accounts, throttle, login: door.login.bind(door), logout: door.logout.bind(door), make }
}

/** The code of what a call throws. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'done'
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}
