import { readFileSync } from 'node:fs'
import { proportionalSize } from './memory-use.ts'

/** How often a child's memory is looked at, in milliseconds: a loop that fills buffers gets about 100 MiB further meanwhile. */
const EVERY_MS = 100
const KIB = 1_024
const MIB = 1_048_576

/**
 * Calls back once when a process holds more memory than it may, buffers included. Where the kernel keeps the limit itself (a control group) nobody needs this.
 * The size of all its pages is read, which costs microseconds; only past the limit what of it is its own alone.
 *
 * @returns ends the watch; twice is harmless
 */
export function watchMemory(pid: number, mostMb: number, past: () => void): () => void {
  const most = mostMb * MIB
  let isLooking = false
  const timer = setInterval(() => {
    if (isLooking || residentSize(pid) <= most) return
    isLooking = true
    void proportionalSize([pid]).then((size) => {
      isLooking = false
      if (size === undefined || size <= most) return
      clearInterval(timer)
      past()
    })
  }, EVERY_MS)
  timer.unref()
  return () => { clearInterval(timer) }
}

/** Bytes of a process in memory, shared ones included; 0 once it is gone. */
function residentSize(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * KIB
  } catch {
    return 0
  }
}
