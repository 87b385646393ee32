import { Argument } from 'commander'
import { PlatformError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import { eventTable } from '../event-table.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { limitOption, tenantOption } from '../option-values.ts'
import { receiverOf } from '../receiver-of.ts'
import { replayText } from '../replay-text.ts'
import { tenantOf } from '../tenant-of.ts'

interface Options {
  readonly tenant: string
  readonly limit: number
  readonly plugin?: string
  readonly handler?: string
  readonly yes?: boolean
}
type Args = ['list' | 'retry' | 'discard', string | undefined]

/** `events dead-letters [list|retry|discard] [EVENT] --tenant T` */
export const eventsDeadLetters: PlatformCommand = {
  kind: 'platform',
  name: 'events dead-letters',
  summary: 'list deliveries that failed for good, try them again, or give them up',
  define(command) {
    command
      .addArgument(new Argument('[what]', 'list, retry or discard').choices(['list', 'retry', 'discard']).default('list'))
      .argument('[event]', 'id of one event; without it all of a plugin, or of one of its handlers')
      .addOption(tenantOption()).addOption(limitOption())
      .option('--plugin <plugin>', 'only those of this receiver')
      .option('--handler <handler>', 'only those of this handler of it')
      .option('--yes', 'yes, give them up')
  },
  wrongUse({ args: [what, event], options: { plugin, handler, yes } }: Input<Options, Args>) {
    if (what === 'list') return event === undefined ? undefined : 'A list is not of one event.\nSee `liberacces events show`.'
    if (event === undefined && plugin === undefined && handler === undefined) return 'Which dead letters is not said.\nGive the id of an event, or --plugin, perhaps with --handler.'
    return what === 'discard' && yes !== true ? 'Nobody will deal with what is given up.\nSay --yes.' : undefined
  },
  async run(platform: Platform, { args: [what, event], options: { tenant, limit, yes: _yes, ...rest } }: Input<Options, Args>, io: Io) {
    const { id: tenantId } = tenantOf(platform, tenant)
    const plugin = what === 'list' ? rest.plugin : receiverOf(platform, tenantId, rest)
    const { handler } = rest
    const isMeant = (one: { readonly subscriber?: string | undefined; readonly handler?: string | undefined }): boolean => (plugin ?? one.subscriber) === one.subscriber && (handler ?? one.handler) === one.handler
    if (what === 'list') {
      const rows = (await platform.events.list(tenantId, { status: 'dead', limit: 500 })).filter(isMeant).slice(0, limit)
      io.answer(rows, eventTable(rows, `${tenant} has no dead letters.`))
      return
    }
    if (what === 'retry') {
      const selection = { only: 'dead' as const, plugin, handler, again: false, ...(event === undefined ? {} : { ids: [event] }) }
      const foreseen = await platform.replays.preview(tenantId, selection)
      if (foreseen.events === 0) throw none(tenant)
      const { id } = await platform.replays.begin(tenantId, selection, operator())
      await platform.audit.record({ tenantId, actor: operator(), action: 'event.dead-letters-retried', target: event ?? plugin ?? '', detail: { deliveries: foreseen.queued, ...(handler === undefined ? {} : { handler }) } })
      io.answer({ tenant, replay: id, ...foreseen }, replayText(foreseen))
      return
    }
    let discarded = 0
    for (const group of (await platform.eventRecords.deadLetters(tenantId)).filter(isMeant)) discarded += await platform.eventRecords.discard(tenantId, { plugin: group.subscriber, handler: group.handler, eventId: event })
    if (discarded === 0) throw none(tenant)
    await platform.audit.record({ tenantId, actor: operator(), action: 'event.dead-letters-discarded', target: event ?? plugin ?? '', detail: { deliveries: discarded, ...(handler === undefined ? {} : { handler }) } })
    io.answer({ tenant, discarded }, `Gave up ${discarded} ${discarded === 1 ? 'delivery' : 'deliveries'}.`)
  },
}

function none(tenant: string): PlatformError {
  return new PlatformError('NOT_FOUND', `${tenant} has no such dead letters.`, { fix: 'See `liberacces events dead-letters`.' })
}
