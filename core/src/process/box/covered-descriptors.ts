import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import type { StdioOptions } from 'node:child_process'

/** Flag of a descriptor that is closed when a program is started, in octal as /proc tells it. */
const CLOSE_ON_EXEC = 0o2_000_000

/** Where descriptors lie open to be inherited, those of this process from `from` on. Nothing where the machine does not tell. */
function inheritable(from: number): readonly number[] {
  try {
    return readdirSync('/proc/self/fdinfo').map(Number).filter((descriptor) => descriptor >= from && !isClosedOnExec(descriptor))
  } catch {
    return []
  }
}

/**
 * Adds to what a child gets as its descriptors: whatever this process was itself given by whoever started it, and would hand on unknowingly, is covered
 * by /dev/null. Node closes its own; those are of a supervisor, a shell, a terminal.
 *
 * @returns what to spawn with, and what to call once it is spawned
 */
export function coverDescriptors(stdio: Exclude<StdioOptions, string>): { readonly stdio: Exclude<StdioOptions, string>; done(): void } {
  const strays = inheritable(stdio.length)
  if (strays.length === 0) return { stdio, done: () => undefined }
  const nothing = openSync('/dev/null', 'r+')
  const all = [...stdio, ...Array.from({ length: Math.max(...strays) + 1 - stdio.length }, () => 'ignore' as const)]
  return { stdio: all.map((one, descriptor) => (strays.includes(descriptor) ? nothing : one)), done: () => { closeSync(nothing) } }
}

function isClosedOnExec(descriptor: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'))?.[1]
    return (Number.parseInt(flags ?? '0', 8) & CLOSE_ON_EXEC) !== 0
  } catch {
    // Closed meanwhile: it was the one the folder was read by.
    return true
  }
}
