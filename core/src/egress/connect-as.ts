import type { Duplex } from 'node:stream'
import type { ConnectTarget } from '@liberacces/sdk'
import { PlatformError } from '../errors.ts'
import { requireScope } from '../runtime/scope-gate.ts'
import { checkAddress, type EgressGate } from './egress-policy.ts'
import type { Asker } from './fetch-as.ts'
import type { PinnedConnect } from './pinned-connect.ts'

/** Longest until a connection stands, its TLS included, in milliseconds. */
const LONGEST_MS = 15_000

/** What connections of plugins go through. */
export interface ConnectDeps extends EgressGate {
  readonly connect: PinnedConnect
}

/**
 * A connection of a plugin to the outside, for protocols that are not HTTP: to `tcp:<host>:<port>`, or to any public host with `tcp:*`. With TLS,
 * unless the operator named the host; to public addresses alone, likewise, which are looked at before it is made to just them.
 * @throws PlatformError `SCOPE_MISSING`, `SCOPE_REFUSED`, `EGRESS_REFUSED`, `EGRESS_FAILED`
 */
export async function connectAs(deps: ConnectDeps, { release, accepted }: Asker, target: ConnectTarget, signal: AbortSignal | undefined): Promise<Duplex> {
  const plugin = release.manifest.id
  const { scopes, optionalScopes = {} } = release.manifest
  const host = target.host.toLowerCase()
  const scope = [`tcp:${host}:${target.port}`, 'tcp:*'].find((one) => scopes.includes(one) || Object.hasOwn(optionalScopes, one))
  if (scope === undefined || !Number.isInteger(target.port) || target.port < 1 || target.port > 65_535 || host === '') {
    throw new PlatformError('SCOPE_MISSING', `Plugin "${plugin}" may not connect to ${host}:${target.port}.`, { fix: `Declare 'tcp:${host}:${target.port}' in scopes or optionalScopes.` })
  }
  requireScope(release, accepted, scope)
  const limit = AbortSignal.any([AbortSignal.timeout(LONGEST_MS), ...(signal === undefined ? [] : [signal])])
  const checked = await checkAddress(deps, plugin, host, target.port, limit)
  if (target.tls === undefined && !checked.isAllowed) {
    throw new PlatformError('EGRESS_REFUSED', `Plugin "${plugin}" may not connect to ${host}:${target.port} without TLS.`,
      { fix: 'Use TLS. For a host on a network of your own the operator of the platform can add it to LIBERACCES_EGRESS_ALLOW.' })
  }
  try {
    return await deps.connect(checked, target.tls, limit)
  } catch (cause) {
    const { code, message } = cause as { readonly code?: string; readonly message?: string }
    const what = limit.aborted ? 'it did not answer in time' : (code ?? message ?? 'the connection failed')
    throw new PlatformError('EGRESS_FAILED', `No connection to ${host}:${target.port}: ${what}.`, { fix: 'Look at the address and whether who is there answers; try again later.', cause })
  }
}
