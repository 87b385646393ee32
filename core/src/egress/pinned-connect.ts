import { connect as connectPlain, isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import type { ConnectTls } from '@liberacces/sdk'
import type { CheckedAddress } from './egress-policy.ts'
import { lookupOf } from './pinned-fetch.ts'

/** Where a connection goes. */
export interface ConnectionPlace extends CheckedAddress {
  /** Whose it is: nothing that the network is told, but who stands in for it in a test may speak with each tenant otherwise. */
  readonly tenantId?: string
}

/** A connection to these addresses alone. Resolves once it stands, TLS included. */
export type PinnedConnect = (to: ConnectionPlace, tls: ConnectTls | undefined, signal: AbortSignal) => Promise<Duplex>

/** A TCP connection, with TLS where asked for: the certificate must be good for the host, whatever its address. */
export const pinnedConnect: PinnedConnect = async ({ host, port, addresses }, tls, signal) => {
  signal.throwIfAborted()
  const where = { host, port, lookup: lookupOf(addresses), autoSelectFamily: true, keepAlive: true, keepAliveInitialDelay: 30_000, noDelay: true }
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const servername = tls?.servername ?? host
  const socket: Socket = tls === undefined
    ? connectPlain(where)
    : connectTls({
        ...where, minVersion: 'TLSv1.2', rejectUnauthorized: true,
        ...(isIP(servername) === 0 ? { servername } : {}),
        ...(tls.ca === undefined ? {} : { ca: tls.ca }), ...(tls.cert === undefined ? {} : { cert: tls.cert }), ...(tls.key === undefined ? {} : { key: tls.key }),
      })
  const abort = (): void => { socket.destroy(new Error('It did not answer in time.')) }
  signal.addEventListener('abort', abort, { once: true })
  socket.once(tls === undefined ? 'connect' : 'secureConnect', () => { resolve(socket) })
  socket.once('error', reject)
  socket.once('close', () => { reject(new Error('The connection was closed at once.')) })
  try {
    return await promise
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
    socket.removeListener('error', reject)
  }
}
