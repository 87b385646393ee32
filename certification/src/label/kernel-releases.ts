/** Days on which kernels x.y came out, oldest first. A new one is added here with its release. */
export const KERNEL_RELEASES: readonly KernelRelease[] = [{ minor: '0.1', released: '2026-11-26' }]

/** A kernel x.y and the day on which it came out (ISO 8601). */
export interface KernelRelease {
  readonly minor: string
  readonly released: string
}
