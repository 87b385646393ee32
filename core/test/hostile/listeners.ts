import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'

/** Who listens on this machine, for a plugin that would speak to them: on loopback, and nowhere else. */
export interface Listeners extends AsyncDisposable {
  readonly tcp: number
  readonly udp: number
  readonly dns: number
  readonly unix: string
  /** Everyone who came: over what. Empty as long as the walls stand. */
  readonly came: readonly string[]
}

/** @param folder - where the unix socket is made */
export async function startListeners(folder: string): Promise<Listeners> {
  const came: string[] = []
  const unix = join(folder, 'listener.sock')
  const servers: Server[] = []
  const listen = async (name: string, where: { readonly port: number; readonly host: string } | { readonly path: string }): Promise<number> => {
    const server = createServer((socket) => {
      came.push(name)
      socket.on('error', () => undefined)
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
    }).listen(where)
    servers.push(server)
    await once(server, 'listening')
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }
  const sockets: Socket[] = []
  const receive = async (name: string): Promise<number> => {
    const socket = createSocket('udp4', () => { came.push(name) })
    sockets.push(socket)
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return (socket.address() as AddressInfo).port
  }
  const tcp = await listen('TCP', { port: 0, host: '127.0.0.1' })
  await listen('a unix socket', { path: unix })
  await listen('an abstract unix socket', { path: `\0${unix}` })
  return {
    tcp, unix, came,
    udp: await receive('UDP'),
    dns: await receive('a look-up'),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.close()
      await Promise.all(servers.map(async (server) => { server.close(); await once(server, 'close') }))
    },
  }
}
