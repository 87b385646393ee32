import type { Asked } from '@liberacces/core'
import { describeExchange } from './exchange.ts'
import type { Tour } from './tour.ts'

/** In which request, or other call, something was asked for. */
export function whereAsked({ exchanges }: Tour, { traceId, tenantId }: Pick<Asked, 'traceId' | 'tenantId'>): string {
  if (tenantId === undefined) return 'in a migration'
  const exchange = exchanges.find((one) => one.traceId === traceId)
  return exchange === undefined ? 'in an event, a schedule, a service or the demonstration data' : describeExchange(exchange)
}

/** The first question of each kind: what asked for it later, for another check, says less of the plugin. */
export function firstOfEach(asked: readonly Asked[], kindOf: (one: Asked) => string): readonly (readonly [string, Asked])[] {
  const found = new Map<string, Asked>()
  for (const one of asked) if (!found.has(kindOf(one))) found.set(kindOf(one), one)
  return [...found]
}
