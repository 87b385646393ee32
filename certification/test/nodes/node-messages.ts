import type { PlatformOptions } from '@liberacces/core'

/** How a node is started. */
export interface NodeWish {
  readonly data: string
  readonly url: string
  readonly secretFile: string
  readonly stopDelaySeconds: number
  readonly times: NonNullable<PlatformOptions['nodeTimes']>
  /** How far its machine's clock is ahead, in milliseconds. */
  readonly skewMs: number
}

/** What a node can be told to do. */
export type NodeOrder =
  | { readonly do: 'prepare'; readonly tenants: number }
  | { readonly do: 'upgrade' | 'rollback' | 'running'; readonly tenant: number }
  | { readonly do: 'switch'; readonly tenant: number; readonly on: boolean }
  | { readonly do: 'crash' | 'hold'; readonly at: string }
  /** Whether it stands at the point at which it was to be held. */
  | { readonly do: 'isHeld' | 'letGo' }
  | { readonly do: 'settle' }

/** An order with a number, by which it is answered. */
export type NodeCommand = NodeOrder & { readonly id: number }

/** An answer of a node; number 0 is its port, once it serves. */
export interface NodeReply {
  readonly id: number
  readonly result?: unknown
  readonly error?: string
}
