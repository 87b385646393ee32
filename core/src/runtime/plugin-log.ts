import type { Log } from '@liberacces/sdk'
import type { Logger } from 'pino'
import { traceIdOf } from '../http/traceparent.ts'
import { boundedDetail } from './bounded-detail.ts'
import type { LoadedRelease } from './release.ts'
import type { Origin } from './runtime.ts'

/** Whom a log line is about: plugin, release, tenant and trace. */
export function blame(release: LoadedRelease, { tenant, traceparent }: Origin): Readonly<Record<string, string>> {
  return { plugin: release.manifest.id, release: release.manifest.version, tenant: tenant.info.slug, traceId: traceIdOf(traceparent) }
}

/** The log that a plugin's code writes to. */
export function pluginLog(log: Logger, bindings: Readonly<Record<string, string>>): Log {
  const write = (level: keyof Log) => (message: string, detail?: Readonly<Record<string, unknown>>): void => { log[level]({ ...bindings, detail: boundedDetail(detail) }, message) }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
