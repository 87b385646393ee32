/** What kind of work a span is (OpenTelemetry: span kinds). */
export type SpanKind = 'internal' | 'server' | 'client' | 'consumer'

/** Names and numbers that say more. Never a secret, a person's name or the content of a document. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>

/** Something that was done. */
export interface DoneSpan {
  /** Few different ones: ids and values belong into the attributes. */
  readonly name: string
  readonly kind: SpanKind
  /** Its own place in the trace: `00-<trace id>-<span id>-<flags>`. */
  readonly traceparent: string
  /** Of what it was done for; `undefined` for the first of a trace. */
  readonly parent: string | undefined
  /** As of `performance.now()`. */
  readonly startedAt: number
  readonly attributes: SpanAttributes
  /** What it failed with. */
  readonly error?: unknown
}

/** Something that is being done. */
export interface OpenSpan {
  readonly traceparent: string
  /** @param error - what it failed with */
  end(error?: unknown, attributes?: SpanAttributes): void
}

/** Sends spans on, when the platform is told to where. */
export interface Tracer {
  /** Begins a span below another. */
  begin(name: string, kind: SpanKind, parent: string, attributes: SpanAttributes): OpenSpan
  /** Notes one that had its place in the trace already, such as a request. It ends now. */
  done(span: DoneSpan): void
}

/** Runs a body as a span below another one. */
export async function inSpan<Result>(tracer: Tracer, [name, kind, parent, attributes]: Parameters<Tracer['begin']>, body: (traceparent: string) => Promise<Result>): Promise<Result> {
  const span = tracer.begin(name, kind, parent, attributes)
  try {
    const result = await body(span.traceparent)
    span.end()
    return result
  } catch (error) {
    span.end(error)
    throw error
  }
}
