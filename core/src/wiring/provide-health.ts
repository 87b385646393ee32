import type { Container } from '../container.ts'
import { createOperatorTeller } from '../health/tell-operators.ts'
import { healthNewsText } from '../pages/health-news-text.ts'
import type { Base } from './base.ts'
import { TELL_OPERATORS, TENANTS } from './tokens.ts'

/** How operators are told of what is out of service: one node at a time. */
export function provideHealth(services: Container, { storage, outside, health, catalogue, locks, log, mail: { transport, from } }: Base): void {
  services.provide(TELL_OPERATORS, (given) => {
    const tenants = given.get(TENANTS)
    const tell = createOperatorTeller({
      storage, outside, health, transport, from, log,
      poolId: () => tenants.pool()?.id,
      senderName: () => tenants.pool()?.info.name ?? 'LiberAccès',
      textOf: (news) => healthNewsText(news, {
        plugin: (pluginId) => catalogue.find(pluginId)[0]?.title.fr ?? pluginId,
        tenant: (tenantId) => tenants.byId(tenantId)?.info.name ?? tenantId,
        host: tenants.pool()?.hosts[0] ?? '',
      }),
    })
    return () => locks.withLock('health-news', tell)
  })
}
