import { PlatformError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { limitOption, tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'
import { textTable, textTime } from '../text-table.ts'

interface Options {
  readonly tenant: string
  readonly limit: number
  readonly stop?: string
  readonly resume?: string
}

/** `events replays --tenant T` */
export const eventsReplays: PlatformCommand = {
  kind: 'platform',
  name: 'events replays',
  summary: 'list replays of events and how far they are; stop one, or go on with one that was stopped',
  define(command) {
    command.addOption(tenantOption()).addOption(limitOption())
      .option('--stop <replay>', 'queue no more of it')
      .option('--resume <replay>', 'go on with one that was stopped or failed')
  },
  wrongUse({ options: { stop, resume } }: Input<Options>) {
    return stop !== undefined && resume !== undefined ? 'A replay is either stopped or gone on with.\nGive --stop or --resume.' : undefined
  },
  async run(platform: Platform, { options: { tenant, limit, stop, resume } }: Input<Options>, io: Io) {
    const { id: tenantId } = tenantOf(platform, tenant)
    const wanted = stop ?? resume
    if (wanted !== undefined) {
      const isDone = stop === undefined ? await platform.replays.resume(tenantId, wanted) : await platform.replays.stop(tenantId, wanted)
      if (!isDone) throw new PlatformError('NOT_FOUND', `${tenant} has no replay "${wanted}" that could be ${stop === undefined ? 'gone on with' : 'stopped'}.`, { fix: 'See `liberacces events replays`.' })
      await platform.audit.record({ tenantId, actor: operator(), action: stop === undefined ? 'event.replay-resumed' : 'event.replay-stopped', target: wanted })
    }
    const replays = await platform.replays.list(tenantId, limit)
    io.answer(replays, textTable(
      ['replay', 'started', 'by', 'state', 'events', 'of', 'deliveries', 'passed over', 'error'],
      replays.map(({ id, startedAt, by, state, counts, total, error }) => [id, textTime(startedAt), by.name, state, counts.events, total, counts.queued, counts.accepted, error]),
      `${tenant} has had no replays.`,
    ))
  },
}
