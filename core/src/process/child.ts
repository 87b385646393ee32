import type { Duplex } from 'node:stream'
import type { Wall } from './box/wall.ts'

/** Whose doing the end of a child was: the plugin's own; that of one of several, nobody knows which; or that of others alone. */
export type Blame = 'own' | 'unsure' | 'none'

/** What a plugin is at in its child. `computing`: nothing that it was asked waits for an answer of the kernel. */
export type AtWork = 'computing' | 'waiting' | 'idle'

/** Something at the other end of a stream that runs a plugin. */
export interface Child {
  readonly pid: number | undefined
  readonly channel: Duplex
  readonly walls: readonly Wall[]
  /** Why it is no more, for the operator. Never rejects. */
  readonly exited: Promise<string>
  /** Its plugin is loaded. Left out where it runs in no other process. */
  readonly loaded?: () => void
  memory(): Promise<number | undefined>
  /** The plugin is to say and do nothing more. */
  kill(): void
  /** Of one that shares a process with others. Left out: it has it for itself. */
  readonly shared?: SharedPlace
}

/** What there is to tell where a process is shared. */
export interface SharedPlace {
  /** Tells what the plugin is at; asked when the process comes to its end. */
  watch(atWork: () => AtWork): void
  /** It does not answer any more: so the process does not, and all of it is ended. */
  hangs(why: string): void
  /** Whose doing its end was, once it is over. */
  readonly blame: Blame
}
