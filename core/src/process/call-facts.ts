import type { Context, Service } from '@liberacces/sdk'
import { isContractId } from '@liberacces/sdk'
import { CallContext } from '../runtime/call-context.ts'
import type { CallFacts } from './protocol.ts'

/** What is fixed for a call, as the plugin's side may know it. */
export function callFacts(c: Context, now: number): CallFacts {
  const { release, origin, terms, ports } = CallContext.insideOf(c)
  const { manifest } = release
  const { kind, id, name, roles, permissions, entry } = origin.principal
  const prefix = `${manifest.id}/`
  return {
    tenant: origin.tenant.info,
    actor: { kind, id, name, roles, can: kind === 'system' ? '*' : Object.keys(manifest.permissions).filter((permission) => permissions.has(prefix + permission)) },
    locale: origin.locale,
    settings: terms.settings,
    granted: [...terms.accepted],
    provided: [...Object.keys(manifest.requires), ...Object.keys(manifest.optional)].filter((contract) => isContractId(contract) && c.useOptional({ kind: 'service', id: contract, operations: {} } as Service<never>) !== undefined),
    baseUrl: ports.baseUrl(origin),
    isElsewhere: entry?.kind === 'share',
    now,
  }
}
