import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { BY, identityOn, IP, PASSWORD } from './identity-kit.ts'

test('[I17] no error and no table holds a password or token, wherever they were given', async () => {
  const { make, login, accounts, apiTokens, sessions, storage, aytre, nieul } = await identityOn()
  const { id } = await make(aytre, 'anne', 'agent')
  const { token } = await login({ tenant: aytre, login: 'anne', password: PASSWORD, ip: IP })
  const made = await apiTokens.create(aytre.id, id, { label: 'Export' }, BY)
  await sessions.resolve(token, aytre)
  const secret = 'mot-de-passe-secret-'.repeat(20)
  const errors = await Promise.all([
    login({ tenant: aytre, login: PASSWORD, password: secret, ip: IP }),
    login({ tenant: nieul, login: 'anne', password: secret, ip: IP }),
    accounts.create(aytre.id, { login: 'bert', name: 'Bert', password: secret }, BY),
    accounts.setPassword(aytre.id, id, secret, BY),
    apiTokens.create(aytre.id, 'x', { label: token }, BY),
  ].map((call) => (call as Promise<unknown>).then(() => 'done', (error: unknown) => error)))
  expect(errors).not.toContain('done')
  const tables = ['account', 'session', 'api_token', 'login_failure', 'audit'] as const
  const rows = await Promise.all(tables.map(async (table) => storage.platform.selectFrom(table).selectAll().execute()))
  const shown = inspect([errors, rows], { depth: 12, maxArrayLength: null, maxStringLength: null })
  for (const hidden of [PASSWORD, 'mot-de-passe-secret', token, made.token, made.token.slice(3)]) expect(shown.includes(hidden)).toBe(false)
})
