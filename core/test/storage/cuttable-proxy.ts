import { createServer, connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A way to a server that can be cut and mended. */
export interface CuttableProxy {
  /** The same address, by this way. */
  readonly url: string
  /** Ends what goes through, and lets nothing through from now on. */
  cut(): void
  mend(): void
  /** Connections that go through now. */
  readonly size: number
}

export async function cuttableProxy(server: string): Promise<CuttableProxy> {
  const { hostname, port } = new URL(server)
  const sockets = new Set<Socket>()
  let isCut = false
  const proxy = createServer((from) => {
    if (isCut) {
      from.destroy()
      return
    }
    const to = connect(Number(port), hostname)
    for (const [one, other] of [[from, to], [to, from]] as const) {
      sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => { sockets.delete(one); other.destroy() })
    }
  })
  await new Promise<void>((resolve) => { proxy.listen(0, '127.0.0.1', resolve) })
  const end = (): void => { for (const socket of sockets) socket.destroy() }
  onTestFinished(() => { end(); proxy.close() })
  const address = proxy.address()
  const url = new URL(server)
  url.port = String(typeof address === 'object' && address !== null ? address.port : 0)
  return { url: url.href, cut: () => { isCut = true; end() }, mend: () => { isCut = false }, get size() { return sockets.size / 2 } }
}
