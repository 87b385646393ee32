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
 * second agent looks after communication where a plugin knows such a role.
 * @param roles - those that exist on the tenant
 */
export function planDemoAccounts({ info: { slug, kind } }: Tenant, roles: readonly Pick<Role, 'id' | 'origin'>[]): readonly PlannedAccount[] {
  const communication = roles.find(({ id, origin }) => origin === 'plugin' && id.split('.').includes('communication'))?.id
  const posts = kind === 'pool'
    ? [['pool-admin']]
    : [['tenant-admin'], ['agent'], communication === undefined ? ['agent'] : ['agent', communication], ['citizen']]
  const people = demoPeople(slug, posts.length)
  return posts.flatMap((held, index) => {
    const person = people[index]
    return person === undefined ? [] : [{ tenant: slug, ...person, role: held.at(-1) ?? 'citizen', roles: held }]
  })
}
