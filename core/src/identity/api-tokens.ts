import { sql, type Kysely } from 'kysely'
import { v7 } from 'uuid'
import type { Audit, AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { Outside } from '../outside.ts'
import type { PlatformTables } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { accountColumns, accountPrincipal, type CredentialAccount, type ImpliedRoles } from './account-principal.ts'
import type { Principal } from './principal.ts'
import type { Roles } from './roles.ts'
import { KnownCredentials } from './known-credentials.ts'
import { hashOfToken, hashTextOfToken, newSecretToken } from './secret-token.ts'

/** How every API token starts, so that scanners for leaked secrets know it. */
const PREFIX = 'la_'
const BEARER = /^bearer +la_(\S+) *$/i

/** An API token as it is listed. The token itself is shown once, when it is made. */
export interface ApiToken {
  readonly id: string
  readonly accountId: string
  readonly label: string
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number
  /** Milliseconds since the Unix epoch; `undefined` for never. */
  readonly expiresAt: number | undefined
}

/** Tokens with which programs act as an account. */
export interface ApiTokens {
  /**
   * Makes a token of an account.
   * @param about - label of 1 to 100 characters; `expiresAt` in milliseconds since the Unix epoch, later than now
   * @throws PlatformError `ACCOUNT_UNKNOWN`, `ACCOUNT_INVALID`
   */
  create(tenantId: string, accountId: string, about: { readonly label: string; readonly expiresAt?: number }, by: AuditActor): Promise<{ readonly id: string; readonly token: string }>
  list(tenantId: string, accountId?: string): Promise<readonly ApiToken[]>
  /** Makes a token worthless. Revoking twice is harmless. */
  revoke(tenantId: string, id: string, by: AuditActor): Promise<void>
  /** Revokes all tokens of an account. */
  revokeAll(accountId: string, tx: Kysely<PlatformTables>): Promise<void>
  /**
   * Who an `Authorization` header stands for on a tenant; `undefined` when it stands for nobody there.
   * @param header - `Bearer la_…`
   */
  resolve(header: string, tenant: Tenant): Principal | undefined | Promise<Principal | undefined>
}

/** What API tokens are made from. */
export interface ApiTokensOptions {
  readonly storage: Storage
  readonly outside: Outside
  readonly audit: Audit
  readonly roles: Roles
  /** @defaultValue none */
  readonly implied?: ImpliedRoles
}

interface TokenRow extends CredentialAccount {
  readonly expires_at: number | null
}

/** API tokens on the kernel's tables. */
export function createApiTokens({ storage, outside, audit, roles, implied }: ApiTokensOptions): ApiTokens {
  const find = sql<TokenRow>`select ${accountColumns('api_token')}, expires_at from api_token where token_hash = ${''} and tenant_id = ${''}`.compile(storage.platform)

  const known = new KnownCredentials<TokenRow>({ storage, roles, outside }, 'api_token')
  const hasEnded = ({ expires_at: expiresAt }: TokenRow): boolean => expiresAt !== null && expiresAt <= outside.now()

  const resolveAnew = async (token: string, hashText: string, tenant: Tenant): Promise<Principal | undefined> => {
    const found = await known.findAnew(hashText, tenant, async () => {
      const [row] = (await storage.platform.executeQuery<TokenRow>({ ...find, parameters: [hashOfToken(token), tenant.id] })).rows
      if (row === undefined || hasEnded(row)) return undefined
      const principal = await accountPrincipal(tenant.id, row, { via: 'token', csrfToken: () => '' }, { roles, ...(implied === undefined ? {} : { implied }) })
      return principal && { principal, row }
    })
    return found?.principal
  }

  return {
    async create(tenantId, accountId, { label, expiresAt }, by) {
      const account = await storage.platform.selectFrom('account').select('id').where('tenant_id', '=', tenantId).where('id', '=', accountId).executeTakeFirst()
      if (account === undefined) throw new PlatformError('ACCOUNT_UNKNOWN', 'There is no such account on this tenant.', { fix: 'Check the account.' })
      const fields: Record<string, string> = {}
      if (label.trim() === '' || label.length > 100) fields['label'] = 'A label has 1 to 100 characters.'
      if (expiresAt !== undefined && !(expiresAt > outside.now())) fields['expiresAt'] = 'The end must be later than now.'
      if (Object.keys(fields).length > 0) throw new PlatformError('ACCOUNT_INVALID', `The token cannot be made: ${Object.values(fields).join(' ')}`, { fix: 'Correct what is named.', fields })
      const secret = newSecretToken(outside)
      const tokenHash = hashOfToken(secret)
      if (tokenHash === undefined) throw new Error('A new token has an unexpected form.')
      const id = v7({ msecs: outside.now(), random: outside.randomBytes(16) })
      await storage.platformTransaction(async (tx) => {
        await tx.insertInto('api_token').values({
          id, token_hash: tokenHash, account_id: accountId, tenant_id: tenantId, label: label.trim(), created_at: outside.now(), expires_at: expiresAt ?? null,
        }).execute()
        await audit.record({ tenantId, actor: by, action: 'token.created', target: id, detail: { account: accountId, label: label.trim(), expiresAt: expiresAt ?? null } }, tx)
      })
      return { id, token: `${PREFIX}${secret}` }
    },

    async list(tenantId, accountId) {
      let query = storage.platform.selectFrom('api_token').select(['id', 'account_id', 'label', 'created_at', 'expires_at']).where('tenant_id', '=', tenantId)
      if (accountId !== undefined) query = query.where('account_id', '=', accountId)
      const rows = await query.orderBy('created_at').orderBy('id').execute()
      return rows.map((row) => ({ id: row.id, accountId: row.account_id, label: row.label, createdAt: row.created_at, expiresAt: row.expires_at ?? undefined }))
    },

    revoke: (tenantId, id, by) => storage.platformTransaction(async (tx) => {
      const { numDeletedRows } = await tx.deleteFrom('api_token').where('tenant_id', '=', tenantId).where('id', '=', id).executeTakeFirst()
      if (numDeletedRows > 0n) await audit.record({ tenantId, actor: by, action: 'token.revoked', target: id }, tx)
    }),

    async revokeAll(accountId, tx) {
      await tx.deleteFrom('api_token').where('account_id', '=', accountId).execute()
    },

    resolve(header, tenant) {
      const token = BEARER.exec(header)?.[1] ?? ''
      const hashText = hashTextOfToken(token)
      if (hashText === undefined) return undefined
      const found = known.find(hashText, tenant)
      if (found !== undefined) return hasEnded(found.row) ? undefined : found.principal
      return resolveAnew(token, hashText, tenant)
    },
  }
}
