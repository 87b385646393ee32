import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { isProcessAlive } from '../../process-alive.ts'
import type { Missing } from './bubblewrap.ts'

/** Most processes and threads in a box: Node needs about ten at its start. */
const MOST_THREADS = 64
const MIB = 1_048_576
const PREFIX = 'liberacces-box-'
/** Steps of niceness, as Linux has them: each takes a fifth of the weight before. */
const MOST_NICE = 19
const [FULL_SHARES, STEP] = [1_024, 1.25]

/** A group of the Linux kernel that a child runs in, which limits its memory exactly, the number of its threads, and how much of the processors it has beside others. */
export interface ControlGroup {
  /** Puts a process in, and with it whatever it starts from then on. The kernel takes some ten milliseconds for it. */
  add(pid: number): Promise<void>
  /** Whether the kernel ended something in it for want of memory. */
  ranOut(): boolean
  /**
   * Has it give way to whatever else wants to compute, from 0 to 19 as `nice` counts. At 19 it computes only where nobody else would, and whoever wakes need not wait for it; not so on a single processor, of which it would have next to nothing.
   * `undefined` where groups do not divide the time of processors.
   */
  readonly giveWay: ((niceness: number) => void) | undefined
  /** Processes in it. */
  pids(): readonly number[]
  /** Takes the group away if nothing is in it any more, and says whether it is gone. What stays is swept up by the next platform. */
  remove(): boolean
}

/** Where groups for boxes can be made. */
export interface ControlGroups {
  readonly works: true
  /** Whether they divide the time of processors too ({@link ControlGroup.giveWay}). */
  readonly dividesTime: boolean
  /** @throws what the file system says, when the group cannot be made after all */
  make(memoryMb: number): ControlGroup
}

/** None can be made. */
export type NoControlGroups = { readonly works: false } & Missing

const DELEGATE = 'Start the platform by systemd 254 or later, with `Delegate=cpu memory pids` and `DelegateSubgroup=platform`; in a container, give it control groups of its own that it may write to.'

let made = 0

/**
 * Finds where this process may make control groups: version 1 where memory is a hierarchy of its own; version 2 where a parent of our own group was
 * delegated to us (systemd: `Delegate=cpu memory pids` with `DelegateSubgroup=`). It may not, as is usual without root: why.
 */
export function findControlGroups(root = '/sys/fs/cgroup', own = readOwn()): ControlGroups | NoControlGroups {
  if (own === undefined) return none('the machine does not say in which groups the platform runs (/proc/self/cgroup)', 'Mount /proc.')
  const found = findFirst(root, own) ?? findSecond(root, own)
  if (!found.works) return found
  // Tried once: a file system may be there and read-only.
  try {
    sweep(found.folders)
    const group = found.make(64)
    group.remove()
    return found
  } catch (error) {
    return none(`the platform may not make groups in ${found.folders[0] ?? root} (${codeOf(error)})`)
  }
}

function none(why: string, fix = DELEGATE): NoControlGroups {
  return { works: false, why, fix }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}

interface Found extends ControlGroups {
  readonly folders: readonly string[]
}

function findFirst(root: string, own: string): Found | undefined {
  const memory = folderOf(root, own, 'memory')
  if (memory === undefined || !existsSync(join(memory, 'memory.limit_in_bytes'))) return undefined
  const pids = folderOf(root, own, 'pids')
  const time = folderOf(root, own, 'cpu')
  // No wall: where it may not be used children give way less.
  const cpu = time !== undefined && canMakeGroups(time) ? time : undefined
  const folders = [memory, pids, cpu].filter((folder) => folder !== undefined)
  return {
    works: true,
    dividesTime: cpu !== undefined,
    folders,
    make(memoryMb) {
      const name = nextName()
      const group = openGroup(folders.map((folder) => join(folder, name)), { events: 'memory.oom_control', giveWay: cpu === undefined ? undefined : byWeight(join(cpu, name), (niceness) => ['cpu.shares', Math.round(FULL_SHARES / STEP ** niceness)]) })
      const memoryFolder = join(memory, name)
      write(memoryFolder, 'memory.limit_in_bytes', memoryMb * MIB)
      // Not on every kernel; without it swap is beyond the limit.
      if (existsSync(join(memoryFolder, 'memory.memsw.limit_in_bytes'))) write(memoryFolder, 'memory.memsw.limit_in_bytes', memoryMb * MIB)
      if (pids !== undefined) write(join(pids, name), 'pids.max', MOST_THREADS)
      return group
    },
  }
}

