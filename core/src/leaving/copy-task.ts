/** Bytes of one open file that go into another, and are hashed on the way. */
export interface CopyTask {
  /** Open to be read; where the bytes begin, and how many there are. */
  readonly from: number
  readonly fromAt: number
  readonly size: number
  /** Open to be written; where to. */
  readonly to: number
  readonly toAt: number
  /** Written before the bytes, and not hashed. At most 64 KiB. */
  readonly head?: Uint8Array
  /** Zeros follow up to a multiple of so many bytes of what was copied. At most 64 KiB. @defaultValue none */
  readonly padTo?: number
}

/** What a thread is told. */
export interface CopyQuestion {
  readonly id: number
  readonly task: CopyTask
}

/** What it says: the SHA-256 in lower-case hexadecimal, or what went wrong. An error with a code does not survive the way between threads. */
export type CopyAnswer =
  | { readonly id: number; readonly sha256: string }
  | { readonly id: number; readonly failure: { readonly message: string; readonly code?: string } }

/** Code of the failure when the source ends before its size. */
export const CUT_SHORT = 'CUT_SHORT'
