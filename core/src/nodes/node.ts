import type { NodeWork } from './node-work.ts'

/** A process that serves this platform, or works on it. */
export interface NodeInfo {
  readonly id: string
  readonly host: string
  readonly pid: number
  readonly version: string
  /** Where it answers; `undefined` while it does not. */
  readonly port: number | undefined
  /** Host and port under which it answers; `undefined` while it does not. */
  readonly address: string | undefined
  /** What it is at; `undefined` where it does not say. */
  readonly work: NodeWork | undefined
  /** Milliseconds since the Unix epoch, by the clock of the database. */
  readonly startedAt: number
  /** How long ago it last said that it lives, in milliseconds. */
  readonly silentMs: number
  /** How far its clock is ahead of the database's, in milliseconds. */
  readonly skewMs: number
  /** Whether it is the one that answers. */
  readonly isThis: boolean
}

/** A node that said so less long ago lives, in milliseconds. */
const LIVES_MS = 10_000

/** Another one that lives, if there is one. */
export function otherLiving(nodes: readonly NodeInfo[]): NodeInfo | undefined {
  return nodes.find(({ isThis, silentMs }) => !isThis && silentMs < LIVES_MS)
}
