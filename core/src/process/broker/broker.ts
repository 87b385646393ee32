// Longer than others: every question that a plugin's side may ask is answered in one place, in a few lines each, on the context of its own call alone.
import type { Context, EventContract, Mail, Operation, Service } from '@liberacces/sdk'
import { AlreadyHandled, CallContext } from '../../runtime/call-context.ts'
import { PlatformError } from '../../errors.ts'
import { readerOf } from '../../storage/files/readers.ts'
import { misfit } from '../../validation.ts'
import { traceIdOf } from '../../http/traceparent.ts'
import type { WatchAsked } from '../asked.ts'
import { LIMITS, QUESTIONS, type Ask, type Question, type QuestionName } from '../protocol.ts'
import type { UsedScopes } from '../used-scopes.ts'
import type { OpenCall } from './open-call.ts'
import { runStatement, Statements } from './statements.ts'

/** Codes that say that something was not to be had. */
export const REFUSALS: ReadonlySet<string> = new Set(['SCOPE_MISSING', 'SCOPE_REFUSED', 'EVENT_UNDECLARED', 'EGRESS_REFUSED', 'DB_STATEMENT_REFUSED', 'PLUGIN_ASK_INVALID'])

/**
 * Answers what one plugin's side asks. It holds nothing that a call does not have: each question is put to the context of the call it is asked for, which
 * fixes tenant and person and has the one check of scopes, quotas and rights that code in the kernel's process meets too.
 */
export class Broker {
  readonly #used: UsedScopes
  readonly #statements = new Statements()
  readonly #plugin: () => string
  readonly #watch: WatchAsked | undefined

  /** @param watch - told of each question, for certification */
  constructor(used: UsedScopes, plugin: () => string = () => '', watch?: WatchAsked) {
    this.#used = used
    this.#plugin = plugin
    this.#watch = watch
  }

  /**
   * Answers at once what can be, such as a statement on SQLite, and by a promise the rest.
   * @throws whatever keeps it from being answered, or rejects with it
   */
  answer(call: OpenCall, ask: Ask): unknown {
    const wrong = misfit(QUESTIONS[ask.what], ask.with)
    if (wrong !== undefined) throw new PlatformError('PLUGIN_ASK_INVALID', `The plugin asked for ${ask.what} with what cannot be: ${wrong}.`, { fix: 'Look at the types of the SDK, and at how long texts may be.' })
    const scope = scopeOf(ask)
    const serve = ANSWERS[ask.what] as (call: OpenCall, given: unknown, statements: Statements) => unknown
    let answer: unknown
    try {
      answer = call.within(() => serve(call, ask.with, this.#statements))
    } catch (error) {
      this.#failed(call, ask, scope, error)
      throw error
    }
    if (!(answer instanceof Promise)) {
      this.#answered(call, ask, scope)
      return answer
    }
    return answer.then((value: unknown) => {
      this.#answered(call, ask, scope)
      return value
    }, (error: unknown) => {
      this.#failed(call, ask, scope, error)
      throw error
    })
  }

  #answered(call: OpenCall, ask: Ask, scope: string | undefined): void {
    if (scope !== undefined) this.#used.note(scope)
    this.#tell(call, ask, scope)
  }

  #failed(call: OpenCall, ask: Ask, scope: string | undefined, error: unknown): void {
    this.#tell(call, ask, scope, error)
    if (scope !== undefined && error instanceof PlatformError && REFUSALS.has(error.code)) this.#used.refuse(scope)
  }

  #tell(call: OpenCall, { what, with: given }: Ask, scope: string | undefined, error?: unknown): void {
    if (this.#watch === undefined) return
    const origin = 'c' in call.grant ? CallContext.insideOf(call.grant.c).origin : undefined
    this.#watch({
      plugin: this.#plugin(), what, scope, tenantId: origin?.tenant.id, traceId: origin === undefined ? undefined : traceIdOf(origin.traceparent),
      sql: 'statement' in given ? this.#statements.textOf(given) : undefined,
      refused: error === undefined || error instanceof AlreadyHandled ? undefined : error instanceof PlatformError ? error.code : 'failed',
      why: error instanceof Error ? error.message : undefined,
    })
  }
}

