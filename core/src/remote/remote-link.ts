import { PlatformError } from '../errors.ts'
import { checkAddress, type EgressGate } from '../egress/egress-policy.ts'
import { limitedResponse } from '../egress/limited-response.ts'
import type { PinnedFetch } from '../egress/pinned-fetch.ts'
import { LIMITS } from '../process/protocol.ts'
import { misfit } from '../validation.ts'
import { toJsonValue } from './json-bytes.ts'
import { RemoteOutcome, type RemoteCall } from './remote-messages.ts'
import { signatureHeaders } from './signature.ts'

/** What requests to applications go through. */
export interface LinkDeps extends EgressGate {
  readonly fetch: PinnedFetch
  readonly now: () => number
  readonly newId: () => string
}

/** Whom a request goes to. */
export interface Application {
  readonly pluginId: string
  /** Base of its addresses, without a slash at its end. */
  readonly url: string
  /** The present one first. */
  readonly secrets: readonly string[]
}

/** What is told of itself by an application has at most this many bytes. */
const LARGEST_DESCRIPTION = 1_048_576
/** Longest it may take to tell it, in milliseconds. */
const DESCRIPTION_MS = 15_000

/**
 * Posts one call to an application and returns how it ended. It is not tried again: only whoever asked knows whether that would do harm.
 * @param signal - cuts the connection
 * @throws PlatformError `REMOTE_UNAVAILABLE` when it does not answer, or not as the protocol says; `EGRESS_REFUSED` for where the platform may not go
 */
export async function postCall(deps: LinkDeps, application: Application, call: RemoteCall, signal: AbortSignal): Promise<RemoteOutcome> {
  const body = JSON.stringify(toJsonValue(call))
  const headers = { 'content-type': 'application/json', ...signatureHeaders(application.secrets, deps.newId(), Math.floor(deps.now() / 1_000), body) }
  const outcome = await exchange(deps, application, '/call', { method: 'POST', body, headers }, LIMITS.fromPluginJson, signal)
  const wrong = misfit(RemoteOutcome, outcome)
  if (wrong !== undefined) throw failed(application, `it answered with something else than the protocol says: ${wrong}`)
  return outcome as RemoteOutcome
}

/**
 * What an application says of itself: its `plugin.json`. Unchecked.
 * @throws PlatformError `REMOTE_UNAVAILABLE`, `EGRESS_REFUSED`
 */
export function fetchDescription(deps: LinkDeps, application: Pick<Application, 'pluginId' | 'url'>): Promise<unknown> {
  return exchange(deps, { ...application, secrets: [] }, '/plugin.json', {}, LARGEST_DESCRIPTION, AbortSignal.timeout(DESCRIPTION_MS))
}

async function exchange(deps: LinkDeps, application: Application, path: string, init: RequestInit, largestBytes: number, signal: AbortSignal): Promise<unknown> {
  const url = new URL(application.url + path)
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  const { addresses } = await checkAddress(deps, application.pluginId, url.hostname, port, signal)
  // Named by the operator it is already, or it would have been refused; but personal data go over no network in clear.
  if (url.protocol !== 'https:' && !addresses.every(isLoopback)) {
    throw new PlatformError('EGRESS_REFUSED', `The application "${application.pluginId}" is reached without TLS, and is not on this machine.`, { fix: 'Put it behind HTTPS, and add it again with its new address.' })
  }
  try {
    const response = limitedResponse(await deps.fetch(url, { ...init, signal, redirect: 'manual' }, addresses), largestBytes, url)
    if (response.status !== 200) {
      await response.body?.cancel()
      throw failed(application, response.status === 401 || response.status === 403 ? `it does not take our signature (${response.status})` : `it answered with the status ${response.status}`)
    }
    return JSON.parse(await response.text(), (key, value: unknown) => (key === '__proto__' ? undefined : value)) as unknown
  } catch (cause) {
    if (cause instanceof PlatformError && cause.code === 'REMOTE_UNAVAILABLE') throw cause
    throw failed(application, describe(cause, signal), cause)
  }
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}

function describe(cause: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'it did not answer in time'
  if (cause instanceof SyntaxError) return 'it answered with no JSON'
  if (cause instanceof PlatformError) return 'it answered with more than is taken'
  const { code } = cause as { readonly code?: unknown }
  return typeof code === 'string' ? code : 'the connection failed'
}

function failed({ pluginId }: Pick<Application, 'pluginId'>, what: string, cause?: unknown): PlatformError {
  return new PlatformError('REMOTE_UNAVAILABLE', `The application "${pluginId}" could not be called: ${what}.`, { fix: 'Look at the application: whether it runs, what it logs, and whether it holds the secret that `plugin add-remote` gave.', cause })
}
