import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Time } from '@liberacces/sdk/ui'
import type { EventState } from '../events/desk/event-view.ts'
import { EventStateBadge } from './event-state.tsx'
import { useTranslate } from './translate.ts'

/** An event in a tree, and under each handler what it set off. */
export interface EventTreeItem {
  readonly id: string
  readonly href: string
  readonly type: string
  /** Title of the plugin that emitted it. */
  readonly source: string
  readonly at: string
  /** What it was emitted because of, where that was a schedule: its name. */
  readonly schedule?: string
  readonly handlers: readonly {
    readonly plugin: string
    readonly handler: string
    readonly state: EventState
    readonly took?: string
    readonly calls: readonly { readonly to: string; readonly what: string; readonly ms: number; readonly error?: string }[]
    /** Calls that are not named. */
    readonly moreCalls: number
    readonly caused: readonly EventTreeItem[]
  }[]
  /** What it set off through handlers whose delivery is not known any more. */
  readonly rest: readonly EventTreeItem[]
}

/** What an event came of and what came of it, as nested lists: they read in order, with a screen reader and without styles. */
export function EventTreeView({ root, current }: { readonly root: EventTreeItem; readonly current: string }): JSX.Element {
  return <ul class="event-tree"><Node item={root} current={current} /></ul>
}

function Node({ item, current }: { readonly item: EventTreeItem; readonly current: string }): JSX.Element {
  const t = useTranslate()
  const { id, href, type, source, at, schedule, handlers, rest } = item
  return (
    <li>
      <div>
        {id === current ? <strong class="breakable" aria-current="true">{type}</strong> : <a class="breakable" href={href}>{type}</a>}
        {' '}<span class="event-tree-about">{schedule === undefined ? t('event.tree.by', { source }) : t('event.tree.by-schedule', { source, schedule })} <Time date={at} withTime /></span>
      </div>
      {(handlers.length > 0 || rest.length > 0) && (
        <ul>
          {handlers.map(({ plugin, handler, state, took, calls, moreCalls, caused }) => (
            <li key={`${plugin} ${handler}`}>
              <div>
                {t('event.tree.to', { plugin })} <EventStateBadge state={state} />
                {took !== undefined && <span class="event-tree-about"> {t('event.took', { took })}</span>}
              </div>
              {(calls.length > 0 || caused.length > 0) && (
                <ul>
                  {calls.map(({ to, what, ms, error }, index) => (
                    <li key={`${what} ${index}`}>{t('event.tree.call', { to })} <code class="breakable">{what}</code>, {t('event.tree.ms', { ms })}{error !== undefined && <>, <code>{error}</code></>}</li>
                  ))}
                  {moreCalls > 0 && <li>{t('event.tree.more-calls', { count: moreCalls })}</li>}
                  {caused.map((child) => <Node key={child.id} item={child} current={current} />)}
                </ul>
              )}
            </li>
          ))}
          {rest.map((child) => <Node key={child.id} item={child} current={current} />)}
        </ul>
      )}
    </li>
  )
}
