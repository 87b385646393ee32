import { PlatformError } from '../../errors.ts'
import type { EventNode } from '../../events/desk/event-tree.ts'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'
import { textTime } from '../text-table.ts'

/** `events trace EVENT --tenant T` */
export const eventsTrace: PlatformCommand = {
  kind: 'platform',
  name: 'events trace',
  summary: 'show what an event came of, and what it set off, through plugins',
  define(command) {
    command.argument('<event>', 'its id').addOption(tenantOption())
  },
  async run(platform: Platform, { args: [eventId], options: { tenant } }: Input<{ readonly tenant: string }, [string]>, io: Io) {
    const tree = await platform.eventRecords.tree(tenantOf(platform, tenant).id, eventId)
    if (tree === undefined) throw new PlatformError('NOT_FOUND', `${tenant} has no event "${eventId}".`, { fix: 'See `liberacces events search`.' })
    io.answer(tree, [
      `Trace ${tree.root.event.traceId ?? 'unknown'}`,
      ...(tree.isRootLost ? ['(what came before is not kept any more)'] : []),
      ...linesOf(tree.root, ''),
      ...(tree.isCut ? ['(there is more than is shown)'] : []),
    ].join('\n'))
  },
}

function linesOf({ event, caused }: EventNode, indent: string): readonly string[] {
  const inner = `${indent}  `
  return [
    `${indent}${event.type} ${event.id} by ${event.source}${event.release === undefined ? '' : ` ${event.release}`}, ${textTime(event.time)}`,
    ...event.deliveries.flatMap(({ subscriber, handler, state, changedAt, trail }) => [
      `${inner}-> ${subscriber} ${handler}: ${state}${state === 'delivered' ? ` after ${changedAt - event.time} ms` : ''}`,
      ...(trail?.calls ?? []).map(({ to, what, ms, error }) => `${inner}   calls ${to} ${what}, ${ms} ms${error === undefined ? '' : `: ${error}`}`),
      ...(trail !== undefined && trail.more > 0 ? [`${inner}   and ${trail.more} more calls`] : []),
      ...caused.filter(({ event: { cause } }) => cause?.kind === 'handler' && cause.pluginId === subscriber && cause.handlerId === handler).flatMap((node) => linesOf(node, `${inner}   `)),
    ]),
    // Those of a handler whose delivery is not there any more.
    ...caused.filter(({ event: { cause } }) => !event.deliveries.some(({ subscriber, handler }) => cause?.kind === 'handler' && cause.pluginId === subscriber && cause.handlerId === handler)).flatMap((node) => linesOf(node, inner)),
  ]
}
