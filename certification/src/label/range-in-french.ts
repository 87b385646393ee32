/** Kernels that a label is for, as people read them: the usual `~0.1.0` is every 0.1. Any other range stays as it was signed. */
export function rangeInFrench(range: string): string {
  return /^~(\d+\.\d+)\.0$/.exec(range)?.[1] ?? range
}
