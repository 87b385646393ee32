import type { Operation } from './journal.ts'

/** The other nodes of the platform, as changes of installations see them. */
export interface Peers {
  /** This node's name in the journal; `undefined` where there are no others. */
  readonly own: string | undefined
  /** Whether no other node lives. */
  isAlone(): Promise<boolean>
  /** Makes the operations of nodes that died, and at a start those that are nobody's, this node's own. */
  takeOver(how: { readonly nobodys: boolean }): Promise<void>
  /**
   * Resolves once every other node that lives keeps callers out of what an operation moves, as the operation in the journal asks of them.
   * @param limitMs - longest wait, in milliseconds
   * @throws PlatformError `PLUGIN_BUSY` naming those that do not
   */
  keptOut(operation: Operation, limitMs: number): Promise<void>
  /** Says that this node keeps callers out of what another one's operation moves. Twice is harmless. */
  acknowledge(operation: Operation): Promise<void>
  /** Resolves once memory is as what other nodes had committed by now. */
  caughtUp(): Promise<void>
}

/** Of a platform that is one process. */
export const NO_PEERS: Peers = {
  own: undefined,
  isAlone: async () => true,
  takeOver: async () => undefined,
  keptOut: async () => undefined,
  acknowledge: async () => undefined,
  caughtUp: async () => undefined,
}
