import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import { PlatformError } from '../errors.ts'
import { platformVersion } from '../platform-version.ts'
import type { OtlpConfig } from './otlp-config.ts'
import type { DoneSpan, OpenSpan, SpanAttributes, SpanKind, Tracer } from './tracer.ts'

/** The numbers of OpenTelemetry's API. */
const KINDS: Readonly<Record<SpanKind, number>> = { internal: 0, server: 1, client: 2, consumer: 4 }
const OK = 0
const ERROR = 2
const SAMPLED = 1
const SCOPE = { name: 'liberacces', version: platformVersion() }

/** What a tracer is made from. */
export interface OtlpTracerOptions {
  readonly config: OtlpConfig
  /** So many unguessable hexadecimal digits. */
  readonly hex: (digits: number) => string
  /** @defaultValue OpenTelemetry's exporter, which posts JSON */
  readonly exporter?: SpanExporter
}

/** A tracer that can be closed. */
export interface OtlpTracer extends Tracer {
  /** Sends what waits, for a few seconds at most. */
  close(): Promise<void>
}

/**
 * Opens a tracer on OpenTelemetry's own libraries: they gather spans and send them in the background; a collector that is away costs spans and
 * nothing else. Spans are handed to them once done: the place in the trace, which the platform hands on anyway, is all that is needed before.
 * @throws PlatformError `CONFIG_INVALID` when the libraries are not installed
 */
export async function openOtlpTracer({ config, hex, exporter }: OtlpTracerOptions): Promise<OtlpTracer> {
  const [{ BatchSpanProcessor }, { defaultResource, detectResources, envDetector, resourceFromAttributes }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-trace'), import('@opentelemetry/resources'), import('@opentelemetry/exporter-trace-otlp-http'),
  ]).catch((cause: unknown) => {
    throw new PlatformError('CONFIG_INVALID', 'OTEL_EXPORTER_OTLP_ENDPOINT: the libraries that send traces are not installed.', {
      fix: 'Run `npm install @opentelemetry/sdk-trace @opentelemetry/resources @opentelemetry/exporter-trace-otlp-http` beside the platform, or leave the variable empty.', cause,
    })
  })
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'liberacces', 'service.version': SCOPE.version }))
    .merge(detectResources({ detectors: [envDetector] }))
  const processor = new BatchSpanProcessor({ exporter: exporter ?? new OTLPTraceExporter({ url: config.url }), exportTimeoutMillis: 10_000 })
  const isSent = (traceparent: string, isFirst: boolean): boolean => {
    if ((Number.parseInt(traceparent.slice(53, 55), 16) & SAMPLED) === 0) return false
    // By the trace alone, so that all nodes decide alike. A trace that came from elsewhere was decided upon there.
    return !isFirst || config.ratio >= 1 || Number.parseInt(traceparent.slice(22, 35), 16) / 16 ** 13 < config.ratio
  }

  const done = ({ name, kind, traceparent, parent, startedAt, attributes, error }: DoneSpan): void => {
    if (!isSent(traceparent, true)) return
    const endedAt = performance.now()
    const context = { traceId: traceparent.slice(3, 35), spanId: traceparent.slice(36, 52), traceFlags: SAMPLED }
    const span: ReadableSpan = {
      name, kind: KINDS[kind], spanContext: () => context,
      ...(parent === undefined ? {} : { parentSpanContext: { traceId: parent.slice(3, 35), spanId: parent.slice(36, 52), traceFlags: SAMPLED } }),
      startTime: hrTime(performance.timeOrigin + startedAt), endTime: hrTime(performance.timeOrigin + endedAt), duration: hrTime(endedAt - startedAt), ended: true,
      // What an error says may quote what people wrote: its code says enough.
      status: error === undefined ? { code: OK } : { code: ERROR, message: codeOf(error) },
      attributes: error === undefined ? present(attributes) : present({ ...attributes, 'error.type': codeOf(error) }),
      links: [], events: [], resource, instrumentationScope: SCOPE, droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0,
    }
    processor.onEnd(span)
  }
  return {
    done,
    begin(name, kind, parent, attributes): OpenSpan {
      const startedAt = performance.now()
      const traceparent = `${parent.slice(0, 36)}${hex(16)}${parent.slice(52, 55)}`
      return { traceparent, end: (error, more) => { done({ name, kind, traceparent, parent, startedAt, attributes: { ...attributes, ...more }, error }) } }
    },
    close: () => processor.shutdown(),
  }
}

function hrTime(ms: number): [number, number] {
  const seconds = Math.floor(ms / 1_000)
  return [seconds, Math.round((ms - seconds * 1_000) * 1_000_000)]
}

function present(attributes: SpanAttributes): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(attributes).filter((pair): pair is [string, string | number | boolean] => pair[1] !== undefined))
}

function codeOf(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown }
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'Error'
}
