import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Badge } from '@liberacces/sdk/ui'
import type { EventState } from '../events/desk/event-view.ts'
import { useTranslate } from './translate.ts'

const KINDS = { pending: 'info', retrying: 'warning', delivered: 'success', dead: 'error', discarded: 'neutral', unsubscribed: 'neutral' } as const

/** How far an event, or a delivery of it, has got, in words. */
export function EventStateBadge({ state }: { readonly state: EventState }): JSX.Element {
  const t = useTranslate()
  return <Badge kind={KINDS[state]}>{t(`events.state.${state}`)}</Badge>
}
