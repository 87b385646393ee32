import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a broker that can be cut in the middle and be there again. */
export interface CuttableProxy {
  readonly port: number
  cut(): void
  restore(): void
  close(): Promise<void>
}

/** Starts it on a free port of loopback. */
export async function startCuttableProxy(to: { readonly host: string; readonly port: number }): Promise<CuttableProxy> {
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    if (isCut) {
      near.destroy()
      return
    }
    const far = connect(to)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far)
    far.pipe(near)
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const drop = (): void => { for (const socket of sockets) socket.destroy() }
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      isCut = true
      drop()
    },
    restore: () => { isCut = false },
    close: () => {
      drop()
      return new Promise((resolve) => { server.close(() => { resolve() }) })
    },
  }
}
