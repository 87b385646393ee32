import { PlatformError } from '../../errors.ts'
import type { ReplaySelection } from '../../events/desk/replay-selection.ts'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { moment } from '../moment-option.ts'
import { operator } from '../operator.ts'
import { collected, tenantOption } from '../option-values.ts'
import { receiverOf } from '../receiver-of.ts'
import { replayText } from '../replay-text.ts'
import { tenantOf } from '../tenant-of.ts'

interface Options {
  readonly tenant: string
  readonly from?: number
  readonly to?: number
  readonly type?: readonly string[]
  readonly source?: string
  readonly plugin?: string
  readonly handler?: string
  readonly again?: boolean
  readonly dryRun?: boolean
}

/** `events replay [EVENT…] --tenant T [--from DAY] …` */
export const eventsReplay: PlatformCommand = {
  kind: 'platform',
  name: 'events replay',
  summary: 'deliver events again: to handlers that have not dealt with them, or to all',
  define(command) {
    command.argument('[event...]', 'ids of events').addOption(tenantOption())
      .option('--from <moment>', 'those emitted from then on: a day, or an instant', moment)
      .option('--to <moment>', 'those emitted before', moment)
      .option('--type <type>', 'only of this contract; may be said several times', collected)
      .option('--source <plugin>', 'only those that this plugin emitted')
      .option('--plugin <plugin>', 'only to this plugin')
      .option('--handler <handler>', 'only to this handler of it')
      .option('--again', 'also to handlers that have dealt with them: what these do is done once more')
      .option('--dry-run', 'say what would be done, and do nothing')
  },
  wrongUse({ args: [ids], options }: Input<Options, [readonly string[]]>) {
    if (ids.length === 0 && options.from === undefined) return 'Which events is not said.\nGive ids, or --from.'
    if (ids.length > 0 && (options.from !== undefined || options.to !== undefined)) return 'Events are named by id and by time.\nGive one or the other.'
    return undefined
  },
  async run(platform: Platform, { args: [ids], options: { tenant, dryRun, again = false, type, ...rest } }: Input<Options, [readonly string[]]>, io: Io) {
    const { id: tenantId } = tenantOf(platform, tenant)
    const selection: ReplaySelection = { ...rest, plugin: receiverOf(platform, tenantId, rest), again, ...(ids.length > 0 ? { ids } : {}), ...(type === undefined ? {} : { types: type }) }
    const foreseen = await platform.replays.preview(tenantId, selection)
    if (ids.length > 0 && foreseen.queued + foreseen.underWay + foreseen.accepted === 0) {
      throw new PlatformError('NOT_FOUND', `Nothing to deliver: ${tenant} has no such event, or nobody receives it${selection.handler === undefined ? '' : ` as "${selection.handler}"`}.`,
        { fix: 'See `liberacces events list` for the ids, and which plugins are on.' })
    }
    if (dryRun === true) {
      io.answer({ tenant, dryRun: true, ...foreseen }, replayText(foreseen))
      return
    }
    const { id } = await platform.replays.begin(tenantId, selection, operator())
    await platform.audit.record({
      tenantId, actor: operator(), action: 'event.replayed', target: ids.length === 1 ? (ids[0] ?? id) : id,
      detail: { events: foreseen.events, deliveries: foreseen.queued, again, ...(selection.plugin === undefined ? {} : { plugin: selection.plugin }), ...(selection.handler === undefined ? {} : { handler: selection.handler }) },
    })
    io.answer({ tenant, replay: id, ...foreseen }, `${replayText(foreseen)}\nReplay ${id} goes on by itself while the server runs; see \`liberacces events replays --tenant ${tenant}\`.`)
  },
}
