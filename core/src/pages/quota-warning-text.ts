import type { UntoldWarning } from '../entitlement/quota-ledger.ts'
import type { WarningText } from '../mail/tell-administrators.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { quotaLimit } from './quota-amount.ts'
import { translator } from './translate.ts'

/** What administrators read of a quota that is used up or nearly so; `undefined` when the tenant is gone. In French, the language of the collectivités. */
export function quotaWarningText({ kind, limit = 0, level }: UntoldWarning, tenant: Tenant | undefined): WarningText | undefined {
  if (tenant === undefined) return undefined
  const t = translator('fr')
  const values = { name: tenant.info.name, what: t(`quota.kind.${kind}`), limit: quotaLimit('fr', kind, limit), host: tenant.hosts[0] ?? '' }
  const how = level === 2 ? 'full' : 'near'
  return { subject: t(`quota.mail.${how}.subject`, values), text: t(`quota.mail.${how}.text`, values) }
}
