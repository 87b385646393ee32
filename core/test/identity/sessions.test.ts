import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { BY, codeOf, identityOn, IP, NOTES_READ, PASSWORD } from './identity-kit.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('sessions', () => {
  test('[I8] a session is worth nothing on another tenant, and its token is stored nowhere', async () => {
    const { make, sessions, storage, aytre, nieul, pool } = await identityOn()
    const { id } = await make(aytre, 'anne', 'tenant-admin')
    const { token } = await sessions.open(aytre.id, id)
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(await sessions.resolve(token, aytre)).toMatchObject({ id })
    expect([await sessions.resolve(token, nieul), await sessions.resolve(token, pool)]).toEqual([undefined, undefined])
    const [row] = await storage.platform.selectFrom('session').selectAll().execute()
    expect(Buffer.from(row?.token_hash ?? []).toString('hex')).toBe(createHash('sha256').update(token).digest('hex'))
  })

  test('[I8] a row that pairs an account with another tenant resolves on neither', async () => {
    const { make, sessions, aytre, nieul } = await identityOn()
    const { id } = await make(aytre, 'anne')
    const { token } = await sessions.open(nieul.id, id)
    expect([await sessions.resolve(token, nieul), await sessions.resolve(token, aytre)]).toEqual([undefined, undefined])
  })

  test('[I8] what is no token stands for nobody', async () => {
    const { sessions, aytre } = await identityOn()
    for (const text of ['', 'x', 'a'.repeat(43), 'a'.repeat(44), '\0'.repeat(43), 'é'.repeat(43), `' or 1=1 --`]) expect(await sessions.resolve(text, aytre)).toBeUndefined()
  })

  test('[I23] who is known from before is the same object until something is different, and nobody once it has ended', async () => {
    const { make, sessions, apiTokens, accounts, roles, storage, aytre } = await identityOn()
    const { id } = await make(aytre, 'anne', 'agent')
    const { token } = await sessions.open(aytre.id, id)
    const { token: apiToken } = await apiTokens.create(aytre.id, id, { label: 'test' }, BY)
    const find = async () => [await sessions.resolve(token, aytre), await apiTokens.resolve(`Bearer ${apiToken}`, aytre)] as const
    const before = await find()
    // Found again, after writes of which nobody is made and after one that changes somebody else.
    expect((await find()).map((one, index) => one === before[index])).toEqual([true, true])
    await make(aytre, 'basile', 'agent')
    await storage.platform.deleteFrom('audit').execute()
    expect((await find()).map((one, index) => one === before[index])).toEqual([true, true])
    await accounts.updateProfile(aytre.id, id, { name: 'Anne Nouvelle' }, BY)
    expect((await find()).map((one) => one?.name)).toEqual(['Anne Nouvelle', 'Anne Nouvelle'])
    await roles.decide(aytre.id, [{ role: 'agent', permission: NOTES_READ, granted: false }], BY)
    expect((await find()).map((one) => one?.permissions.has(NOTES_READ))).toEqual([false, false])
    await accounts.setRoles(aytre.id, id, ['citizen'], BY)
    expect((await find()).map((one) => one?.roles)).toEqual([['citizen'], ['citizen']])
    await accounts.disable(aytre.id, id, BY)
    expect(await find()).toEqual([undefined, undefined])
  })

  test('[I9] a session ends two hours after its last use, and twelve hours after its start whatever happens', async () => {
    const { make, sessions, outside, aytre } = await identityOn()
    const { id } = await make(aytre, 'anne')
    const idle = await sessions.open(aytre.id, id)
    const used = await sessions.open(aytre.id, id)
    const start = outside.time
    const lives = async (token: string) => await sessions.resolve(token, aytre) !== undefined
    for (let hours = 1; hours < 12; hours += 1) {
      outside.time = start + hours * HOUR
      expect(await lives(used.token)).toBe(true)
    }
    outside.time = start + 2 * HOUR - 1
    expect(await lives(idle.token)).toBe(true)
    outside.time = start + 4 * HOUR
    expect(await lives(idle.token)).toBe(false)
    outside.time = start + 12 * HOUR - 1
    expect(await lives(used.token)).toBe(true)
    outside.time = start + 12 * HOUR
    expect(await lives(used.token)).toBe(false)
  })

  test('[I9] requests within five minutes write nothing', async () => {
    const { make, sessions, outside, storage, aytre } = await identityOn()
    const { id } = await make(aytre, 'anne')
    const { token } = await sessions.open(aytre.id, id)
    const row = () => storage.platform.selectFrom('session').select('expires_at').executeTakeFirstOrThrow()
    const before = await row()
    outside.time += 5 * MINUTE - 1
    await sessions.resolve(token, aytre)
    expect(await row()).toEqual(before)
    outside.time += 1
    await sessions.resolve(token, aytre)
    expect(await row()).toEqual({ expires_at: outside.time + 2 * HOUR })
  })

  test('[I9] sessions that ran out are swept, others stay', async () => {
    const { make, sessions, outside, storage, aytre } = await identityOn()
    const { id } = await make(aytre, 'anne')
    await sessions.open(aytre.id, id)
    outside.time += HOUR
    const { token } = await sessions.open(aytre.id, id)
    outside.time += HOUR
    await sessions.sweep()
    expect(await storage.platform.selectFrom('session').selectAll().execute()).toHaveLength(1)
    expect(await sessions.resolve(token, aytre)).toBeDefined()
  })

  test.each(['disable', 'setPassword'] as const)('[I11] %s ends the account\'s sessions and tokens, and nobody else\'s', async (how) => {
    const { make, sessions, apiTokens, accounts, login, aytre } = await identityOn()
    const [anne, bert] = [await make(aytre, 'anne'), await make(aytre, 'bert')]
    const opened = await Promise.all([anne, bert].map(async ({ id }) => ({ session: await sessions.open(aytre.id, id), token: await apiTokens.create(aytre.id, id, { label: 'script' }, BY) })))
    if (how === 'disable') await accounts.disable(aytre.id, anne.id, BY)
    else await accounts.setPassword(aytre.id, anne.id, 'un tout autre mot', BY)
    const who = await Promise.all(opened.map(async ({ session, token }) => [await sessions.resolve(session.token, aytre), await apiTokens.resolve(`Bearer ${token.token}`, aytre)].map((principal) => principal?.name)))
    expect(who).toEqual([[undefined, undefined], ['bert', 'bert']])
    if (how === 'disable') await accounts.enable(aytre.id, anne.id, BY)
    expect(await codeOf(login({ tenant: aytre, login: 'anne', password: how === 'disable' ? PASSWORD : 'un tout autre mot', ip: IP }))).toBe('done')
    expect(await sessions.resolve(opened[0]?.session.token ?? '', aytre)).toBeUndefined()
  })
})

