import { PlatformError } from '../errors.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { Broker } from '../process/broker/broker.ts'
import { OpenCall, type Grant } from '../process/broker/open-call.ts'
import { callFacts } from '../process/call-facts.ts'
import { LineAllowance } from '../process/line-allowance.ts'
import { PROTOCOL_VERSION, type Target } from '../process/protocol.ts'
import type { PluginRunner } from '../process/running-plugin.ts'
import { noteReads, pluginError } from '../process/said.ts'
import { UsedScopes } from '../process/used-scopes.ts'
import { CallContext } from '../runtime/call-context.ts'
import type { ReleaseProcess, ScopeUse } from '../runtime/release.ts'
import { answerQuestion } from './answer-question.ts'
import type { Applications } from './applications.ts'
import type { CallTokens } from './call-tokens.ts'
import { postCall, type LinkDeps } from './remote-link.ts'
import type { RemoteCall } from './remote-messages.ts'

/** What calls of applications go through. */
export interface RemoteDeps {
  readonly link: LinkDeps
  readonly applications: Pick<Applications, 'find'>
  readonly tokens: CallTokens
  /** Where questions of a call are asked, without a slash at its end. @param application - base of the application's addresses */
  readonly callbackUrl: (application: string, tenant: Tenant) => string
  readonly randomBytes: (length: number) => Uint8Array
}

/** Lines of an application that go into the log within {@link LINES_EVERY_MS}: what is above them nobody reads. */
const MOST_LINES = 1_000
const LINES_EVERY_MS = 60_000

/** A release of an application that answers elsewhere. Nothing of it is here but how often it was called. */
export class RemoteRunner implements PluginRunner, ReleaseProcess {
  readonly runtime = 'remote'
  /** Whether it answers shows at each call; calls that fail again and again are not tried for a while (`health/`). */
  readonly state = 'ready'
  readonly pid = undefined
  readonly walls = []
  readonly #deps: RemoteDeps
  readonly #name: { readonly id: string; readonly version: string }
  /** Stands in its HTML where the reader's own token goes. */
  readonly #csrfToken: string
  readonly #used = new UsedScopes()
  readonly #broker = new Broker(this.#used)
  readonly #lines = new LineAllowance(MOST_LINES, LINES_EVERY_MS)
  /** So far: each has a number. */
  #calls = 0
  #inFlight = 0

  constructor(deps: RemoteDeps, name: { readonly id: string; readonly version: string }, csrfToken: string) {
    this.#deps = deps
    this.#csrfToken = csrfToken
    this.#name = name
  }

  get inFlight(): number {
    return this.#inFlight
  }

  get used(): readonly ScopeUse[] {
    return this.#used.list
  }

  memory(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  /** It is told nothing but in calls. */
  caughtUp(): Promise<void> {
    return Promise.resolve()
  }

  stop(): Promise<void> {
    return Promise.resolve()
  }

  async call(target: Target, input: unknown, grant: Grant): Promise<unknown> {
    if (!('c' in grant) || target.at === 'migration' || target.at === 'worker' || target.at === 'piece') {
      throw new PlatformError('MIGRATION_FAILED', `The application "${this.#name.id}" keeps its data itself and has no migrations here.`, { fix: 'Leave migrations out of its plugin.json.' })
    }
    const { link, applications, tokens, callbackUrl } = this.#deps
    const application = applications.find(this.#name.id)
    const { origin, limit } = CallContext.insideOf(grant.c)
    this.#calls += 1
    this.#inFlight += 1
    const call = new OpenCall(this.#calls, grant)
    const token = tokens.open(this.#name.id, origin.tenant, (what, content) => answerQuestion(this.#broker, this.#lines, call, what, content))
    // Whatever ends the call ends the connection.
    const ended = new AbortController()
    try {
      const message: RemoteCall = {
        kind: 'call', protocol: PROTOCOL_VERSION, plugin: this.#name.id, release: this.#name.version, target, input, csrfToken: this.#csrfToken,
        facts: callFacts(grant.c, link.now()) as NonNullable<RemoteCall['facts']>,
        seed: Buffer.from(this.#deps.randomBytes(6)).readUIntBE(0, 6),
        callback: { url: callbackUrl(application.url, origin.tenant), token: token.token },
      }
      const outcome = await Promise.race([postCall(link, application, message, AbortSignal.any([limit.signal, ended.signal])), call.outcome.promise as Promise<never>])
      noteReads(origin, outcome.reads)
      if (outcome.kind === 'failure') throw pluginError(outcome.error, call)
      return outcome.value
    } catch (error) {
      // Its time is up, or who asked has left: that is what happened, and no fault of the connection.
      if (limit.signal.aborted) throw limit.signal.reason
      throw error
    } finally {
      token.close()
      call.close()
      ended.abort()
      this.#inFlight -= 1
    }
  }
}
