import type { Kysely } from 'kysely'
import type { Container } from '../container.ts'
import { listenOn } from '../http/listen-on.ts'
import { createTeller } from '../mail/tell-administrators.ts'
import { quotaWarningText } from '../pages/quota-warning-text.ts'
import { schedulesOf } from '../privacy/retention-schedule.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import { settleMemoryAtRest } from '../settle-memory.ts'
import { servePlatform } from '../sites/serve-platform.ts'
import { everyMinute, repeat, sweepNowAndThen } from '../sweeps.ts'
import type { Base } from './base.ts'
import { currentModules } from './current-modules.ts'
import { addressOf } from './nodes-of.ts'
import { servingServices } from './serving-services.ts'
import { EVENTS, FILES, GRANTS, LABELS, LOGIN_THROTTLE, QUOTAS, REMOVAL, REPLAYS, RETENTION, SCHEDULER, SESSIONS, TELL_OPERATORS, TENANTS, WORKERS } from './tokens.ts'

/** How often several nodes add up what each has counted, in milliseconds. */
const ADD_UP_EVERY_MS = 5_000

/**
 * Answers requests, delivers events, runs schedules and clears away what has run out, until the platform's scope closes.
 * @throws PlatformError `CONFIG_INVALID` when the port is taken or not ours to take
 */
export async function serve(services: Container, base: Base): Promise<{ readonly port: number }> {
  const { config, scope, serving, health, storage, locks, outside, log, life, mail: { transport, from } } = base
  const tenants = services.get(TENANTS)
  const front = await servePlatform(await servingServices(services, base))
  scope.defer('front', () => front.stop())
  serving.front = front
  serving.port = await listenOn(front, config)
  await life?.serve(serving.port, addressOf(config.host, serving.port))
  await services.get(EVENTS).start()
  await services.get(REPLAYS).start()
  const { ledger, room } = services.get(QUOTAS)
  const tell = createTeller({
    storage, outside, ledger, transport, from, log,
    senderName: () => tenants.pool()?.info.name ?? 'LiberAccès',
    textOf: (warning) => quotaWarningText(warning, tenants.byId(warning.tenantId)),
  })
  everyMinute(scope, log, [
    // One node tells; the others find that it was told.
    () => locks.withLock('quota-warnings', async () => {
      await ledger.refresh()
      await tell()
      await ledger.flush()
    }),
    async () => { await services.get(RETENTION).sweep() },
    async () => { health.breakers.sweep() },
    // One node puts out of service; the others find that it was done.
    () => locks.withLock('labels', () => services.get(LABELS).sweep()),
    services.get(TELL_OPERATORS),
    ...(life === undefined ? [] : [async () => { room.forgetAll() }]),
  ])
  if (life !== undefined) repeat(scope, 'quotas of several nodes', log, ADD_UP_EVERY_MS, [() => ledger.refresh()])
  sweepNowAndThen(scope, log, [() => services.get(SESSIONS).sweep(), () => services.get(LOGIN_THROTTLE).sweep(), () => services.get(GRANTS).sweep(), () => services.get(FILES).settle(), () => services.get(REMOVAL).sweep()])
  for (const [release, tenantIds] of tenantsByRelease(services)) {
    await services.get(SCHEDULER).registerMany(release.manifest.id, schedulesOf(release), tenantIds)
  }
  const workers = services.get(WORKERS)
  scope.defer('workers', () => workers.stop())
  workers.start([...tenants.all()].map(({ id }) => id))
  scope.defer('workers of what is stopped', health.halts.onChange(() => { void workers.syncAll([...tenants.all()].map(({ id }) => id)) }))
  settleMemoryAtRest(scope, log, storage.platform as unknown as Kysely<never>)
  return { port: serving.port }
}

/** Who runs what has schedules. */
function tenantsByRelease(services: Container): ReadonlyMap<LoadedRelease, readonly string[]> {
  const modules = currentModules(services)
  const found = new Map<LoadedRelease, string[]>()
  for (const { id } of services.get(TENANTS).all()) {
    for (const release of modules(id).releases) {
      if (schedulesOf(release).length === 0) continue
      const ids = found.get(release)
      if (ids === undefined) found.set(release, [id])
      else ids.push(id)
    }
  }
  return found
}
