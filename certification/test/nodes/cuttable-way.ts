import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A way to a database that can be cut: what is sent is swallowed and nobody is told, as on a broken network. */
export interface CuttableWay {
  readonly url: string
  cut(): void
  /** Lets everything through again. Connections from before are closed: what they said is lost. */
  mend(): void
  close(): void
}

export async function cuttableWay(url: string): Promise<CuttableWay> {
  const to = new URL(url)
  const pairs = new Set<readonly [Socket, Socket]>()
  let isCut = false
  const server = createServer((near) => {
    const far = connect(Number(to.port || 5432), to.hostname)
    const pair = [near, far] as const
    pairs.add(pair)
    const end = (): void => {
      if (isCut) return
      near.destroy()
      far.destroy()
      pairs.delete(pair)
    }
    near.on('data', (chunk) => { if (!isCut) far.write(chunk) })
    far.on('data', (chunk) => { if (!isCut) near.write(chunk) })
    for (const socket of pair) socket.on('error', end).on('close', end)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const closeAll = (): void => {
    for (const pair of pairs) for (const socket of pair) socket.destroy()
    pairs.clear()
  }
  const way = new URL(url)
  way.hostname = '127.0.0.1'
  way.port = String((server.address() as { readonly port: number }).port)
  return {
    url: way.href,
    cut: () => { isCut = true },
    mend: () => {
      isCut = false
      closeAll()
    },
    close: () => {
      isCut = false
      closeAll()
      server.close()
    },
  }
}
