import { readFile } from 'node:fs/promises'

const KIB = 1_024

/** Processes that a process started, and those that they did, itself first. Those that ended meanwhile are left out. */
export async function withDescendants(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const children = text.split(' ').filter((part) => part !== '').map(Number)
  return [pid, ...(await Promise.all(children.map(withDescendants))).flat()]
}

/** Proportional set size of processes together, in bytes: pages shared by n processes count for an n-th. Nothing where the machine does not tell. */
export async function proportionalSize(pids: readonly number[]): Promise<number | undefined> {
  const sizes = await Promise.all(pids.map(async (pid) => {
    const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
    const kib = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1]
    return kib === undefined ? undefined : Number(kib) * KIB
  }))
  const known = sizes.filter((size) => size !== undefined)
  return known.length === 0 ? undefined : known.reduce((sum, size) => sum + size, 0)
}
