import type { Role } from '../identity/roles.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { demoPeople } from './demo-people.ts'

/** An account of the demonstration, as `demo-accounts.json` lists it. */
export interface DemoAccount {
  /** Slug. */
  readonly tenant: string
  readonly url: string
  readonly login: string
  readonly password: string
  /** The most telling of its roles. */
  readonly role: string
  /** All of them. */
  readonly roles: readonly string[]
  readonly name: string
}

/** An account before it has a password. */
export type PlannedAccount = Omit<DemoAccount, 'password' | 'url'>

/**
 * Who can log in at a tenant: on the Pool its administrator, elsewhere the secrétaire général, two agents and a citizen. The
 * first agent looks after childhood and its money, the second after communication, where plugins know such roles.
 * @param roles - those that exist on the tenant
 */
export function planDemoAccounts({ info: { slug, kind } }: Tenant, roles: readonly Pick<Role, 'id' | 'origin'>[]): readonly PlannedAccount[] {
  const known = (...names: readonly string[]): readonly string[] => names.flatMap((name) => roles.find(({ id, origin }) => origin === 'plugin' && id.split('.').includes(name))?.id ?? [])
  const posts = kind === 'pool'
    ? [{ role: 'pool-admin', more: [] }]
    : [{ role: 'tenant-admin', more: [] }, { role: 'agent', more: known('enfance', 'regie') }, { role: known('communication')[0] ?? 'agent', more: ['agent'] }, { role: 'citizen', more: [] }]
  const people = demoPeople(slug, posts.length)
  return posts.flatMap(({ role, more }, index) => {
    const person = people[index]
    return person === undefined ? [] : [{ tenant: slug, ...person, role, roles: role === 'agent' || more.length === 0 ? [role, ...more.filter((other) => other !== role)] : [...more, role] }]
  })
}
