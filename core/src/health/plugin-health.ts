import type { Logger } from 'pino'
import type { Outside } from '../outside.ts'
import type { Storage } from '../storage/storage.ts'
import { crashesThatCount } from './after-crash.ts'
import { Breakers } from './breakers.ts'
import { CallGuard } from './call-guard.ts'
import { CallTimes } from './call-times.ts'
import { ChildHealth } from './child-health.ts'
import { CrashLog } from './crash-log.ts'
import { Halts, type HaltsRecord } from './halts.ts'
import type { ChildrenHealth } from './health.ts'
import type { OutageKind } from './outage.ts'
import { BREAKER_RULES, PING_RULES, RESTART_RULES, type BreakerRules, type PingRules, type RestartRules } from './rules.ts'

/** What departs from the rules that suit plugins as they are. */
export interface HealthRules {
  readonly restart?: Partial<RestartRules>
  readonly ping?: Partial<PingRules>
  /** `off` for no breakers. */
  readonly breaker?: Partial<BreakerRules> | 'off'
}

interface Deps {
  readonly storage: Storage
  readonly outside: Outside
  readonly log: Logger
  /** This node, whichever process it is just now. */
  readonly place: string
  readonly rules: HealthRules
}

/** The kernel itself, in the audit trail. */
const KERNEL = { kind: 'system', id: 'system', name: 'LiberAccès' } as const

/** Calls of a plugin that were refused because of an outage, by kind. */
export type Refusals = ReadonlyMap<string, ReadonlyMap<OutageKind, number>>

/** The health of all plugins in this process: what may run, what crashed, what fails for whom. */
export class PluginHealth implements ChildrenHealth {
  readonly halts: Halts
  readonly breakers: Breakers
  readonly guard: CallGuard
  readonly times = new CallTimes()
  readonly crashes: CrashLog
  readonly pingEveryMs: number
  readonly #deps: Deps
  readonly #restart: RestartRules & Pick<PingRules, 'mostMissed'>
  readonly #onRecord: ReadonlyMap<string, readonly number[]>
  readonly #children = new Map<string, ChildHealth>()
  readonly #refusals = new Map<string, Map<OutageKind, number>>()

  private constructor(deps: Deps, halts: Halts, crashes: CrashLog, onRecord: ReadonlyMap<string, readonly number[]>) {
    const { outside, rules: { restart, ping, breaker } } = deps
    this.#deps = deps
    this.#restart = { ...RESTART_RULES, ...restart, mostMissed: ping?.mostMissed ?? PING_RULES.mostMissed }
    this.pingEveryMs = ping?.everyMs ?? PING_RULES.everyMs
    this.#onRecord = onRecord
    this.halts = halts
    this.crashes = crashes
    this.breakers = new Breakers(() => outside.now(), breaker === 'off' ? undefined : { ...BREAKER_RULES, ...breaker })
    this.guard = new CallGuard({
      now: () => outside.now(), halts, breakers: this.breakers,
      children: {
        isNoneDown: () => ![...this.#children.values()].some(({ downSince }) => downSince !== undefined),
        find: ({ manifest: { id, version } }) => {
          const child = this.#children.get(keyOf(id, version))
          return child?.restartAt === undefined || child.downSince === undefined ? undefined : { since: child.downSince, until: child.restartAt }
        },
      },
      refused: ({ manifest: { id } }, { kind }) => {
        const counts = this.#refusals.get(id) ?? new Map<OutageKind, number>()
        this.#refusals.set(id, counts.set(kind, (counts.get(kind) ?? 0) + 1))
      },
    })
    this.breakers.onChange(() => { this.guard.look() })
    halts.onChange(() => {
      for (const child of this.#children.values()) child.haltsChanged()
      this.guard.look()
    })
  }

  /** Reads what is on record: what may not run, and which crashes still count. */
  static async open(deps: Deps, record: HaltsRecord): Promise<PluginHealth> {
    const { storage, outside, rules: { restart }, place } = deps
    const halts = await Halts.open({ storage, outside, record })
    const crashes = new CrashLog({ storage, outside, place })
    return new PluginHealth(deps, halts, crashes, await crashes.counting(outside.now() - (restart?.withinMs ?? RESTART_RULES.withinMs)))
  }

  of({ manifest: { id, version } }: Parameters<ChildrenHealth['of']>[0]): ChildHealth {
    const key = keyOf(id, version)
    const known = this.#children.get(key)
    if (known !== undefined) return known
    const { log, outside } = this.#deps
    const about = { plugin: id, release: version }
    const child = new ChildHealth({
      now: () => outside.now(),
      halted: () => this.halts.find(id, version)?.kind,
      changed: () => { this.guard.look() },
      crashed: (at, why, counts) => {
        log.error({ ...about, why }, 'a plugin crashed')
        this.crashes.add(id, version, at, why, counts).catch((err: unknown) => { log.error({ ...about, err }, 'a crash could not be put on record: it counts in this process alone') })
      },
      quarantine: (why) => {
        log.error({ ...about, why }, 'a plugin crashed too often and is put into quarantine')
        this.halts.quarantine(id, version, why, KERNEL).catch((err: unknown) => { log.error({ ...about, err }, 'a quarantine could not be put on record: it holds in this process alone') })
      },
    }, this.#restart, crashesThatCount(this.#onRecord.get(key) ?? [], outside.now(), this.#restart))
    this.#children.set(key, child)
    return child
  }

  /** The health of a release's child, where it has or had one. */
  childOf(pluginId: string, version: string): ChildHealth | undefined {
    return this.#children.get(keyOf(pluginId, version))
  }

  /** Children that were started again since this process started, by plugin. */
  get restarts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const [key, { restarts }] of this.#children) {
      const pluginId = key.slice(0, key.lastIndexOf('@'))
      counts.set(pluginId, (counts.get(pluginId) ?? 0) + restarts)
    }
    return counts
  }

  get refusals(): Refusals {
    return this.#refusals
  }
}

function keyOf(pluginId: string, version: string): string {
  return `${pluginId}@${version}`
}