const ANSWERS: { readonly [Name in QuestionName]: (call: OpenCall, given: Question<Name>, statements: Statements) => unknown } = {
  'db.run': (call, given, statements) => {
    const query = statements.compiled(given)
    return call.beside(() => runStatement(call.db, query))
  },
  'tx.begin': async (call, { tx }) => {
    try {
      await call.transactions.begin(tx)
    } catch (error) {
      // Whatever the handler makes of it: the event has been dealt with.
      if (error instanceof AlreadyHandled) call.outcome.reject(error)
      throw error
    }
  },
  'tx.run': (call, { tx, ...given }, statements) => {
    const query = statements.compiled(given)
    return call.transactions.in(tx, (open) => runStatement(open, query))
  },
  'tx.emit': (call, { tx, event, data, notBefore }) => call.transactions.in(tx, (open) => open.emit({ kind: 'event', id: event } as EventContract, data, notBefore === undefined ? {} : { notBefore: new Date(notBefore) })),
  'tx.publish': (call, { tx, type, data, notBefore }) => call.transactions.in(tx, (open) => open.publish({ type, data, ...(notBefore === undefined ? {} : { notBefore: new Date(notBefore) }) })),
  'tx.mail': (call, { tx, mail }) => call.transactions.in(tx, (open) => open.mail.send(mail as Mail)),
  'tx.commit': (call, { tx }) => call.transactions.commit(tx),
  'tx.rollback': (call, { tx, because }) => call.transactions.rollBack(tx, because === undefined ? undefined : call.refusal(because)),
  'use': (call, { service, operation, input, optional }) => call.beside(() => useService(call.context, service, operation, input, optional === true)),
  'mail': (call, { mail }) => call.context.mail.send(mail as Mail),
  'audit': (call, { action, target, detail }) => call.context.audit(action, target, detail as Readonly<Record<string, string | number | boolean | null>> | undefined),
  'fetch': async (call, { url, method, headers, redirect, ...sent }) => {
    const response = await call.content.use(sent, (body) => call.context.fetch(url, { method, headers: headers.map(([name, value]): [string, string] => [name, value]), redirect, ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }) }))
    return {
      status: response.status, statusText: response.statusText, url: response.url, redirected: response.redirected, headers: [...response.headers],
      ...(response.body === null ? {} : call.content.giveStream(response.body)),
    }
  },
  'files.put': (call, { name, type, ...sent }) => call.content.use(sent, (content) => call.context.files.put(content ?? new Uint8Array(0), { name, type })),
  'files.get': async (call, { id }) => {
    const found = await call.context.files.get(id)
    return found === undefined ? null : { id: found.id, name: found.name, type: found.type, size: found.size, sha256: found.sha256 }
  },
  'files.bytes': async (call, { id }) => {
    const found = await call.context.files.get(id)
    if (found === undefined) throw new PlatformError('NOT_FOUND', 'The file is gone.', { fix: 'Ask for it anew.' })
    const open = found.size > LIMITS.chunk ? readerOf(found) : undefined
    return open === undefined ? call.content.give(found.size, () => found.bytes()) : call.content.giveReadable(found.size, open)
  },
  'files.delete': (call, { id }) => call.context.files.delete(id),
  'secrets.seal': (call, { text }) => call.context.secrets.seal(text),
  'secrets.open': async (call, { sealed }) => (await call.context.secrets.open(sealed)) ?? null,
  'events.known': (call) => call.context.knownEvents(),
  'wake': (call, { worker }) => { call.context.wake({ kind: 'worker', id: worker }) },
  'work.run': (call, given) => call.work.run(given),
  'work.pause': (call, { ms }) => call.work.pause(ms),
  'work.wake': (call) => { call.work.wake() },
  'work.health': (call, given) => { call.work.health(given) },
  'work.connect': (call, target) => call.work.connect(target),
  'work.read': (call, { connection }) => call.work.connection(connection).read(),
  'work.write': (call, { connection, bytes }) => call.work.connection(connection).write(bytes),
  'work.end': (call, { connection }) => call.work.connection(connection).end(),
  'work.close': (call, { connection }) => { call.work.close(connection) },
  'bytes.put': (call, { upload, bytes }) => { call.content.put(upload, bytes) },
  'bytes.next': (call, { stream }) => call.content.next(stream),
  'bytes.close': (call, { stream }) => { call.content.close(stream) },
}

function useService(c: Context, id: string, operation: string, input: unknown, isOptional: boolean): Promise<unknown> {
  // The operations are those of the provider: what the asker takes the contract for is of no weight.
  const service = { kind: 'service', id, operations: {} as Readonly<Record<string, Operation>> } as Service<never>
  const client = (isOptional ? c.useOptional(service) : c.use(service)) as Readonly<Record<string, (input: unknown) => Promise<unknown>>> | undefined
  const name = CallContext.insideOf(c).release.manifest.id
  if (client === undefined) throw new PlatformError('SERVICE_UNAVAILABLE', `No active plugin provides ${id} any more.`, { fix: 'Switch on a plugin that provides it.' })
  if (!Object.hasOwn(client, operation)) throw new PlatformError('SERVICE_UNAVAILABLE', `Plugin "${name}" calls "${operation}" of ${id}, which its provider does not offer.`, { fix: 'Use what the contract has.' })
  return client[operation]?.(input) ?? Promise.resolve(undefined)
}

/** What opens the way to what is asked, as certification counts it. */
function scopeOf({ what, with: given }: Ask): string | undefined {
  switch (what) {
    case 'db.run': case 'tx.begin': return 'db'
    case 'tx.emit': return `emit:${given.event}`
    case 'tx.publish': return 'events:write:*'
    case 'tx.mail': case 'mail': return 'mail:send'
    case 'use': return `use:${given.service}`
    case 'fetch': return `net:${URL.canParse(given.url) ? new URL(given.url).hostname : '?'}`
    case 'files.put': case 'files.get': case 'files.bytes': case 'files.delete': return 'files'
    case 'work.connect': return `tcp:${given.host.toLowerCase()}:${given.port}`
    case 'events.known': return 'events:read:*'
    case 'audit': return 'audit'
    case 'secrets.seal': case 'secrets.open': return 'secrets'
    default: return undefined
  }
}
