import { KERNEL_RELEASES, type KernelRelease } from './kernel-releases.ts'
import { LabelError } from './label-error.ts'

/**
 * When a label ends that was given for a kernel: 12 months after that kernel x.y came out, or 9 months after x.y+1 did, whichever is later.
 * While x.y+1 is not out the first holds; whoever renews the label then gets the second.
 * @throws LabelError when nobody knows when that kernel came out
 */
export function labelEnd(kernel: string, releases: readonly KernelRelease[] = KERNEL_RELEASES): string {
  const minor = kernel.split('.').slice(0, 2).join('.')
  const at = releases.findIndex((one) => one.minor === minor)
  const release = releases[at]
  if (release === undefined) throw new LabelError(`Nobody knows when kernel ${minor} came out.`, `Known are ${releases.map((one) => one.minor).join(', ')}.`, 2)
  const own = monthsAfter(release.released, 12)
  const next = releases[at + 1]
  const byNext = next === undefined ? own : monthsAfter(next.released, 9)
  return own > byNext ? own : byNext
}

/** The same day that many months later, or the last of that month where there is none. */
function monthsAfter(day: string, months: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  const wanted = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(wanted, last))
  return `${date.toISOString().slice(0, 10)}T00:00:00Z`
}
