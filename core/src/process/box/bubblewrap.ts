import { spawn } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { sharedObjects } from './shared-objects.ts'
import { systemCallFilter } from './system-call-filter.ts'

/** Longest wait for bubblewrap to show that it works, in milliseconds. A busy machine is slow; a hung one is not waited for. */
const LONGEST_TRIAL_MS = 10_000
/** User and group inside of the sandbox, whoever runs the platform. */
const NOBODY = '65534'

/** Why something is not to be had here, and what an operator can do about it. */
export interface Missing {
  readonly why: string
  readonly fix: string
}

/** What bubblewrap can do here. */
export type Bubblewrap =
  | {
    readonly works: true
    readonly path: string
    readonly flags: readonly string[]
    /** Filter of system calls that it sets; `undefined` where there is none for the processor, or the kernel takes none. */
    readonly filter: Buffer | undefined
    /** Why it sets none. */
    readonly noFilter: Missing | undefined
  }
  | ({ readonly works: false } & Missing)

/** Looks for bubblewrap and tries it once, with all that a box asks of it. */
export async function findBubblewrap(env: Readonly<Record<string, string | undefined>> = process.env): Promise<Bubblewrap> {
  if (process.platform !== 'linux') return { works: false, why: `there is no bubblewrap for ${process.platform}`, fix: 'Run the platform on Linux.' }
  const path = await programIn(env['PATH'] ?? '', 'bwrap')
  if (path === undefined) return { works: false, why: 'bubblewrap (bwrap) is not installed', fix: 'Install it: `apt-get install bubblewrap`, or the package of that name of your system.' }
  // Since 0.8: no namespaces within, which is where most holes of the kernel are reached from.
  const help = await run(path, ['--help'])
  const flags = help.includes('--disable-userns') ? ['--disable-userns'] : []
  const filter = systemCallFilter()
  const filtered = filter === undefined ? undefined : (await run(path, [...sandboxArguments({ flags, readable: [], filterOn: 3 }), process.execPath, '--version'], filter)).trim()
  if (filter !== undefined && filtered === process.version) return { works: true, path, flags, filter, noFilter: undefined }
  const said = await run(path, [...sandboxArguments({ flags, readable: [] }), process.execPath, '--version'])
  if (said.trim() === process.version) return { works: true, path, flags, filter: undefined, noFilter: filtered === undefined ? { why: `there is no filter for the processor ${process.arch}`, fix: 'Run the platform on x64 or arm64.' } : refusedFilter(help, filtered) }
  return {
    works: false, why: `bubblewrap is installed and may not do its work here (${firstLine(said)})`,
    fix: 'Allow user namespaces to the user of the platform: sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns, or the security profile of the container.',
  }
}

/** Why bubblewrap starts without the filter, and not with it. */
function refusedFilter(help: string, said: string): Missing {
  if (!help.includes('--seccomp')) return { why: 'this bubblewrap knows no filters', fix: 'Install bubblewrap 0.3 or later.' }
  return {
    why: `bubblewrap does not start with it (${firstLine(said)})`,
    fix: 'Allow filters of system calls to the user of the platform: a kernel with CONFIG_SECCOMP_FILTER, and a security profile of the container that lets prctl(PR_SET_SECCOMP) through. Below gVisor or an emulated processor there are none.',
  }
}

/** What stands in a sandbox. */
export interface SandboxOptions {
  /** Those of {@link Bubblewrap}. */
  readonly flags: readonly string[]
  /** Absolute paths, besides Node and its libraries. */
  readonly readable: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Descriptor on which it is given the filter of system calls. @defaultValue none is set */
  readonly filterOn?: number
}

/**
 * Arguments of bubblewrap up to the program: namespaces of its own for users, processes, network, mounts, IPC, host name and cgroups; of the file system Node, its
 * libraries and what may be read, all read-only, no /proc, no /dev, no /tmp; no capabilities; ends with the platform.
 */
export function sandboxArguments({ flags, readable, env = {}, filterOn }: SandboxOptions): readonly string[] {
  const visible = [...sharedObjects(), process.execPath, ...readable]
  // Where the loader finds libraries that lie elsewhere than usual.
  return [
    '--unshare-all', '--unshare-user', ...flags, '--uid', NOBODY, '--gid', NOBODY, '--hostname', 'plugin', '--cap-drop', 'ALL', '--clearenv', ...Object.entries(env).flatMap(([key, value]) => ['--setenv', key, value]),
    // Node is process 1 of its namespace: when it ends, the kernel ends whatever it might have started.
    '--die-with-parent', '--new-session', '--as-pid-1', ...(filterOn === undefined ? [] : ['--seccomp', String(filterOn)]),
    '--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache',
    ...visible.flatMap((path) => ['--ro-bind', path, path]), '--chdir', '/', '--remount-ro', '/',
  ]
}

/** The program of that name on the search path, if any may be run. */
export async function programIn(searchPath: string, name: string): Promise<string | undefined> {
  for (const folder of searchPath.split(delimiter)) {
    if (folder === '') continue
    const path = join(folder, name)
    if (await access(path, constants.X_OK).then(() => true, () => false)) return path
  }
  return undefined
}

/** What a program says, on either stream, however it ends. @param given - what it reads on descriptor 3 */
async function run(path: string, args: readonly string[], given?: Buffer): Promise<string> {
  const child = spawn(path, args, { timeout: LONGEST_TRIAL_MS, killSignal: 'SIGKILL', env: {}, stdio: ['ignore', 'pipe', 'pipe', given === undefined ? 'ignore' : 'pipe'] })
  const failed = new Promise<string>((resolve) => { child.once('error', (error) => { resolve(error.message) }) })
  // One that does not read it says why.
  if (given !== undefined) (child.stdio[3] as Writable).on('error', () => undefined).end(given)
  const said = Promise.all([child.stdout, child.stderr].map((stream) => text(stream as Readable))).then((parts) => parts.join(''))
  return await Promise.race([said.then((all) => (all === '' ? failedOr(child.exitCode, child.signalCode) : all)), failed])
}

function failedOr(code: number | null, signal: string | null): string {
  return `it said nothing${code === null && signal === null ? '' : ` and ended with ${signal ?? code}`}`
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.slice(0, 200) ?? ''
}
