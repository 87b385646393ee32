import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { effectivePermissions, type Decisions } from '../../src/identity/effective-permissions.ts'
import { ACCOUNTS_MANAGE, KERNEL_PERMISSIONS, TENANTS_MANAGE, type Permission } from '../../src/identity/kernel-permissions.ts'
import { BY, codeOf, DECLARED, identityOn, NOTES_READ, NOTES_WRITE } from './identity-kit.ts'

const KERNEL = (name: string): string => `fr.liberacces.kernel/${name}`

describe('laws', () => {
  const role = fc.constantFrom('citizen', 'agent', 'tenant-admin', 'pool-admin', 'agent.notes', 'custom')
  const roles = fc.array(role, { maxLength: 5 })
  const name = fc.constantFrom<string[]>('a/1', 'a/2', 'b/1', 'b/2', TENANTS_MANAGE)
  const available = fc.uniqueArray(fc.record({ permission: name, title: fc.constant({ fr: 'x' }), roles: fc.array(role, { maxLength: 3 }) }), { selector: ({ permission }) => permission })
  const decisions: fc.Arbitrary<Decisions> = fc.array(fc.tuple(role, fc.array(fc.tuple(name, fc.boolean()))))
    .map((entries) => new Map(entries.map(([each, decided]) => [each, new Map(decided)])))
  const world = [available, decisions, fc.boolean()] as const

  test('[I14] what several roles may do is what each may do, put together, in any order', () => {
    fc.assert(fc.property(...world, roles, roles, (permissions, decided, isPool, one, other) => {
      const of = (held: readonly string[]) => effectivePermissions(permissions, held, decided, isPool)
      expect(of([...one, ...other])).toEqual(of(one).union(of(other)))
      expect(of([...one].reverse())).toEqual(of(one))
      expect(of([...one, ...one])).toEqual(of(one))
    }))
  })

  test('[I14] nobody holds what does not exist, no role holds nothing, and a decision is followed except for the Pool\'s own permission', () => {
    fc.assert(fc.property(...world, role, (permissions, decided, isPool, one) => {
      const held = effectivePermissions(permissions, [one], decided, isPool)
      const names = new Set(permissions.map(({ permission }) => permission))
      expect(held.isSubsetOf(names)).toBe(true)
      expect(effectivePermissions(permissions, [], decided, isPool).size).toBe(0)
      const exists = one !== 'pool-admin' || isPool
      const ignored = [...decided.get(one) ?? []].filter(([permission, granted]) => names.has(permission) && permission !== TENANTS_MANAGE && held.has(permission) !== (granted && exists))
      expect(ignored).toEqual([])
      expect(exists || held.size === 0).toBe(true)
      expect(held.has(TENANTS_MANAGE) && one !== 'pool-admin').toBe(false)
    }))
  })
})

