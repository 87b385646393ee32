import type { Code, PlatformError } from '../errors.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { Call, Origin } from '../runtime/runtime.ts'
import type { Breakers, CallOutcome } from './breakers.ts'
import type { Halts } from './halts.ts'
import { outageError, type Outage } from './outage.ts'

/** After so many seconds it makes sense to ask again for what an operator must start. */
const RETRY_HALTED_SECONDS = 300

/** What counts as a failure of the plugin: it threw, took too long, answered nonsense, or whom it called at its own settings' word failed it. */
const FAILURES: ReadonlySet<Code> = new Set(['PLUGIN_CALL_FAILED', 'PLUGIN_CALL_TIMEOUT', 'PLUGIN_ANSWER_INVALID', 'EGRESS_FAILED', 'REMOTE_UNAVAILABLE'])

/** Children that cannot be called just now. */
interface ChildrenDown {
  isNoneDown(): boolean
  /** Since when, and until when, a release that crashed waits to be started again. */
  find(release: LoadedRelease): { readonly since: number; readonly until: number } | undefined
}

interface Deps {
  readonly now: () => number
  readonly halts: Halts
  readonly breakers: Breakers
  readonly children: ChildrenDown
  readonly refused: (release: LoadedRelease, outage: Outage) => void
}

/**
 * Stands in front of every call into plugin code, in whatever runtime: refuses what is stopped, crashes or fails all the time, at once and
 * without harm to others. As long as nothing is wrong anywhere, all it costs is one look at a flag.
 */
export class CallGuard {
  readonly #deps: Deps
  /** Failures that were charged to a plugin already: the same error passes through those who called it. */
  readonly #charged = new WeakSet<PlatformError>()
  #isCalm = true

  constructor(deps: Deps) {
    this.#deps = deps
    this.look()
  }

  /** Whether nothing at all is wrong: nobody needs to be asked, or told of what went well. */
  get isCalm(): boolean {
    return this.#isCalm
  }

  /** Something has changed. */
  look(): void {
    const { halts, breakers, children } = this.#deps
    this.#isCalm = halts.isEmpty && breakers.isEmpty && children.isNoneDown()
  }

  /**
   * Lets a call through, or not.
   * @returns whether the call is one by which it is seen how things are: to be told to {@link ended}
   * @throws PlatformError `UNAVAILABLE`
   */
  admit(release: LoadedRelease, { tenant, beyondQuotas }: Origin): boolean {
    const { id, version } = release.manifest
    const { halts, breakers, children, now } = this.#deps
    const halt = halts.isEmpty ? undefined : halts.find(id, version)
    if (halt !== undefined) throw this.#refusal(release, { kind: halt.kind, pluginId: id, since: halt.since }, RETRY_HALTED_SECONDS)
    const down = children.find(release)
    if (down !== undefined) throw this.#refusal(release, { kind: 'restarting', pluginId: id, since: down.since }, (down.until - now()) / 1_000)
    // Where a person's rights are at stake it is tried all the same.
    if (breakers.isEmpty || beyondQuotas === true) return false
    const admission = breakers.admit(tenant.id, id)
    if (typeof admission === 'boolean') return admission
    throw this.#refusal(release, { kind: 'paused', pluginId: id, since: admission.since }, (admission.retryAt - now()) / 1_000)
  }

  /** A call that was let through has ended. @param error - what is thrown to whoever called; `undefined` when it went well */
  ended(release: LoadedRelease, { tenant, signal }: Origin, { what }: Call, isProbe: boolean, error: PlatformError | undefined): void {
    this.#deps.breakers.ended(tenant.id, release.manifest.id, isProbe, this.#outcome(error, what, signal))
  }

  #outcome(error: PlatformError | undefined, what: string, signal: AbortSignal | undefined): CallOutcome {
    if (error === undefined) return { kind: 'passed' }
    // Who went away made it fail.
    if (!FAILURES.has(error.code) || this.#charged.has(error) || signal?.aborted === true) return { kind: 'nothing' }
    this.#charged.add(error)
    return { kind: 'failed', why: `${error.code} in ${what}` }
  }

  #refusal(release: LoadedRelease, outage: Outage, retryAfterSeconds: number): PlatformError {
    this.#deps.refused(release, outage)
    return outageError(outage, retryAfterSeconds)
  }
}
