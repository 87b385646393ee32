import { PlatformError } from '../errors.ts'

/** Where spans are sent, as OpenTelemetry's own variables say. */
export interface OtlpConfig {
  /** Full address that spans are posted to. */
  readonly url: string
  /** Share of traces that begin here and are sent, 0 to 1. Those that come with a decision keep it. */
  readonly ratio: number
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * `undefined` when no spans are to be sent: without an endpoint nothing of this costs anything.
 * @throws PlatformError `CONFIG_INVALID`
 */
export function readOtlpConfig(env: Environment): OtlpConfig | undefined {
  const whole = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']
  const base = env['OTEL_EXPORTER_OTLP_ENDPOINT']
  if ((!whole && !base) || env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none') return undefined
  const protocol = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] || env['OTEL_EXPORTER_OTLP_PROTOCOL'] || 'http/json'
  if (!protocol.startsWith('http/')) throw wrong('OTEL_EXPORTER_OTLP_PROTOCOL', `"${protocol}" is not spoken here`, 'Leave it empty, and name an endpoint that takes OTLP over HTTP, mostly port 4318.')
  return { url: whole ? addressOf('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', whole) : `${addressOf('OTEL_EXPORTER_OTLP_ENDPOINT', base ?? '').replace(/\/+$/, '')}/v1/traces`, ratio: ratioOf(env) }
}

function addressOf(variable: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  // Said without it: it may hold a password.
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) throw wrong(variable, 'it is no address of a collector', 'Give one such as http://127.0.0.1:4318; keys belong into OTEL_EXPORTER_OTLP_HEADERS.')
  return url.href
}

function ratioOf(env: Environment): number {
  const sampler = env['OTEL_TRACES_SAMPLER'] || 'parentbased_always_on'
  switch (sampler) {
    case 'parentbased_always_on': return 1
    case 'parentbased_always_off': return 0
    case 'parentbased_traceidratio': {
      const ratio = Number(env['OTEL_TRACES_SAMPLER_ARG'] || '1')
      if (!(ratio >= 0 && ratio <= 1)) throw wrong('OTEL_TRACES_SAMPLER_ARG', `"${env['OTEL_TRACES_SAMPLER_ARG']}" is no share`, 'Give a number from 0 to 1, such as 0.1.')
      return ratio
    }
    default: throw wrong('OTEL_TRACES_SAMPLER', `"${sampler}" is not known here`, 'Give parentbased_always_on, parentbased_always_off or parentbased_traceidratio.')
  }
}

function wrong(variable: string, what: string, fix: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', `${variable}: ${what}.`, { fix })
}
