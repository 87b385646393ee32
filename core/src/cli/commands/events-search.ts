import { Option } from 'commander'
import type { EventQuery } from '../../events/desk/event-search.ts'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { moment } from '../moment-option.ts'
import { tenantOption, wholeNumber } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'
import { textTable, textTime } from '../text-table.ts'

type Options = Omit<EventQuery, 'traceId'> & { readonly tenant: string; readonly trace?: string }

/** `events search --tenant T [--type …] …` */
export const eventsSearch: PlatformCommand = {
  kind: 'platform',
  name: 'events search',
  summary: 'find events by what is known of them, newest first',
  define(command) {
    command.addOption(tenantOption())
      .option('--type <text>', 'part of the contract’s id')
      .option('--subject <subject>', 'what it is about: the whole subject')
      .option('--plugin <plugin>', 'emitted or received by this plugin')
      .option('--trace <id>', 'of this trace: 32 hexadecimal digits')
      .addOption(new Option('--state <state>', 'how far it has got').choices(['pending', 'delivered', 'dead', 'discarded', 'unsubscribed']))
      .option('--from <moment>', 'emitted from then on: a day, or an instant', moment)
      .option('--to <moment>', 'emitted before', moment)
      .addOption(new Option('--limit <n>', 'how many events at most, 1 to 200').argParser(wholeNumber(1, 200)).default(50))
      .option('--cursor <mark>', 'go on where the page before ended')
  },
  async run(platform: Platform, { options: { tenant, trace, ...query } }: Input<Options>, io: Io) {
    const page = await platform.eventRecords.search(tenantOf(platform, tenant).id, { ...query, traceId: trace })
    io.answer(page, textTable(
      ['event', 'time', 'type', 'subject', 'from', 'state', 'deliveries', 'trace'],
      page.events.map(({ id, time, type, subject, source, state, deliveries, traceId }) => [id, textTime(time), type, subject, source, state, deliveries.length, traceId]),
      `${tenant} has no such events.`,
    ))
    if (page.searchedBackTo !== undefined) io.note(`Looked at events back to ${textTime(page.searchedBackTo)} so far.`)
    if (page.next !== undefined) io.note(`There may be more: --cursor ${page.next}`)
  },
}
