import { describe, expect, test } from 'vitest'
import type { AuditActor } from '../../src/audit/audit.ts'
import { BY, codeOf, identityOn, PASSWORD } from './identity-kit.ts'

describe('accounts', () => {
  test('[I21] an account of another tenant does not exist, whatever is asked of it', async () => {
    const { make, accounts, aytre, nieul } = await identityOn()
    const { id } = await make(aytre, 'anne')
    const calls = [
      accounts.disable(nieul.id, id, BY), accounts.enable(nieul.id, id, BY), accounts.setPassword(nieul.id, id, PASSWORD, BY),
      accounts.setRoles(nieul.id, id, ['tenant-admin'], BY), accounts.updateProfile(nieul.id, id, { name: 'X' }, BY),
    ]
    expect(await Promise.all(calls.map(codeOf))).toEqual(Array.from({ length: 5 }, () => 'ACCOUNT_UNKNOWN'))
    expect([await accounts.get(nieul.id, id), await accounts.findByLogin(nieul.id, 'anne'), (await accounts.list(nieul.id)).total]).toEqual([undefined, undefined, 0])
    expect(await accounts.get(aytre.id, id)).toMatchObject({ name: 'anne', status: 'active', roles: [] })
  })

  test('[I21] a login is unique on its tenant, and free on another', async () => {
    const { make, accounts, aytre, nieul } = await identityOn()
    await make(aytre, 'anne')
    expect(await codeOf(accounts.create(aytre.id, { login: ' ANNE', name: 'Anne', password: PASSWORD }, BY))).toBe('ACCOUNT_EXISTS')
    expect(await codeOf(make(nieul, 'anne'))).toBe('done')
  })

  test('[I21] a description is refused with every field that is wrong, and without the password', async () => {
    const { accounts, aytre } = await identityOn()
    const refused = await accounts.create(aytre.id, { login: 'é', name: '', email: 'x@', password: 'court' }, BY).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'ACCOUNT_INVALID' })
    expect(Object.keys((refused as { fields: object }).fields).sort()).toEqual(['email', 'login', 'name', 'password'])
    expect(JSON.stringify(refused) + String(refused)).not.toContain('court')
  })

  test('[I21] accounts are found by a part of their name, login or email, taken literally', async () => {
    const { accounts, aytre } = await identityOn()
    for (const [login, name, email] of [['anne', 'Anne Dupont', 'anne@ville.example'], ['b_rt', 'Bert 100%', undefined], ['clara', 'Clara', undefined]] as const) {
      await accounts.create(aytre.id, { login, name, password: PASSWORD, roles: ['agent'], ...(email === undefined ? {} : { email }) }, BY)
    }
    const search = async (text: string) => (await accounts.list(aytre.id, { search: text })).accounts.map(({ login }) => login)
    expect([await search('DUPONT'), await search('ville.ex'), await search('%'), await search('_'), await search('\\'), await search(' ')])
      .toEqual([['anne'], ['anne'], ['b_rt'], ['b_rt'], [], ['anne', 'b_rt', 'clara']])
    expect(await accounts.list(aytre.id, { limit: 1, offset: 1 })).toMatchObject({ total: 3, accounts: [{ login: 'b_rt', roles: ['agent'] }] })
  })

  test('[I21] a profile changes field by field; an empty email takes it away', async () => {
    const { make, accounts, aytre } = await identityOn()
    const { id } = await make(aytre, 'anne')
    await accounts.updateProfile(aytre.id, id, { email: 'anne@ville.example' }, BY)
    await accounts.updateProfile(aytre.id, id, { name: 'Anne Dupont' }, BY)
    expect(await accounts.get(aytre.id, id)).toMatchObject({ name: 'Anne Dupont', email: 'anne@ville.example' })
    await accounts.updateProfile(aytre.id, id, { email: '' }, BY)
    expect((await accounts.get(aytre.id, id))?.email).toBeUndefined()
    expect(await codeOf(accounts.updateProfile(aytre.id, id, { email: 'x' }, BY))).toBe('ACCOUNT_INVALID')
  })

  test('[I15] roles hold from the next request on, and only roles that exist can be held', async () => {
    const { make, accounts, sessions, aytre } = await identityOn()
    const { id } = await make(aytre, 'anne')
    const { token } = await sessions.open(aytre.id, id)
    await accounts.setRoles(aytre.id, id, ['agent', 'citizen', 'agent'], BY)
    expect((await sessions.resolve(token, aytre))?.roles.toSorted()).toEqual(['agent', 'citizen'])
    expect([await codeOf(accounts.setRoles(aytre.id, id, ['pool-admin'], BY)), await codeOf(accounts.setRoles(aytre.id, id, ['x'], BY))]).toEqual(['ROLE_UNKNOWN', 'ROLE_UNKNOWN'])
    expect((await accounts.get(aytre.id, id))?.roles).toEqual(['agent', 'citizen'])
  })

  test('[I22] only an administrator of the Pool makes one, changes one or unmakes one', async () => {
    const { make, accounts, pool } = await identityOn()
    const chief = await make(pool, 'chief', 'pool-admin')
    const deputy = await make(pool, 'deputy', 'tenant-admin')
    const as = ({ id, name }: { id: string; name: string }): AuditActor => ({ kind: 'account', id, name })
    const attempts = (by: AuditActor) => [
      () => accounts.setRoles(pool.id, deputy.id, ['pool-admin'], by),
      () => accounts.create(pool.id, { login: `new-${by.id}`, name: 'N', password: PASSWORD, roles: ['pool-admin'] }, by),
      () => accounts.setPassword(pool.id, chief.id, 'mot de passe volé', by),
      () => accounts.disable(pool.id, chief.id, by),
      () => accounts.setRoles(pool.id, chief.id, [], by),
    ]
    for (const attempt of attempts(as(deputy))) expect(await codeOf(attempt())).toBe('PERMISSION_DENIED')
    expect(await accounts.get(pool.id, chief.id)).toEqual(chief)
    for (const attempt of attempts(as(chief)).slice(0, 2)) expect(await codeOf(attempt())).toBe('done')
  })

  test('[A1] every change of an account is on record, by whom and to whom, without password or token', async () => {
    const { make, accounts, apiTokens, audit, aytre } = await identityOn()
    const { id } = await make(aytre, 'anne')
    await accounts.setRoles(aytre.id, id, ['agent'], BY)
    await accounts.updateProfile(aytre.id, id, { name: 'Anne' }, BY)
    await accounts.setPassword(aytre.id, id, 'un tout autre mot', BY)
    await accounts.disable(aytre.id, id, BY)
    await accounts.enable(aytre.id, id, BY)
    const made = await apiTokens.create(aytre.id, id, { label: 'Export' }, BY)
    await apiTokens.revoke(aytre.id, made.id, BY)
    const lines = (await audit.list(aytre.id, { limit: 50 })).toReversed().filter(({ action }) => !action.startsWith('tenant.'))
    expect(lines.map(({ action, actor, target }) => [action, actor, target])).toEqual([
      ['account.created', BY, id], ['account.roles-changed', BY, id], ['account.profile-changed', BY, id], ['account.password-changed', BY, id],
      ['account.disabled', BY, id], ['account.enabled', BY, id], ['token.created', BY, made.id], ['token.revoked', BY, made.id],
    ])
    expect(lines[1]?.detail).toEqual({ login: 'anne', from: '', to: 'agent' })
    expect(JSON.stringify(lines)).not.toMatch(/quatre chevaux|tout autre mot|la_/)
  })
})
