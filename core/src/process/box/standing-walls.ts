import { access, constants } from 'node:fs/promises'
import { PlatformError } from '../../errors.ts'
import { findBubblewrap, programIn, type Bubblewrap, type Missing } from './bubblewrap.ts'
import { DELEGATE, findControlGroups, type ControlGroups, type NoControlGroups } from './control-group.ts'
import { proportionalSize } from './memory-use.ts'
import { NETWORK_SINCE } from './node-flags.ts'
import type { WallPolicy } from './wall-policy.ts'
import type { Wall } from './wall.ts'

/** What this machine offers for boxes, found out once. */
export interface StandingWalls {
  readonly bubblewrap: Pick<Extract<Bubblewrap, { readonly works: true }>, 'path' | 'flags' | 'filter'> | undefined
  readonly groups: ControlGroups | undefined
  /** Whether there is a shell to lay limits with. */
  readonly canLimit: boolean
  /** A command that lets a child without sandbox end with the platform, and gain no privileges; empty where there is none. */
  readonly endWithPlatform: readonly string[]
  /** All but `user`, which depends on what a child must read. */
  readonly walls: readonly Wall[]
}

const SHELL = '/bin/sh'
const found = new Map<WallPolicy, Promise<StandingWalls>>()

/**
 * Which walls stand on this machine, tried once per process: what is installed later counts from the next start on.
 * @throws PlatformError `BOX_UNAVAILABLE` when the policy requires a sandbox and there is none
 */
export function findStandingWalls(policy: WallPolicy): Promise<StandingWalls> {
  const known = found.get(policy) ?? lookAround(policy)
  found.set(policy, known)
  return known
}

/** {@link findStandingWalls}, tried anew. */
export async function lookAround(policy: WallPolicy, env: Readonly<Record<string, string | undefined>> = process.env): Promise<StandingWalls> {
  const isLinux = process.platform === 'linux'
  const bubblewrap = policy === 'node' ? { works: false, why: 'LIBERACCES_WALLS=node leaves it out', fix: 'Set LIBERACCES_WALLS=best.' } as const : await findBubblewrap(env)
  if (policy === 'require' && !bubblewrap.works) {
    throw new PlatformError('BOX_UNAVAILABLE', `LIBERACCES_WALLS requires a sandbox for plugins, and there is none: ${bubblewrap.why}.`, { fix: `${bubblewrap.fix} Or set LIBERACCES_WALLS=best and run plugins behind fewer walls.` })
  }
  const groups = isLinux ? findControlGroups() : undefined
  const canWatch = isLinux && await proportionalSize([process.pid]) !== undefined
  const canLimit = await access(SHELL, constants.X_OK).then(() => true, () => false)
  const setpriv = isLinux ? await programIn(env['PATH'] ?? '', 'setpriv') : undefined
  return {
    bubblewrap: bubblewrap.works ? bubblewrap : undefined, groups: groups?.works === true ? groups : undefined, canLimit,
    endWithPlatform: setpriv === undefined ? [] : [setpriv, '--no-new-privs', '--pdeathsig', 'KILL'],
    walls: [permissionsWall(), networkWall(bubblewrap.works), sandboxWall(bubblewrap), memoryWall(groups, canWatch), limitsWall(canLimit, bubblewrap.works || !isLinux || setpriv !== undefined)],
  }
}

function permissionsWall(): Wall {
  return { id: 'permissions', stands: true, what: `Node ${process.versions.node} refuses files outside of the plugin's own, writing, child processes, threads and addons` }
}

function networkWall(isSandboxed: boolean): Wall {
  const isRefused = Number(process.versions.node.split('.')[0]) >= NETWORK_SINCE
  if (isSandboxed) return { id: 'network', stands: true, what: `a network namespace without any device${isRefused ? '; Node refuses the network too' : ''}` }
  return isRefused
    ? { id: 'network', stands: true, what: 'Node refuses the network' }
    : { id: 'network', stands: false, what: `Node ${process.versions.node} does not refuse the network`, fix: `Install bubblewrap, or run the platform on Node ${NETWORK_SINCE} or later.` }
}

function sandboxWall(bubblewrap: Bubblewrap): Wall {
  if (!bubblewrap.works) return { id: 'sandbox', stands: false, what: bubblewrap.why, fix: bubblewrap.fix }
  const { path, noFilter } = bubblewrap
  const calls = noFilter === undefined ? 'system calls that plugins have no use for are refused (seccomp)' : `no filter of system calls (seccomp): ${noFilter.why}`
  return { id: 'sandbox', stands: true, what: `bubblewrap (${path}): namespaces of its own for users, processes, network, mounts, IPC, host name and cgroups; of the files only Node and the plugin, read-only; ${calls}`, ...fixOf(noFilter) }
}

function memoryWall(groups: ControlGroups | NoControlGroups | undefined, canWatch: boolean): Wall {
  if (groups === undefined) return { id: 'memory', stands: false, what: `on ${process.platform} only the heap is limited, not buffers`, fix: 'Run the platform on Linux.' }
  if (groups.works) {
    const what = 'a control group limits memory and threads exactly'
    if (groups.dividesTime) return { id: 'memory', stands: true, what: `${what}, and who has all of a processor loses it at once to the platform and its other plugins` }
    return { id: 'memory', stands: true, what: `${what}; it does not divide the time of processors, so that who computes without end gives way less`, fix: DELEGATE }
  }
  if (canWatch) return { id: 'memory', stands: true, what: `memory is looked at ten times a second; past its limit a plugin is ended. No control group limits it exactly: ${groups.why}`, ...fixOf(groups) }
  return { id: 'memory', stands: false, what: `only the heap is limited, not buffers: ${groups.why}, and the machine does not say how much memory a process has (/proc/<pid>/smaps_rollup)`, fix: `${groups.fix} Or mount /proc on a kernel from 4.14 on.` }
}

function limitsWall(canLimit: boolean, endsWithPlatform: boolean): Wall {
  if (!canLimit) return { id: 'limits', stands: false, what: `there is no ${SHELL} to set limits with`, fix: 'Install a shell.' }
  const what = 'no files are written, no core dumped, few are open, other programs go first'
  if (endsWithPlatform) return { id: 'limits', stands: true, what }
  return { id: 'limits', stands: true, what: `${what}; that a plugin ends where all of the platform is killed at once is left to itself, for there is no setpriv`, fix: 'Install setpriv (util-linux), or bubblewrap.' }
}

function fixOf(missing: Missing | undefined): Pick<Wall, 'fix'> {
  return missing === undefined ? {} : { fix: missing.fix }
}
