/** Why an event was written: whoever emitted it was just then running because of this. Left out where a person's request was the reason. */
export type Cause =
  /** A handler that was dealing with another event of the tenant. */
  | { readonly kind: 'handler'; readonly pluginId: string; readonly handlerId: string; readonly eventId: string }
  | { readonly kind: 'schedule'; readonly pluginId: string; readonly scheduleId: string }

/** The same in two columns: the event, by which what it caused is found, and who. */
export interface CauseColumns {
  readonly cause_event: string | null
  /** `handler <plugin> <handler>` or `schedule <plugin> <schedule>`. */
  readonly cause_by: string | null
}

const NONE: CauseColumns = Object.freeze({ cause_event: null, cause_by: null })

/** How a cause is stored. */
export function causeColumns(cause: Cause | undefined): CauseColumns {
  if (cause === undefined) return NONE
  return cause.kind === 'handler'
    ? { cause_event: cause.eventId, cause_by: `handler ${cause.pluginId} ${cause.handlerId}` }
    : { cause_event: null, cause_by: `schedule ${cause.pluginId} ${cause.scheduleId}` }
}

/** How a stored cause is read; `undefined` for none. */
export function causeOf({ cause_event: eventId, cause_by: by }: CauseColumns): Cause | undefined {
  // Ids of plugins hold no space; those of handlers may.
  const parts = by === null ? null : /^(handler|schedule) (\S+) (.+)$/s.exec(by)
  if (parts === null) return undefined
  const [, kind, pluginId = '', id = ''] = parts
  if (kind === 'schedule') return { kind, pluginId, scheduleId: id }
  return eventId === null ? undefined : { kind: 'handler', pluginId, handlerId: id, eventId }
}
