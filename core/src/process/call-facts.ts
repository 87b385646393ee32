import type { Context, Service } from '@liberacces/sdk'
import { isContractId } from '@liberacces/sdk'
import { CallContext } from '../runtime/call-context.ts'
import { VISITOR } from '../identity/visitor.ts'
import type { CallFacts, OwnFacts, PlaceFacts, SaidFacts } from './protocol.ts'

/** What is fixed for a call, as the plugin's side may know it. */
export function callFacts(c: Context, now: number): CallFacts {
  return { ...placeFacts(c), ...ownFacts(c, now) }
}

/** What is fixed for this call alone. */
function ownFacts(c: Context, now: number): OwnFacts {
  const { release: { manifest }, origin } = CallContext.insideOf(c)
  const { kind, id, name, roles, permissions, entry } = origin.principal
  const prefix = `${manifest.id}/`
  return {
    // Of a frozen array JSON is made in twice the time, and of all that is around it.
    actor: { kind, id, name, roles: [...roles], can: kind === 'system' ? '*' : Object.keys(manifest.permissions).filter((permission) => permissions.has(prefix + permission)) },
    locale: origin.locale,
    isElsewhere: entry?.kind === 'share',
    now,
  }
}

/** The same as it crosses. @param now - where the time is the one that is told */
export function saidFacts(c: Context, now: number | undefined): SaidFacts {
  const { actor, locale, isElsewhere } = ownFacts(c, 0)
  return {
    ...(actor.id === VISITOR.id ? {} : { actor }),
    locale,
    ...(isElsewhere ? { isElsewhere } : {}),
    ...(now === undefined ? {} : { now }),
  }
}

/** What is the same for the other calls on its tenant. */
export function placeFacts(c: Context): PlaceFacts {
  const { release: { manifest }, origin, terms, ports } = CallContext.insideOf(c)
  return {
    tenant: origin.tenant.info,
    settings: terms.settings,
    granted: [...terms.accepted],
    provided: [...Object.keys(manifest.requires), ...Object.keys(manifest.optional)].filter((contract) => isContractId(contract) && c.useOptional({ kind: 'service', id: contract, operations: {} } as Service<never>) !== undefined),
    baseUrl: ports.baseUrl(origin),
  }
}
