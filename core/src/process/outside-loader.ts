import type { Plugin } from '@liberacces/sdk'
import type { Registrations } from '@liberacces/sdk/host'
import { homedir, tmpdir } from 'node:os'
import { PlatformError } from '../errors.ts'
import type { ChildrenHealth } from '../health/health.ts'
import type { CpuMeter } from '../runtime/cpu-meter.ts'
import type { WallPolicy } from './box/wall-policy.ts'
import type { WatchAsked } from './asked.ts'
import { openBoxChild } from './box-child.ts'
import type { Child } from './child.ts'
import { cleanText } from './clean-text.ts'
import { createForward, type Sanitize } from './forward.ts'
import type { GroupChoice } from './group/groups.ts'
import { ProcessGroup, type Seat } from './group/process-group.ts'
import { hostProgram } from './host-program.ts'
import { openLoopbackChild } from './loopback-child.ts'
import { restorePlugin } from './restore-plugin.ts'
import type { ReleaseProcess } from '../runtime/release.ts'
import { Supervisor, type SupervisorDeps } from './supervisor.ts'
import { UsedScopes } from './used-scopes.ts'
import type { ErrorWording } from './wire-error.ts'

/** What is to be run outside. */
export interface OutsideSource {
  /** For messages. */
  readonly name: string
  readonly id: string
  readonly version: string
  readonly memoryMb: number
  /** What an operator may call it by. */
  readonly names: readonly string[]
  /** Its code, read anew for each process. */
  readonly code: () => Promise<{ readonly file: string; readonly text: string }>
}

/** A plugin that was loaded outside; not yet looked at. */
export interface LoadedOutside {
  readonly plugin: Plugin
  readonly registrations: Registrations
  readonly process: ReleaseProcess
}

/** What running plugins outside takes of the kernel. */
export interface OutsideDeps {
  readonly dialect: 'sqlite' | 'postgres'
  readonly dataFolder: string
  readonly now: () => number
  readonly isMachineTime: boolean
  readonly randomBytes: (length: number) => Uint8Array
  /** Once it is there. */
  readonly cpu: () => CpuMeter | undefined
  readonly health: ChildrenHealth
  readonly walls?: WallPolicy
  /** Plugins that share a process. @defaultValue each has one of its own */
  readonly groups?: readonly GroupChoice[]
  readonly sanitize: Sanitize
  /** Told of each question that a plugin asks. @defaultValue nobody */
  readonly asked?: WatchAsked | undefined
  readonly log: SupervisorDeps['log']
}

/** Loads plugins that do not run in the kernel's process. */
export interface OutsideLoader {
  /**
   * Runs a plugin in a process of its own.
   * @throws PlatformError `PLUGIN_LOAD_FAILED`, `BOX_UNAVAILABLE`; nothing is left then
   */
  load(source: OutsideSource, limitMs: number): Promise<LoadedOutside>
  /** The same in this process, for tests. */
  loopback(plugin: Plugin, limitMs: number): Promise<LoadedOutside>
}

/** How a plugin's children are started. */
interface Home {
  readonly runtime: ReleaseProcess['runtime']
  readonly start: SupervisorDeps['start']
  readonly code?: OutsideSource['code']
  /** Where it may share a process. */
  readonly group?: ProcessGroup | undefined
}

/** See {@link OutsideLoader}. */
export function createOutsideLoader(deps: OutsideDeps): OutsideLoader {
  const wording = wordingOf(deps)
  const box = async (name: string, memoryMb: number, args: readonly string[], signal: AbortSignal, say: (line: string) => void): Promise<Child> => openBoxChild(
    { name, program: await hostProgram(), args, readable: [], memoryMb, signal, ...(deps.walls === undefined ? {} : { walls: deps.walls }) }, say,
  )
  const groups = (deps.groups ?? []).map((choice) => {
    const { name, memoryMb, plugins } = choice
    return { plugins, group: new ProcessGroup({
      name, now: deps.now, log: deps.log,
      open: (signal, say) => box(`Group "${name}"`, memoryMb, ['group'], signal, (line) => {
        deps.log.info({ group: name, line }, 'plugins that share a process wrote to its output')
        say(line)
      }),
    }) }
  })
  const open = async ({ id, version }: { readonly id: string; readonly version: string }, limitMs: number, { runtime, start, code, group }: Home): Promise<LoadedOutside> => {
    const csrfToken = `token-${Buffer.from(deps.randomBytes(16)).toString('hex')}`
    const used = new UsedScopes()
    let file: string | undefined
    const seat: Seat | undefined = group?.join({ name: `${id} ${version}`, file: () => file, move: (isLeft) => supervisor.move(isLeft) }, start)
    const supervisor: Supervisor = new Supervisor({
      runtime, name: { id, version }, start: seat === undefined ? start : (signal) => seat.start(signal), loadMs: limitMs, now: deps.now, log: deps.log,
      ...(seat === undefined ? {} : { seat }),
      hello: async () => {
        const read = await code?.()
        file = read?.file ?? `${id}@${version}`
        return { file, dialect: deps.dialect, csrfToken, ...(read === undefined ? {} : { code: read.text }) }
      },
      side: { now: deps.now, isMachineTime: deps.isMachineTime, randomBytes: deps.randomBytes, used, log: deps.log, wording, asked: deps.asked,
        // What is computed in this process is counted here already.
        cpu: runtime === 'loopback' ? () => undefined : deps.cpu },
      health: (name) => deps.health.of({ manifest: name }),
      pingEveryMs: deps.health.pingEveryMs,
    })
    const description = await supervisor.open().catch(async (error: unknown) => {
      await supervisor.stop()
      throw error
    })
    try {
      return { ...restorePlugin(description, createForward(supervisor, csrfToken, deps.sanitize)), process: supervisor }
    } catch (cause) {
      await supervisor.stop()
      throw new PlatformError('MANIFEST_INVALID', `Plugin "${id}" ${version} describes itself wrongly: ${cause instanceof Error ? cause.message : String(cause)}`, { fix: 'Use schemas as TypeBox makes them.', cause })
    }
  }
  return {
    load: ({ name, id, version, memoryMb, names, code }, limitMs) => open({ id, version }, limitMs, {
      runtime: 'process', code, group: groups.find(({ plugins }) => plugins.some((one) => one === id || names.includes(one)))?.group,
      start: (signal) => box(name, memoryMb, [], signal, (line) => { deps.log.info({ plugin: id, release: version, line }, 'a plugin wrote to its own output') }),
    }),
    loopback: (plugin, limitMs) => open(plugin, limitMs, { runtime: 'loopback', start: () => Promise.resolve(openLoopbackChild(plugin)) }),
  }
}

/** Errors of the kernel are told with their codes; of others only what a database says of a plugin's own statement. Places on this machine are told by none. */
function wordingOf({ dataFolder }: OutsideDeps): ErrorWording {
  const clean = cleanText([dataFolder, process.cwd(), homedir(), tmpdir()])
  return {
    clean,
    tells: (error) => error instanceof PlatformError || error.name === 'SqliteError' || error.name === 'DatabaseError' || error.name === 'error' || error.name === 'AbortError' || error.name === 'TimeoutError',
  }
}
