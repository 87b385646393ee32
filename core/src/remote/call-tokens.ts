import { createHash } from 'node:crypto'
import type { PlatformError } from '../errors.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { questionRefused } from './question-refused.ts'

/** Bytes of a token: nobody guesses it in the seconds for which it is good. */
const TOKEN_BYTES = 32
/** Most questions that one call may ask. */
const MOST_QUESTIONS = 10_000
/** Most questions of one call that are being read and answered. */
const MOST_AT_ONCE = 32

/** Answers what an application asks for one call. */
export type AnswerQuestion = (what: string, content: unknown) => Promise<unknown>

/** A call of an application that is under way: for as long as it is, its token opens what the call may. */
export interface TokenedCall {
  readonly pluginId: string
  readonly tenant: Tenant
  /**
   * Takes one of the places for questions that are read and answered at once: before a question is read, as it may be large.
   * @returns gives the place back
   * @throws PlatformError `REMOTE_REFUSED` when all are taken
   */
  begin(): () => void
  /**
   * Answers one question, in a place that was taken before.
   * @param id - whole number, never twice: what was sent again, by whomever, is done once
   * @throws PlatformError `REMOTE_REFUSED` for a number that was used or too many questions, or whatever the question is refused with
   */
  ask(id: number, what: string, content: unknown): Promise<unknown>
}

/** The calls of applications that are under way in this process. */
export class CallTokens {
  readonly #randomBytes: (length: number) => Uint8Array
  /** By digest, so that no token can be found by how long it takes to refuse another. */
  readonly #calls = new Map<string, TokenedCall>()

  constructor(randomBytes: (length: number) => Uint8Array) {
    this.#randomBytes = randomBytes
  }

  /** Calls that are under way. */
  get count(): number {
    return this.#calls.size
  }

  /** Opens a call. Its token is worth nothing any more once it is closed; closing twice is harmless. */
  open(pluginId: string, tenant: Tenant, answer: AnswerQuestion): { readonly token: string; close(): void } {
    const token = Buffer.from(this.#randomBytes(TOKEN_BYTES)).toString('base64url')
    const key = digestOf(token)
    const seen = new Set<number>()
    let under = 0
    let open = true
    this.#calls.set(key, {
      pluginId, tenant,
      begin() {
        if (under >= MOST_AT_ONCE) throw refused(`${MOST_AT_ONCE} questions of the call wait for their answers`)
        under += 1
        return () => { under -= 1 }
      },
      async ask(id, what, content) {
        if (!open) throw refused('the call is over')
        if (seen.has(id)) throw refused(`a question with the id ${id} was asked before`)
        if (seen.size >= MOST_QUESTIONS) throw refused(`the call asked ${MOST_QUESTIONS} questions`)
        seen.add(id)
        return await answer(what, content)
      },
    })
    return {
      token,
      close: () => {
        open = false
        this.#calls.delete(key)
      },
    }
  }

  /** The call that a token belongs to; `undefined` when it is over, or there was none. */
  find(token: string): TokenedCall | undefined {
    return this.#calls.get(digestOf(token))
  }
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64')
}

function refused(what: string): PlatformError {
  return questionRefused(what, 'Ask within the call, each question once and with a number of its own.')
}
