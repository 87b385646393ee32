import type { Duplex } from 'node:stream'
import type { ConnectTarget, Context, TenantInfo } from '@liberacces/sdk'
import type { pluginLog } from '../runtime/plugin-log.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { Call } from '../runtime/runtime.ts'

/** Which worker, where. */
export interface WorkerKey {
  readonly tenantId: string
  readonly pluginId: string
  readonly workerId: string
}

/** What workers reach of the kernel. */
export interface WorkerPorts {
  now(): number
  /** From 0 to 1. */
  chance(): number
  tenant(tenantId: string): TenantInfo
  settings(key: WorkerKey): unknown
  /** One piece of work through the door into plugin code. */
  call<Result>(key: WorkerKey, release: LoadedRelease, call: Call, signal: AbortSignal, body: (c: Context) => Promise<Result>): Promise<Result>
  connect(key: WorkerKey, release: LoadedRelease, target: ConnectTarget, signal: AbortSignal): Promise<Duplex>
  readonly log: Parameters<typeof pluginLog>[0]
}