describe('API tokens', () => {
  test('[I12] a token acts as its account, is shown once, and ends by time or by hand', async () => {
    const { make, apiTokens, outside, storage, aytre } = await identityOn()
    const { id } = await make(aytre, 'anne', 'agent')
    const lasting = await apiTokens.create(aytre.id, id, { label: 'Export' }, BY)
    outside.time += 1
    const short = await apiTokens.create(aytre.id, id, { label: 'Essai', expiresAt: outside.time + HOUR }, BY)
    expect(lasting.token).toMatch(/^la_[A-Za-z0-9_-]{43}$/)
    expect(await apiTokens.resolve(`Bearer ${lasting.token}`, aytre)).toMatchObject({ id, via: 'token', csrfToken: '', permissions: new Set(['fr.liberacces.kernel/bureau.open', NOTES_READ]) })
    expect(await apiTokens.list(aytre.id, id)).toEqual([
      { id: lasting.id, accountId: id, label: 'Export', createdAt: outside.time - 1, expiresAt: undefined },
      { id: short.id, accountId: id, label: 'Essai', createdAt: outside.time, expiresAt: outside.time + HOUR },
    ])
    outside.time += HOUR
    expect(await apiTokens.resolve(`bearer ${short.token}`, aytre)).toBeUndefined()
    await apiTokens.revoke(aytre.id, lasting.id, BY)
    await apiTokens.revoke(aytre.id, lasting.id, BY)
    expect(await apiTokens.resolve(`Bearer ${lasting.token}`, aytre)).toBeUndefined()
    expect(JSON.stringify(await storage.platform.selectFrom('audit').selectAll().execute())).not.toContain(lasting.token.slice(3))
  })

  test('[I12] a token is worth nothing on another tenant, nor can another tenant make or revoke it', async () => {
    const { make, apiTokens, aytre, nieul } = await identityOn()
    const { id } = await make(aytre, 'anne')
    const made = await apiTokens.create(aytre.id, id, { label: 'Export' }, BY)
    expect(await apiTokens.resolve(`Bearer ${made.token}`, nieul)).toBeUndefined()
    expect(await codeOf(apiTokens.create(nieul.id, id, { label: 'Export' }, BY))).toBe('ACCOUNT_UNKNOWN')
    await apiTokens.revoke(nieul.id, made.id, BY)
    expect(await apiTokens.resolve(`Bearer ${made.token}`, aytre)).toBeDefined()
    for (const header of ['', 'Bearer', `Basic ${made.token}`, made.token, `Bearer ${made.token.slice(3)}`, `Bearer ${made.token}x`]) expect(await apiTokens.resolve(header, aytre)).toBeUndefined()
  })

  test('[I12] a token needs a label and an end that is still to come', async () => {
    const { make, apiTokens, outside, aytre } = await identityOn()
    const { id } = await make(aytre, 'anne')
    await expect(apiTokens.create(aytre.id, id, { label: ' ', expiresAt: outside.time }, BY))
      .rejects.toMatchObject({ code: 'ACCOUNT_INVALID', fields: { label: expect.any(String) as string, expiresAt: expect.any(String) as string } })
  })
})
