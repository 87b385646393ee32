import { CallContext } from '../runtime/call-context.ts'
import type { OpenCall } from './broker/open-call.ts'
import { LineAllowance } from './line-allowance.ts'
import type { FromPlugin } from './protocol.ts'
import type { UsedScopes } from './used-scopes.ts'

/** Lines of a plugin that go into the log within {@link LINES_EVERY_MS}: what is above them nobody reads. */
const MOST_LINES = 1_000
/** Lines that say what it tried and may not. */
const MOST_ATTEMPTS = 30
const LINES_EVERY_MS = 60_000
/** Largest message of a line, in bytes, whose detail is looked at: that of an honest one is a few times smaller. */
const LONGEST_LINE = 256 * 1024

interface LinesDeps {
  readonly used: UsedScopes
  readonly log: { warn(detail: object, message: string): void }
}

/** What the log has of one plugin's side: its own lines, and what it tried. */
export class PluginLines {
  readonly #deps: LinesDeps
  readonly #name: { readonly id: string; readonly version: string }
  readonly #lines = new LineAllowance(MOST_LINES, LINES_EVERY_MS)
  readonly #attempts = new LineAllowance(MOST_ATTEMPTS, LINES_EVERY_MS)

  constructor(deps: LinesDeps, name: { readonly id: string; readonly version: string }) {
    this.#deps = deps
    this.#name = name
  }

  /** Its own line. @param size - of the message that it came in, in bytes */
  say(call: OpenCall | undefined, { level, message, detail }: Extract<FromPlugin, { kind: 'log' }>, size: number): void {
    if (call === undefined || 'db' in call.grant) return
    const may = this.#lines.take()
    if (may === 'no') return
    const log = 'c' in call.grant ? call.grant.c.log : call.grant.w.log
    if (may === 'last') return log.warn(`This plugin says more than ${MOST_LINES} lines a minute; more of them are left out until it is over.`)
    // The host program keeps details short: one that is not was written past it, and is not worth looking through.
    log[level](message, size > LONGEST_LINE ? { '…': `more than is kept: it came in ${size} bytes` } : detail as Readonly<Record<string, unknown>> | undefined)
  }

  /** Says by name what it tried: not every time, if it never stops. */
  blame(call: OpenCall | undefined, message: string, detail: Readonly<Record<string, string>>): void {
    this.#deps.used.tried()
    const may = this.#attempts.take()
    if (may === 'no') return
    const { id, version } = this.#name
    const tenant = call !== undefined && 'c' in call.grant ? CallContext.insideOf(call.grant.c).origin.tenant.info.slug : undefined
    this.#deps.log.warn({ plugin: id, release: version, ...(tenant === undefined ? {} : { tenant }), ...detail }, may === 'last' ? `${message}, again and again: more of it is left out for a minute` : message)
  }
}
