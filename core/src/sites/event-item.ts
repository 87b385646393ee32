import type { Locale } from '@liberacces/sdk'
import type { EventNode } from '../events/desk/event-tree.ts'
import type { DeliveryFacts, EventFacts } from '../events/desk/event-view.ts'
import type { RequestContext } from '../http/request-context.ts'
import { KERNEL_ID } from '../identity/kernel-permissions.ts'
import { MAIL_EVENT } from '../mail/stored-mail.ts'
import type { DeliveryItem } from '../pages/admin-event.tsx'
import { EVENTS_PATH, type EventItem } from '../pages/admin-events.tsx'
import type { EventTreeItem } from '../pages/event-tree-view.tsx'
import { translator } from '../pages/translate.ts'
import { pluginTitle } from './plugin-title.ts'
import type { SiteServices } from './site-services.ts'

type Services = Pick<SiteServices, 'catalogue'>
type Reader = Pick<RequestContext, 'locale'>

/** Address of an event's page. The id in the query: one that came from elsewhere may hold what no path may. */
export function eventHref(id: string): string {
  return `${EVENTS_PATH}/evenement?${new URLSearchParams({ id })}`
}

/** What people call a contract. */
function typeText({ locale }: Reader, type: string): string {
  return type === MAIL_EVENT ? translator(locale)('events.mail') : type
}

/** Who receives: the platform itself carries mails. */
export function receiverTitle(services: Services, pluginId: string, locale: Locale): string {
  return pluginId === KERNEL_ID ? translator(locale)('events.receiver.mail') : pluginTitle(services, pluginId, locale)
}

export function eventItem(services: Services, context: Reader, { id, type, subject, source, deliveries, time, state }: EventFacts): EventItem {
  const { locale } = context
  return {
    id, href: eventHref(id), type: typeText(context, type), source: pluginTitle(services, source, locale), at: new Date(time).toISOString(), state,
    receivers: [...new Set(deliveries.map(({ subscriber }) => receiverTitle(services, subscriber, locale)))],
    ...(subject === undefined ? {} : { subject }),
  }
}

/** From the emission to the delivery; of an event that was to come later, from then on. */
function tookText({ locale }: Reader, { time, dueAt }: EventFacts, { state, changedAt }: DeliveryFacts): string | undefined {
  if (state !== 'delivered') return undefined
  const ms = Math.max(0, changedAt - Math.max(time, dueAt ?? 0))
  const [value, unit] = ms < 1_000 ? [ms, 'millisecond'] : ms < 120_000 ? [ms / 1_000, 'second'] : ms < 7_200_000 ? [ms / 60_000, 'minute'] : ms < 172_800_000 ? [ms / 3_600_000, 'hour'] : [ms / 86_400_000, 'day']
  return value.toLocaleString(locale, { style: 'unit', unit: unit as string, unitDisplay: 'long', maximumFractionDigits: unit === 'second' ? 1 : 0 })
}

/** @param isListening - whether the handler is there and would be called */
export function deliveryItem(services: Services, context: Reader, event: EventFacts, delivery: DeliveryFacts, isListening: boolean): DeliveryItem {
  const { subscriber, handler, state, attempts, changedAt, nextAt, lastError, again } = delivery
  const address = (what: string): string => `${EVENTS_PATH}/evenement/${what}?${new URLSearchParams({ id: event.id, plugin: subscriber, handler })}`
  const took = tookText(context, event, delivery)
  // What has left as a mail is not there any more to leave again.
  const mayRepeat = isListening && event.type !== MAIL_EVENT && (state === 'delivered' || state === 'discarded')
  return {
    plugin: receiverTitle(services, subscriber, context.locale), handler, state, attempts, at: new Date(changedAt).toISOString(), again,
    ...(took === undefined ? {} : { took }),
    ...(nextAt === undefined || attempts === 0 ? {} : { nextAt: new Date(nextAt).toISOString() }),
    ...(lastError === undefined ? {} : { error: lastError }),
    ...((state === 'dead' || state === 'retrying') && isListening ? { retry: address('retenter') } : {}),
    ...(state === 'dead' ? { discard: address('abandonner') } : {}),
    ...(mayRepeat ? { repeat: address('rejouer') } : {}),
  }
}

export function treeItem(services: Services, context: Reader, { event, caused }: EventNode): EventTreeItem {
  const { id, type, source, time, cause, deliveries } = event
  const { locale } = context
  const isOf = ({ subscriber, handler }: DeliveryFacts, node: EventNode): boolean => node.event.cause?.kind === 'handler' && node.event.cause.pluginId === subscriber && node.event.cause.handlerId === handler
  return {
    id, href: eventHref(id), type: typeText(context, type), source: pluginTitle(services, source, locale), at: new Date(time).toISOString(),
    ...(cause?.kind === 'schedule' ? { schedule: cause.scheduleId } : {}),
    handlers: deliveries.map((delivery) => {
      const took = tookText(context, event, delivery)
      return {
        plugin: receiverTitle(services, delivery.subscriber, locale), handler: delivery.handler, state: delivery.state,
        ...(took === undefined ? {} : { took }),
        calls: (delivery.trail?.calls ?? []).map(({ to, what, ms, error }) => ({ to: pluginTitle(services, to, locale), what, ms, ...(error === undefined ? {} : { error }) })),
        moreCalls: delivery.trail?.more ?? 0,
        caused: caused.filter((node) => isOf(delivery, node)).map((node) => treeItem(services, context, node)),
      }
    }),
    rest: caused.filter((node) => !deliveries.some((delivery) => isOf(delivery, node))).map((node) => treeItem(services, context, node)),
  }
}
