import type { Code } from '../errors.ts'
import type { Grade } from './grade.ts'
import type { LabelState, StatusChange } from './status-list.ts'

/** How the label of an installed release stands, as it is seen now. */
export interface LabelStanding {
  readonly id: string
  readonly version: string
  readonly grade: Grade
  readonly vendor: string
  /** Name of the certifier; absent where its root is not trusted here. */
  readonly certifier?: string
  /** Its root of trust, as it is trusted here; absent with it. */
  readonly root?: { readonly id: string; readonly fingerprint: string }
  readonly kernelRange: string
  /** ISO 8601. */
  readonly notAfter: string
  /** As the newest known list says; `valid` where none does. */
  readonly state: LabelState
  /** What brought it there. */
  readonly change?: StatusChange
  /** Why it would not be taken today. */
  readonly problem?: { readonly code: Code; readonly message: string }
  readonly warnings: readonly string[]
  /** What an operator decided about this very change. */
  readonly decision?: LabelDecision
}

/** A decision about a release whose label is suspended or revoked. */
export interface LabelDecision {
  readonly decision: 'continue' | 'stop'
  readonly reason: string
  /** Milliseconds since the Unix epoch. */
  readonly at: number
  readonly by: string
}

/** Whether operators must look at it: it is suspended or revoked. */
export function isAmiss({ state }: LabelStanding): boolean {
  return state === 'suspended' || state === 'revoked'
}
