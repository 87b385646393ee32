import { administratorAddresses } from '../mail/administrator-addresses.ts'
import type { MailTransport } from '../mail/mail-transport.ts'
import type { WarningText } from '../mail/tell-administrators.ts'
import type { Outside } from '../outside.ts'
import type { Storage } from '../storage/storage.ts'
import type { OpenBreaker } from './breakers.ts'
import type { Halt } from './halts.ts'
import type { PluginHealth } from './plugin-health.ts'

/** What operators are told of. */
export type HealthNews = { readonly kind: 'halt'; readonly halt: Halt } | { readonly kind: 'breaker'; readonly breaker: OpenBreaker }

/** A breaker is told of when it has been open for so long, in milliseconds: what is over by then was no news. */
const LONG_OPEN_MS = 600_000
/** Of the same tenant and plugin it is told again so much later at the earliest, in milliseconds. */
const AGAIN_MS = 24 * 60 * 60 * 1_000
/** After a mail server that took nothing, the next try comes so much later, in milliseconds. */
const PAUSE_MS = 600_000

interface Deps {
  readonly storage: Pick<Storage, 'platform'>
  readonly outside: Outside
  readonly health: PluginHealth
  /** `undefined` while no mail server is configured: pages and the log say it all the same. */
  readonly transport: MailTransport | undefined
  readonly from: string | undefined
  readonly poolId: () => string | undefined
  /** Who the mail says it is from. */
  readonly senderName: () => string
  readonly textOf: (news: HealthNews) => WarningText
  readonly log: { warn(detail: object, message: string): void }
}

/**
 * Tells the operators of the Pool by mail, once, that a plugin was stopped, put into quarantine, or fails one tenant for long. Who was told of what stands
 * in the kernel's tables: neither a restart nor another node tells it twice, and a mail server that is down loses nothing.
 * @returns runs one round; harmless to run often. One node at a time
 */
export function createOperatorTeller({ storage: { platform }, outside, health, transport, from, poolId, senderName, textOf, log }: Deps): () => Promise<void> {
  let notBefore = 0

  const send = async (news: HealthNews, name: string): Promise<void> => {
    const pool = poolId()
    const to = pool === undefined ? [] : await administratorAddresses({ platform }, pool)
    if (transport === undefined || from === undefined || to.length === 0) return
    await transport.send({ ...textOf(news), to, from: { name: senderName(), address: from }, replyTo: undefined, messageId: `health-${name}-${outside.now()}@${from.slice(from.lastIndexOf('@') + 1)}` })
  }

  const tellHalts = async (): Promise<void> => {
    const untold = await platform.selectFrom('plugin_halt').select(['plugin_id', 'version', 'kind']).where('told_at', 'is', null).execute()
    for (const { plugin_id: id, version, kind } of untold) {
      const halt = health.halts.all.find((one) => one.pluginId === id && (one.version ?? '') === version && one.kind === kind)
      if (halt === undefined) continue
      await send({ kind: 'halt', halt }, `${id}-${version}-${kind}`)
      await platform.updateTable('plugin_halt').set({ told_at: outside.now() }).where('plugin_id', '=', id).where('version', '=', version).where('kind', '=', kind).execute()
    }
  }

  const tellBreakers = async (): Promise<void> => {
    const now = outside.now()
    for (const breaker of health.breakers.open().filter(({ since }) => now - since >= LONG_OPEN_MS)) {
      const { tenantId, pluginId } = breaker
      const told = await platform.selectFrom('breaker_notice').select('told_at').where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId).executeTakeFirst()
      if (told !== undefined && now - told.told_at < AGAIN_MS) continue
      await send({ kind: 'breaker', breaker }, `${tenantId}-${pluginId}`)
      await platform.insertInto('breaker_notice').values({ tenant_id: tenantId, plugin_id: pluginId, told_at: now })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'plugin_id']).doUpdateSet({ told_at: now })).execute()
    }
  }

  return async () => {
    if (transport === undefined || from === undefined || outside.now() < notBefore) return
    try {
      await tellHalts()
      await tellBreakers()
    } catch (err) {
      notBefore = outside.now() + PAUSE_MS
      log.warn({ err }, 'operators could not be told by mail of a plugin that is out of service; it is tried again')
    }
  }
}
