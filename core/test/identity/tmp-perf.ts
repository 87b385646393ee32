import { mkdtempSync } from 'node:fs'
import { randomBytes, createHmac, createSecretKey } from 'node:crypto'
import { createSqliteStorage } from '../../src/storage/sqlite/sqlite-storage.ts'
import { createAudit } from '../../src/audit/audit.ts'
import { createRoles } from '../../src/identity/roles.ts'
import { createCsrf } from '../../src/identity/csrf.ts'
import { createSessions } from '../../src/identity/sessions.ts'
import { hashOfToken } from '../../src/identity/secret-token.ts'
const outside = { now: () => Date.now(), randomBytes: (n: number) => new Uint8Array(randomBytes(n)), fetch }
const storage = createSqliteStorage({ folder: mkdtempSync('/tmp/la-perf-'), outside })
const audit = createAudit({ storage, outside })
const none: never[] = []
const roles = createRoles({ storage, audit, declared: () => none, isPool: () => false })
const csrf = createCsrf({ key: new Uint8Array(32) })
const sessions = createSessions({ storage, outside, roles, csrf })
await storage.platform.insertInto('tenant').values({ id: 't', slug: 't', name: 't', kind: 'commune', parent_id: null, siren: null, insee: null, population: null, created_at: 0 }).execute()
await storage.platform.insertInto('account').values({ id: 'a', tenant_id: 't', login: 'a', name: 'a', email: null, password_hash: 'x', status: 'active', created_at: 0, last_login_at: null }).execute()
for (const role of ['agent', 'tenant-admin']) await storage.platform.insertInto('account_role').values({ account_id: 'a', role }).execute()
const { token } = await sessions.open('t', 'a')
const tenant = { id: 't', parentId: undefined, hosts: [], info: { slug: 't', name: 't', kind: 'commune', siren: undefined, insee: undefined, population: undefined } } as const
const find = storage.platform.selectFrom('session')
    .innerJoin('account', (join) => join.onRef('account.id', '=', 'session.account_id').onRef('account.tenant_id', '=', 'session.tenant_id'))
    .leftJoin('account_role', 'account_role.account_id', 'account.id')
    .select(['session.account_id', 'session.created_at', 'session.expires_at', 'account.name', 'account.email', 'account_role.role'])
    .where('session.token_hash', '=', new Uint8Array())
    .where('session.tenant_id', '=', '')
    .where('account.status', '=', 'active')
    .compile()
const trivial = storage.platform.selectFrom('tenant').select('slug').where('id', '=', '').compile()
const h = hashOfToken(token)!
const key = createSecretKey(new Uint8Array(32))
const held = ['agent','tenant-admin']
const cases: Record<string, () => unknown> = {
  hash: () => hashOfToken(token),
  trivial: () => storage.platform.executeQuery({ ...trivial, parameters: ['t'] }),
  query: () => storage.platform.executeQuery({ ...find, parameters: [h, 't', 'active'] }),
  hmac: () => csrf.tokenFor(h),
  hmacKeyObject: () => createHmac('sha256', key).update(h).digest('base64url'),
  perms: () => roles.permissionsOf('t', held),
  resolve: () => sessions.resolve(token, tenant),
}
for (let round = 0; round < 2; round += 1) for (const [name, body] of Object.entries(cases)) {
  const start = performance.now()
  for (let index = 0; index < 10_000; index += 1) await body()
  console.log(name, ((performance.now() - start) / 10_000 * 1000).toFixed(1), 'µs')
}
const plan = await storage.platform.executeQuery<any>({ ...find, sql: 'explain query plan ' + find.sql, parameters: [h, 't', 'active'] }); console.log(plan.rows)
const v = (sql: string, params: unknown[]) => ({ ...find, sql, parameters: params })
for (const [n, q] of Object.entries({ sessionOnly: v('select account_id, created_at, expires_at from session where token_hash = ? and tenant_id = ?', [h,'t']), join: v('select s.account_id, s.created_at, s.expires_at, a.name, a.email from session s join account a on a.id = s.account_id where s.token_hash = ? and s.tenant_id = ? and a.status = ?', [h,'t','active']), roles: v('select role from account_role where account_id = ?', ['a']), sub: v('select s.account_id, s.created_at, s.expires_at, a.name, a.email, (select group_concat(role) from account_role where account_id = a.id) roles from session s join account a on a.id = s.account_id where s.token_hash = ? and s.tenant_id = ? and a.status = ?', [h,'t','active']) })) { for (let r = 0; r < 2; r++) { const s = performance.now(); for (let i = 0; i < 10000; i++) await storage.platform.executeQuery(q); console.log(n, ((performance.now() - s) / 10).toFixed(1)) } }
process.exit(0)
