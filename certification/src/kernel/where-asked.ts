import type { Asked } from '@liberacces/core'
import { describeExchange } from './exchange.ts'
import type { Tour } from './tour.ts'

/** In which request, or other call, something was asked for. */
export function whereAsked({ exchanges }: Tour, { traceId, tenantId }: Pick<Asked, 'traceId' | 'tenantId'>): string {
  if (tenantId === undefined) return 'in a migration'
  const exchange = exchanges.find((one) => one.traceId === traceId)
  return exchange === undefined ? 'in an event, a schedule, a service or the demonstration data' : describeExchange(exchange)
}