function findSecond(root: string, own: string): Found | NoControlGroups {
  const path = /^0::(\/.*)$/m.exec(own)?.[1]
  if (path === undefined) return none('the kernel of the machine has no control groups for memory')
  if (path === '/') return none('the platform runs in the root of its control groups, above which none can be made beside it')
  const parent = join(root, dirname(path))
  const delegated = (): readonly string[] => read(parent, 'cgroup.subtree_control').trim().split(' ')
  // Ours to switch on when the group was delegated and nothing runs in it directly.
  if (!delegated().includes('memory')) {
    try {
      write(parent, 'cgroup.subtree_control', '+memory +pids')
    } catch (error) {
      return none(`limits of memory are not delegated to the platform: ${join(parent, 'cgroup.subtree_control')} does not name them, and may not be made to (${codeOf(error)})`)
    }
  }
  if (!delegated().includes('cpu')) {
    try {
      write(parent, 'cgroup.subtree_control', '+cpu')
    } catch {
      // Delegated by itself, and no wall: without it children give way less.
    }
  }
  const dividesTime = delegated().includes('cpu')
  return {
    works: true,
    dividesTime,
    folders: [parent],
    make(memoryMb) {
      const folder = join(parent, nextName())
      const group = openGroup([folder], { events: 'memory.events', giveWay: dividesTime ? byWeight(folder, (niceness) => ['cpu.weight.nice', niceness]) : undefined })
      write(folder, 'memory.max', memoryMb * MIB)
      if (existsSync(join(folder, 'memory.swap.max'))) write(folder, 'memory.swap.max', 0)
      if (existsSync(join(folder, 'pids.max'))) write(folder, 'pids.max', MOST_THREADS)
      return group
    },
  }
}

/** @param events - the file of the first folder that counts what was ended for want of memory */
function openGroup(folders: readonly string[], { events, giveWay }: { readonly events: string; readonly giveWay: ControlGroup['giveWay'] }): ControlGroup {
  for (const folder of folders) mkdirSync(folder)
  const [first = ''] = folders
  return {
    async add(pid) {
      await Promise.all(folders.map((folder) => writeFile(join(folder, 'cgroup.procs'), String(pid))))
    },
    giveWay,
    ranOut: () => /^oom_kill [1-9]/m.test(read(first, events)),
    pids: () => read(first, 'cgroup.procs').split('\n').filter((line) => line !== '').map(Number),
    remove: () => folders.map(removeEmpty).every((gone) => gone),
  }
}

/** @param weight - the file that says what a group weighs beside others, and what to write there */
function byWeight(folder: string, weight: (niceness: number) => readonly [string, number]): (niceness: number) => void {
  let isIdle = false
  return (niceness) => {
    const shallBeIdle = niceness >= MOST_NICE && availableParallelism() > 1 && existsSync(join(folder, 'cpu.idle'))
    // One that is idle has no weight that could be changed.
    if (isIdle !== shallBeIdle) write(folder, 'cpu.idle', shallBeIdle ? 1 : 0)
    isIdle = shallBeIdle
    if (!isIdle) write(folder, ...weight(niceness))
  }
}

/** Groups of platforms that were killed before they could clear up. */
function sweep(folders: readonly string[]): void {
  for (const folder of folders) {
    for (const name of readdirSync(folder)) {
      const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : Number.NaN
      if (Number.isInteger(pid) && !isProcessAlive(pid)) removeEmpty(join(folder, name))
    }
  }
}

function canMakeGroups(folder: string): boolean {
  const trial = join(folder, nextName())
  try {
    mkdirSync(trial)
  } catch {
    return false
  }
  return removeEmpty(trial)
}

function removeEmpty(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}

function nextName(): string {
  made += 1
  return `${PREFIX}${process.pid}-${made}`
}

function folderOf(root: string, own: string, controller: string): string | undefined {
  const line = own.split('\n').find((one) => one.split(':')[1]?.split(',').includes(controller) === true)
  const path = line?.split(':').slice(2).join(':')
  if (path === undefined) return undefined
  // In a container the path is the host's, while what is mounted begins at our own group.
  return [join(root, controller, path), join(root, controller)].find((folder) => existsSync(folder))
}

function readOwn(): string | undefined {
  try {
    return readFileSync('/proc/self/cgroup', 'utf8')
  } catch {
    return undefined
  }
}

function read(folder: string, file: string): string {
  try {
    return readFileSync(join(folder, file), 'utf8')
  } catch {
    return ''
  }
}

function write(folder: string, file: string, value: number | string): void {
  writeFileSync(join(folder, file), String(value))
}
