import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server (a database, a bus) that a test can cut and mend. */
export interface CuttableWay {
  /** On 127.0.0.1. */
  readonly port: number
  /** Connections that go through now. */
  readonly size: number
  /** An address of the server, by this way. */
  by(url: string): string
  /** Ends what goes through, and lets nothing through from now on: the server is away. */
  cut(): void
  /** Swallows what is sent from now on, both ways, and tells nobody: a broken network. */
  silence(): void
  /** Lets everything through again. What was swallowed is lost, so connections that were silenced are ended. */
  mend(): void
  /** Ends all connections; new ones are let through. */
  drop(): void
  close(): Promise<void>
}

/** Makes a way to a server, on a free port. */
export async function startCuttableWay(to: { readonly host: string; readonly port: number }): Promise<CuttableWay> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let state: 'open' | 'cut' | 'silent' = 'open'
  const server = createServer((near) => {
    if (state === 'cut') {
      near.destroy()
      return
    }
    const far = connect(to)
    const pair = [near, far] as const
    pairs.add(pair)
    const end = (): void => {
      // A broken network tells neither side that the other has gone.
      if (state === 'silent') return
      for (const socket of pair) socket.destroy()
      pairs.delete(pair)
    }
    for (const [from, onto] of [[near, far], [far, near]] as const) {
      from.on('data', (chunk) => {
        if (state === 'silent' || onto.write(chunk)) return
        from.pause()
        onto.once('drain', () => { from.resume() })
      })
      from.on('error', end).on('close', end)
    }
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as AddressInfo
  const drop = (): void => {
    for (const pair of pairs) for (const socket of pair) socket.destroy()
    pairs.clear()
  }
  return {
    port,
    get size() { return pairs.size },
    by: (url) => {
      const way = new URL(url)
      way.hostname = '127.0.0.1'
      way.port = String(port)
      return way.href
    },
    cut: () => {
      state = 'cut'
      drop()
    },
    silence: () => { state = 'silent' },
    mend: () => {
      if (state === 'silent') drop()
      state = 'open'
    },
    drop,
    close: () => {
      state = 'cut'
      drop()
      return new Promise((resolve) => { server.close(() => { resolve() }) })
    },
  }
}
