import { QUOTA_KINDS } from '../entitlement/quota-kind.ts'
import { quotaText } from '../entitlement/quota-text.ts'
import type { Platform } from '../platform.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { textTable } from './text-table.ts'

const STATES = ['', 'nearly used up', 'used up'] as const

/** What a tenant uses of its quotas now, as a document and as text. */
export async function quotaAnswer({ quotas, entitlements }: Platform, tenant: Tenant): Promise<readonly [document: object, text: string]> {
  const own = entitlements.policyOf(tenant.id).quotas
  const use = await quotas.useOf(tenant.id)
  return [
    { tenant: tenant.info.slug, own: Object.fromEntries(QUOTA_KINDS.map((kind) => [kind, own[kind] ?? null])), quotas: use.map(({ kind, used, limit, level }) => ({ kind, used, limit: limit ?? null, state: level === 2 ? 'full' : level === 1 ? 'near' : 'ok' })) },
    textTable(['quota', 'used', 'limit', 'set here', ''], use.map(({ kind, used, limit, level }) => [
      kind,
      kind === 'cpu' && limit === undefined ? 'not counted' : quotaText(kind, used).replace(' a day', ' today'),
      limit === undefined ? 'none' : quotaText(kind, limit),
      own[kind] === undefined ? undefined : quotaText(kind, own[kind]),
      STATES[level],
    ]), ''),
  ]
}
