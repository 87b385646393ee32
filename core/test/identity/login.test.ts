import { hash } from '@node-rs/argon2'
import { describe, expect, test } from 'vitest'
import { networkOf } from '../../src/identity/network.ts'
import { createPasswords } from '../../src/identity/passwords.ts'
import { FakeOutside } from '../storage/temporary-storage.ts'
import { BY, codeOf, identityOn, IP, PASSWORD } from './identity-kit.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('passwords', () => {
  test('[I1] a password is kept as argon2id with OWASP\'s parameters, and nowhere as it is', async () => {
    const { storage, make, aytre } = await identityOn()
    await make(aytre, 'anne')
    const [row] = await storage.platform.selectFrom('account').selectAll().execute()
    expect(row?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    const everything = await Promise.all((['account', 'audit', 'session', 'login_failure'] as const).map((table) => storage.platform.selectFrom(table).selectAll().execute()))
    expect(JSON.stringify(everything)).not.toContain(PASSWORD)
  })

  test.each([
    ['onze lettr.', 'password'], ['x'.repeat(201), 'password'], ['anne.dupont-17', 'password'], ['ANNE.dupont-17', 'password'], ['abcabcabcabcabc', 'password'],
  ])('[I1] "%s" is refused as a password', async (password, field) => {
    const { accounts, aytre } = await identityOn()
    await expect(accounts.create(aytre.id, { login: 'anne.dupont-17', name: 'Anne', password }, BY))
      .rejects.toMatchObject({ code: 'ACCOUNT_INVALID', fields: { [field]: expect.any(String) as string } })
  })

  test('[I1] the same accents typed on another keyboard are the same password', async () => {
    const { make, login, accounts, aytre } = await identityOn()
    const { id } = await make(aytre, 'anne')
    await accounts.setPassword(aytre.id, id, 'déjà-vu à l’été'.normalize('NFD'), BY)
    expect(await codeOf(login({ tenant: aytre, login: 'anne', password: 'déjà-vu à l’été'.normalize('NFC'), ip: IP }))).toBe('done')
  })

  test('[I19] a hash with other parameters is replaced at the next login, without ending sessions', async () => {
    const { make, login, sessions, storage, aytre } = await identityOn()
    const { id } = await make(aytre, 'anne')
    const { token } = await login({ tenant: aytre, login: 'anne', password: PASSWORD, ip: IP })
    await storage.platform.updateTable('account').set({ password_hash: await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1 }) }).where('id', '=', id).execute()
    await login({ tenant: aytre, login: 'anne', password: PASSWORD, ip: IP })
    const { password_hash: after } = await storage.platform.selectFrom('account').select('password_hash').executeTakeFirstOrThrow()
    expect(after).toContain('m=19456,t=2,p=1')
    expect(await sessions.resolve(token, aytre)).toBeDefined()
    await login({ tenant: aytre, login: 'anne', password: PASSWORD, ip: IP })
  })

  test('[I7] of a flood of logins a bounded number waits, and the rest is told to come back', async () => {
    const passwords = createPasswords({ outside: new FakeOutside() })
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => passwords.matches(undefined, PASSWORD)))
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as { code: string; retryAfterSeconds: number }] : []))
    expect(refused).toHaveLength(18)
    expect(refused.every(({ code, retryAfterSeconds }) => code === 'LOGIN_THROTTLED' && retryAfterSeconds > 0)).toBe(true)
    expect(await passwords.matches(await passwords.hash(PASSWORD), PASSWORD)).toBe(true)
  })
})

describe('logging in', () => {
  test('[I2] login and password open a session; capitals and spaces around the login do not matter', async () => {
    const { make, login, sessions, accounts, outside, aytre } = await identityOn()
    const account = await make(aytre, 'anne', 'agent')
    const { token, expiresAt, principal } = await login({ tenant: aytre, login: ' Anne ', password: PASSWORD, ip: IP })
    expect(principal).toMatchObject({ kind: 'account', id: account.id, name: 'anne', roles: ['agent'], via: 'cookie' })
    expect(Object.isFrozen(principal)).toBe(true)
    expect(expiresAt).toBe(outside.time + 12 * HOUR)
    expect(await sessions.resolve(token, aytre)).toEqual(principal)
    expect((await accounts.get(aytre.id, account.id))?.lastLoginAt).toBe(outside.time)
  })

  test('[I3] unknown login, wrong password and disabled account get the same answer after the same work', async () => {
    const { make, login, accounts, passwords, aytre, nieul } = await identityOn()
    const { id } = await make(aytre, 'anne')
    await make(aytre, 'bert')
    await make(nieul, 'clara')
    await accounts.disable(aytre.id, id, BY)
    passwords.checked.length = 0
    const tries = [['anne', PASSWORD], ['bert', 'un autre mot de passe'], ['nobody', PASSWORD], ['clara', PASSWORD], ['%', PASSWORD]] as const
    const answers = []
    for (const [name, password] of tries) answers.push(await login({ tenant: aytre, login: name, password, ip: IP }).catch((error: unknown) => error))
    expect(new Set(answers.map((answer) => JSON.stringify([answer, (answer as Error).message])))).toHaveLength(1)
    expect(answers[0]).toMatchObject({ code: 'LOGIN_FAILED' })
    expect(passwords.checked).toHaveLength(tries.length)
  })

  test('[I10] the session a browser had before ends with the new one, and logging out ends it for good', async () => {
    const { make, login, logout, sessions, aytre } = await identityOn()
    await make(aytre, 'anne')
    const first = await login({ tenant: aytre, login: 'anne', password: PASSWORD, ip: IP })
    const second = await login({ tenant: aytre, login: 'anne', password: PASSWORD, ip: IP, previousToken: first.token })
    expect(second.token).not.toBe(first.token)
    expect(await sessions.resolve(first.token, aytre)).toBeUndefined()
    await logout(second.token, aytre)
    await logout(second.token, aytre)
    expect(await sessions.resolve(second.token, aytre)).toBeUndefined()
  })
})

