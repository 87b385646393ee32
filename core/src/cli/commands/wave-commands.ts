import type { WaveReport } from '../../lifecycle/wave-report.ts'
import type { Platform } from '../../platform.ts'
import { PlatformError } from '../../errors.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { textTable, textTime } from '../text-table.ts'

/** `wave list` */
export const waveList: PlatformCommand = {
  kind: 'platform',
  name: 'wave list',
  summary: 'say how the latest upgrade or rehearsal of each plugin over all tenants stands, whichever node runs it',
  async run(platform: Platform, _input, io: Io) {
    const waves = await platform.waves.list()
    const slugOf = (tenantId: string): string => platform.tenants.byId(tenantId)?.info.slug ?? tenantId
    io.answer(waves.map(({ problems, ...wave }) => ({ ...wave, problems: problems.map(({ tenantId, ...problem }) => ({ tenant: slugOf(tenantId), ...problem })) })), textTable(
      ['plugin', 'what', 'to', 'since', 'state', 'through', 'failed', 'waiting', 'why'],
      waves.map((wave) => [
        wave.pluginId, wave.kind, wave.to, textTime(wave.startedAt), stateOf(wave), `${wave.through} of ${wave.total ?? '?'}`, wave.failed, wave.waiting,
        wave.error ?? wave.problems.slice(0, 3).map(({ tenantId, message }) => `${slugOf(tenantId)}: ${message}`).join(' '),
      ]),
      'No wave has been run.',
    ))
  },
}

/** `wave stop ID` */
export const waveStop: PlatformCommand = {
  kind: 'platform',
  name: 'wave stop',
  summary: 'have an upgrade or a rehearsal over all tenants end before its next tenant, on whichever node it runs',
  define(command) {
    command.argument('<plugin>', 'its id')
  },
  async run(platform: Platform, { args: [pluginId] }: Input<object, [string]>, io: Io) {
    const wave = await platform.waves.stop(pluginId)
    if (wave === undefined) throw new PlatformError('PLUGIN_STATE', `No wave of "${pluginId}" is under way.`, { fix: 'See `liberacces wave list`.' })
    const pool = platform.tenants.pool()
    if (pool !== undefined) await platform.audit.record({ tenantId: pool.id, actor: operator(), action: 'wave.stopped', target: pluginId, detail: { to: wave.to } })
    io.answer({ pluginId, plugin: pluginId, to: wave.to, through: wave.through }, `The wave of ${pluginId} ends after the tenants under way; ${wave.through} are through. Run again, it goes on.`)
  },
}

function stateOf({ endedAt, node }: WaveReport & { readonly node?: string }): string {
  return node === undefined || endedAt !== undefined ? 'ended' : 'under way'
}
