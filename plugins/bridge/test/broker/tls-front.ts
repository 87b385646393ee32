import { readFileSync } from 'node:fs'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { createServer } from 'node:tls'
import { onTestFinished } from 'vitest'

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')

/** TLS in front of a broker, with a certificate of the tests' own; closed with the test. */
export async function startTlsFront(to: { readonly host: string; readonly port: number }): Promise<{ readonly port: number; readonly ca: string }> {
  const cert = fixture('cert.pem')
  const sockets = new Set<Socket>()
  const server = createServer({ cert, key: fixture('key.pem') }, (near) => {
    const far = connect(to)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far)
    far.pipe(near)
  })
  server.on('tlsClientError', () => undefined) // whoever does not trust us goes away
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, ca: cert }
}
