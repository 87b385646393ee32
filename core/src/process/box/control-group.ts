import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmdirSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { isProcessAlive } from '../../process-alive.ts'
import type { Missing } from './bubblewrap.ts'

/** Most processes and threads in a box: Node needs about ten at its start. */
const MOST_THREADS = 64
const MIB = 1_048_576
const PREFIX = 'liberacces-box-'
const MOST_NICE = 19
/** What a group weighs at 0, and by how much less at each step, as Linux counts `nice`. */
const [FULL_SHARES, STEP] = [1_024, 1.25]

/** A group of the Linux kernel that a child runs in, which limits its memory exactly, the number of its threads, and how much of the processors it has beside others. */
export interface ControlGroup {
  /** Puts a process in, and with it whatever it starts from then on. The kernel takes some ten milliseconds for it. */
  add(pid: number): Promise<void>
  /** Whether the kernel ended something in it for want of memory. */
  ranOut(): boolean
  /**
   * Has it give way to the platform and its other children, from 0 to 19 as `nice` counts. At 19 whoever of them wakes takes its processor at once; not so on a single one, of which it would have next to nothing.
   * `undefined` where groups do not divide the time of processors, or what was added could not join.
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

/** What has systemd, or a container, let the platform make groups. */
export const DELEGATE = 'Start the platform by systemd 254 or later, with `Delegate=cpu memory pids` and `DelegateSubgroup=platform`; in a container, give it control groups of its own that it may write to.'

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
  const walls = [...new Set([memory, pids].filter((folder) => folder !== undefined))]
  const time = folderOf(root, own, 'cpu')
  // No wall: where it may not be used, or is one with theirs, children give way less.
  const cpu = time !== undefined && !walls.includes(time) && canDivideTime(time) ? time : undefined
  return {
    works: true,
    dividesTime: cpu !== undefined,
    folders: cpu === undefined ? walls : [...walls, cpu],
    make(memoryMb) {
      const name = nextName()
      const group = openGroup(walls.map((folder) => join(folder, name)), 'memory.oom_control', cpu === undefined ? undefined : sharesOf(join(cpu, name)))
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
      // Delegated apart from memory, and no wall: without it children give way less.
    }
  }
  const dividesTime = delegated().includes('cpu')
  return {
    works: true,
    dividesTime,
    folders: [parent],
    make(memoryMb) {
      const folder = join(parent, nextName())
      const group = openGroup([folder], 'memory.events', dividesTime ? { folder, weight: (niceness) => ['cpu.weight.nice', niceness] } : undefined)
      write(folder, 'memory.max', memoryMb * MIB)
      if (existsSync(join(folder, 'memory.swap.max'))) write(folder, 'memory.swap.max', 0)
      if (existsSync(join(folder, 'pids.max'))) write(folder, 'pids.max', MOST_THREADS)
      return group
    },
  }
}

/** A group that divides the time of processors. */
interface TimeGroup {
  /** Among those that are walls, or one more. */
  readonly folder: string
  /** The file that says what it weighs beside others, and what to write there. */
  readonly weight: (niceness: number) => readonly [string, number]
}

function sharesOf(folder: string): TimeGroup {
  return { folder, weight: (niceness) => ['cpu.shares', Math.round(FULL_SHARES / STEP ** niceness)] }
}

/**
 * @param walls - folders that a child must be in
 * @param events - the file of the first that counts what was ended for want of memory
 */
function openGroup(walls: readonly string[], events: string, time: TimeGroup | undefined): ControlGroup {
  const beside = time === undefined || walls.includes(time.folder) ? [] : [time.folder]
  const folders = [...walls, ...beside]
  try {
    for (const folder of folders) mkdirSync(folder)
  } catch (error) {
    // None is left of those that could be made.
    folders.map(removeEmpty)
    throw error
  }
  const [first = ''] = walls
  let giveWay = time === undefined ? undefined : byWeight(time)
  return {
    async add(pid) {
      for (const folder of walls) await writeFile(join(folder, 'cgroup.procs'), String(pid))
      // No wall: one that may not join, as where its group also lists processors, gives way as elsewhere.
      for (const folder of beside) await writeFile(join(folder, 'cgroup.procs'), String(pid)).catch(() => { giveWay = undefined })
    },
    get giveWay() { return giveWay },
    ranOut: () => /^oom_kill [1-9]/m.test(read(first, events)),
    pids: () => read(first, 'cgroup.procs').split('\n').filter((line) => line !== '').map(Number),
    remove: () => folders.map(removeEmpty).every((gone) => gone),
  }
}

function byWeight({ folder, weight }: TimeGroup): (niceness: number) => void {
  // Since Linux 5.15; one processor is left to be shared by weight.
  const canBeIdle = availableParallelism() > 1 && existsSync(join(folder, 'cpu.idle'))
  let isIdle = false
  return (niceness) => {
    const shallBeIdle = canBeIdle && niceness >= MOST_NICE
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

function canDivideTime(folder: string): boolean {
  const trial = join(folder, nextName())
  try {
    mkdirSync(trial)
    byWeight(sharesOf(trial))(MOST_NICE)
    return true
  } catch {
    return false
  } finally {
    removeEmpty(trial)
  }
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
  const [, together = '', ...path] = line?.split(':') ?? []
  if (line === undefined) return undefined
  // Several may be mounted as one, by the names of all. In a container the path is the host's, while what is mounted begins at our own group.
  const found = [controller, together].flatMap((name) => [join(root, name, path.join(':')), join(root, name)]).find((folder) => existsSync(folder))
  return found === undefined ? undefined : realpathSync(found)
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
