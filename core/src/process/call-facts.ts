import type { Context, Service } from '@liberacces/sdk'
import { isContractId } from '@liberacces/sdk'
import { CallContext } from '../runtime/call-context.ts'
import type { Origin } from '../runtime/runtime.ts'
import { ANONYMOUS } from '../identity/visitor.ts'
import type { CallFacts, OwnFacts, PlaceFacts, SaidFacts } from './protocol.ts'

/** What is fixed for a call, as the plugin's side may know it. */
export function callFacts(c: Context, now: number): CallFacts {
  return { ...placeFacts(c), ...ownFacts(c, now) }
}

/** What is fixed for this call alone. */
function ownFacts(c: Context, now: number): OwnFacts {
  const { origin } = CallContext.insideOf(c)
  return { actor: actorFacts(c), locale: origin.locale, isElsewhere: isElsewhere(origin), now }
}

/** The same as it crosses. @param now - where the time is the one that is told */
export function saidFacts(c: Context, now: number | undefined): SaidFacts {
  const { origin } = CallContext.insideOf(c)
  return {
    ...(origin.principal === ANONYMOUS ? {} : { actor: actorFacts(c) }),
    locale: origin.locale,
    ...(isElsewhere(origin) ? { isElsewhere: true as const } : {}),
    ...(now === undefined ? {} : { now }),
  }
}

function actorFacts(c: Context): OwnFacts['actor'] {
  const { release: { manifest }, origin: { principal: { kind, id, name, roles, permissions } } } = CallContext.insideOf(c)
  const prefix = `${manifest.id}/`
  // Of a frozen array JSON is made slowly, and of all that is around it.
  return { kind, id, name, roles: [...roles], can: kind === 'system' ? '*' : Object.keys(manifest.permissions).filter((permission) => permissions.has(prefix + permission)) }
}

function isElsewhere({ principal: { entry } }: Origin): boolean {
  return entry?.kind === 'share'
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