describe('guessing', () => {
  test('[I4] after five failures a login pauses, each time longer, over restarts too; success clears it', async () => {
    const { make, storage, outside, aytre, nieul, ...identity } = await identityOn()
    await make(aytre, 'anne')
    await make(nieul, 'anne')
    let { login } = identity
    const wrong = () => login({ tenant: aytre, login: 'anne', password: 'un autre mot de passe', ip: IP }).catch((error: unknown) => error)
    for (let failure = 1; failure <= 5; failure += 1) expect(await wrong()).toMatchObject({ code: 'LOGIN_FAILED' })
    for (const seconds of [30, 60, 120, 240, 480, 900, 900]) {
      expect(await wrong()).toMatchObject({ code: 'LOGIN_THROTTLED', retryAfterSeconds: seconds })
      ;({ login } = await identityOn({ storage, outside }))
      outside.time += seconds * 1000 - 1
      expect(await codeOf(login({ tenant: aytre, login: 'anne', password: PASSWORD, ip: IP }))).toBe('LOGIN_THROTTLED')
      outside.time += 1
      expect(await wrong()).toMatchObject({ code: 'LOGIN_FAILED' })
    }
    outside.time += 900_000
    await login({ tenant: nieul, login: 'anne', password: PASSWORD, ip: IP })
    await login({ tenant: aytre, login: 'anne', password: PASSWORD, ip: IP })
    for (let failure = 1; failure <= 5; failure += 1) expect(await wrong()).toMatchObject({ code: 'LOGIN_FAILED' })
  })

  test('[I5] a network that tries many logins pauses too, whatever the tenant; others go on', async () => {
    const { make, login, outside, throttle, storage, aytre, nieul } = await identityOn()
    await make(aytre, 'anne')
    const from = (ip: string, name: string, tenant = aytre) => codeOf(login({ tenant, login: name, password: PASSWORD, ip }))
    for (let failure = 1; failure <= 20; failure += 1) expect(await from(`2001:db8:0:1::${failure}`, `user-${failure}`, failure % 2 === 0 ? aytre : nieul)).toBe('LOGIN_FAILED')
    expect(await from('2001:db8:0:1:ffff::1', 'anne')).toBe('LOGIN_THROTTLED')
    expect(await from('2001:db8:0:2::1', 'anne')).toBe('done')
    outside.time += 30_000
    expect(await from('2001:db8:0:1:ffff::1', 'anne')).toBe('done')
    outside.time += 25 * HOUR
    await throttle.sweep()
    expect(await storage.platform.selectFrom('login_failure').selectAll().execute()).toEqual([])
  })

  test('[I5] one\'s own account does not wash off what a network guessed', async () => {
    const { make, login, aytre } = await identityOn()
    await make(aytre, 'anne')
    const from = (name: string) => codeOf(login({ tenant: aytre, login: name, password: PASSWORD, ip: IP }))
    for (let failure = 1; failure <= 19; failure += 1) expect([await from(`user-${failure}`), await from('anne')]).toEqual(['LOGIN_FAILED', 'done'])
    expect(await from('user-20')).toBe('LOGIN_FAILED')
    expect(await from('anne')).toBe('LOGIN_THROTTLED')
  })

  test('[I6] tries at the same moment count like tries one after the other', async () => {
    const { make, login, passwords, aytre } = await identityOn()
    await make(aytre, 'anne')
    const answers = await Promise.all(Array.from({ length: 20 }, () => codeOf(login({ tenant: aytre, login: 'anne', password: 'un autre mot de passe', ip: IP }))))
    expect(answers.filter((code) => code === 'LOGIN_FAILED')).toHaveLength(5)
    expect(passwords.checked).toHaveLength(5)
  })

  test('[I4] neither logins nor addresses can be read in the table of failures', async () => {
    const { login, storage, aytre } = await identityOn()
    await codeOf(login({ tenant: aytre, login: 'mon-mot-de-passe', password: 'x', ip: IP }))
    const rows = JSON.stringify(await storage.platform.selectFrom('login_failure').selectAll().execute())
    expect(rows).toContain('login:')
    expect(rows).not.toMatch(/mon-mot-de-passe|192\.0\.2\.7/)
  })

  test('[I5] addresses of one household are one network', () => {
    expect(['192.0.2.7', '::ffff:192.0.2.7', '2001:db8:0:1::1', '2001:DB8::1:ffff:0:0:1', '2001:0db8:0000:0001:1:2:3:4', '::1', 'fe80::1%eth0', '::', '64:ff9b::192.0.2.33', '2001:db8:1:2:3:4:192.0.2.1', 'unknown'].map(networkOf)).toEqual([
      '192.0.2.7', '192.0.2.7', '2001:db8:0:1::/64', '2001:db8:0:1::/64', '2001:db8:0:1::/64', '0:0:0:0::/64', 'fe80:0:0:0::/64', '0:0:0:0::/64', '64:ff9b:0:0::/64', '2001:db8:1:2::/64', 'unknown',
    ])
  })
})