describe('roles of a tenant', () => {
  test('[I15] each built-in role holds its part of the kernel, and the Pool\'s administrator exists on the Pool alone', async () => {
    const { roles, aytre, pool } = await identityOn({ declared: () => [] })
    const held = async (tenantId: string, role: string) => [...await roles.permissionsOf(tenantId, [role])].map((name) => name.split('/')[1])
    const admin = ['bureau.open', 'accounts.manage', 'modules.manage', 'settings.manage', 'audit.read', 'events.manage']
    expect([await held(aytre.id, 'citizen'), await held(aytre.id, 'agent'), await held(aytre.id, 'tenant-admin'), await held(aytre.id, 'pool-admin'), await held(aytre.id, 'nobody')])
      .toEqual([[], ['bureau.open'], admin, [], []])
    expect(await held(pool.id, 'pool-admin')).toEqual([...admin, 'tenants.manage'])
    expect((await roles.list(aytre.id)).map(({ id }) => id)).toEqual(['citizen', 'agent', 'tenant-admin'])
    expect((await roles.list(pool.id)).map(({ id }) => id)).toEqual(['citizen', 'agent', 'tenant-admin', 'pool-admin'])
    expect(roles.available(aytre.id)).toHaveLength(KERNEL_PERMISSIONS.length - 1)
  })

  test('[I15] what the roles of a commune are called gives nothing of the Pool\'s', async () => {
    const { roles, aytre, pool } = await identityOn()
    for (const [there, here] of [[['pool-admin'], ['pool', 'pool-admin']], [['tenant-admin'], ['pool', 'tenant-admin']]] as const) {
      const ofPool = await roles.permissionsOf(pool.id, there)
      const held = await roles.permissionsOf(aytre.id, here)
      expect([held === ofPool, [...held].some((permission) => permission.endsWith('/tenants.manage'))]).toEqual([false, false])
    }
  })

  test('[I15] plugins give by default what they declare, as long as they are active', async () => {
    let declared: readonly Permission[] = DECLARED
    const { roles, aytre, pool } = await identityOn({ declared: () => declared })
    const holds = async (tenantId: string, role: string, permission: string) => (await roles.permissionsOf(tenantId, [role])).has(permission)
    expect([await holds(aytre.id, 'agent', NOTES_READ), await holds(aytre.id, 'agent', NOTES_WRITE), await holds(aytre.id, 'tenant-admin', NOTES_WRITE), await holds(pool.id, 'pool-admin', NOTES_READ)])
      .toEqual([true, false, false, true])
    expect((await roles.list(aytre.id)).at(-1)).toEqual({ id: 'agent.notes', title: { fr: 'agent.notes' }, origin: 'plugin' })
    declared = []
    expect(await holds(aytre.id, 'agent', NOTES_READ)).toBe(false)
    expect((await roles.list(aytre.id)).map(({ id }) => id)).not.toContain('agent.notes')
  })

  test('[I16] a decision holds at once, on its tenant alone, is audited, and taken back leaves nothing behind', async () => {
    const { roles, storage, audit, sessions, make, aytre, nieul } = await identityOn()
    const { id } = await make(aytre, 'anne', 'agent')
    const { token } = await sessions.open(aytre.id, id)
    const may = async () => (await sessions.resolve(token, aytre))?.permissions.has(NOTES_WRITE)
    const rows = () => storage.platform.selectFrom('role_permission').selectAll().execute()
    expect(await may()).toBe(false)
    const before = (await audit.list(aytre.id, { limit: 100 })).length
    await roles.decide(aytre.id, [{ role: 'agent', permission: NOTES_WRITE, granted: true }, { role: 'agent', permission: NOTES_READ, granted: true }], BY)
    expect(await may()).toBe(true)
    expect((await roles.permissionsOf(nieul.id, ['agent'])).has(NOTES_WRITE)).toBe(false)
    expect(await rows()).toEqual([{ tenant_id: aytre.id, role: 'agent', permission: NOTES_WRITE, granted: 1 }])
    await roles.decide(aytre.id, [{ role: 'agent', permission: NOTES_WRITE, granted: false }], BY)
    expect([await may(), await rows()]).toEqual([false, []])
    const lines = await audit.list(aytre.id, { limit: 100 })
    expect(lines.slice(0, lines.length - before).map(({ action, target, detail }) => [action, target, detail?.['permission']]))
      .toEqual([['permission.taken', 'agent', NOTES_WRITE], ['permission.granted', 'agent', NOTES_WRITE]])
  })

  test('[I16] decisions are all taken or none', async () => {
    const { roles, storage, aytre } = await identityOn()
    const good = { role: 'agent', permission: NOTES_WRITE, granted: true }
    expect(await codeOf(roles.decide(aytre.id, [good, { ...good, role: 'nobody' }], BY))).toBe('ROLE_UNKNOWN')
    expect(await codeOf(roles.decide(aytre.id, [good, { ...good, permission: 'fr.example.notes/nothing' }], BY))).toBe('PERMISSION_UNKNOWN')
    expect(await storage.platform.selectFrom('role_permission').selectAll().execute()).toEqual([])
  })

  test('[I15] nobody can hand out the Pool\'s own permission, or take accounts from administrators', async () => {
    const { roles, aytre, pool } = await identityOn()
    expect(await codeOf(roles.decide(pool.id, [{ role: 'tenant-admin', permission: TENANTS_MANAGE, granted: true }], BY))).toBe('PERMISSION_DENIED')
    expect(await codeOf(roles.decide(aytre.id, [{ role: 'agent', permission: TENANTS_MANAGE, granted: true }], BY))).toBe('PERMISSION_UNKNOWN')
    expect(await codeOf(roles.decide(aytre.id, [{ role: 'tenant-admin', permission: ACCOUNTS_MANAGE, granted: false }], BY))).toBe('PERMISSION_DENIED')
    expect(await codeOf(roles.decide(aytre.id, [{ role: 'tenant-admin', permission: KERNEL('events.manage'), granted: false }], BY))).toBe('done')
  })

  test('[I16] an administrator makes roles and deletes them, with what they held', async () => {
    const { roles, accounts, make, storage, aytre } = await identityOn()
    await roles.create(aytre.id, { id: 'elu.culture', title: 'Élue à la culture' }, BY)
    await roles.decide(aytre.id, [{ role: 'elu.culture', permission: NOTES_READ, granted: true }], BY)
    const { id } = await make(aytre, 'anne', 'elu.culture')
    expect((await roles.list(aytre.id)).at(-1)).toEqual({ id: 'elu.culture', title: { fr: 'Élue à la culture' }, origin: 'custom' })
    expect(await codeOf(roles.create(aytre.id, { id: 'elu.culture', title: 'Encore' }, BY))).toBe('ROLE_INVALID')
    for (const bad of ['agent', 'pool-admin', 'Agent', 'a b', '', '.a', 'a..b']) expect(await codeOf(roles.create(aytre.id, { id: bad, title: 'x' }, BY))).toBe('ROLE_INVALID')
    await expect(roles.delete(aytre.id, 'agent', BY)).rejects.toMatchObject({ code: 'ROLE_UNKNOWN', message: expect.stringContaining('built in') as string })
    await expect(roles.rename(aytre.id, 'nobody', 'x', BY)).rejects.toMatchObject({ code: 'ROLE_UNKNOWN', message: 'There is no role "nobody" here.' })
    await roles.delete(aytre.id, 'elu.culture', BY)
    expect((await accounts.get(aytre.id, id))?.roles).toEqual([])
    expect(await storage.platform.selectFrom('role_permission').selectAll().execute()).toEqual([])
  })

  test('[I20] a visitor holds nothing, the platform itself everything that exists on the tenant', async () => {
    const { principals, roles, aytre, pool } = await identityOn()
    expect(principals.anonymous(aytre)).toMatchObject({ kind: 'anonymous', id: 'anonymous', roles: [], permissions: new Set(), via: 'none', csrfToken: '' })
    expect([...principals.system(aytre).permissions]).toEqual(roles.available(aytre.id).map(({ permission }) => permission))
    expect([principals.system(aytre).permissions.has(TENANTS_MANAGE), principals.system(pool).permissions.has(TENANTS_MANAGE)]).toEqual([false, true])
    expect([principals.anonymous(aytre), principals.system(aytre)].every(Object.isFrozen)).toBe(true)
  })
})
