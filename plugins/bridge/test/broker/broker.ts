import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AMQPClient, type AMQPChannel } from '@cloudamqp/amqp-client'
import { startAmqpPeer } from './amqp-peer.ts'

/** A broker to test against, and how to look into it with a client that is not ours. */
export interface Broker {
  readonly name: string
  readonly host: string
  readonly port: number
  /** Exchange, queues and bindings of their own for each test. */
  channel(): Promise<AMQPChannel>
  /** Says to all connections that it takes nothing now, or does again; `undefined` where it cannot be told to. */
  readonly block: ((reason: string | undefined) => void) | undefined
  close(): Promise<void>
}

const RABBITMQ = ['/usr/lib/rabbitmq/bin/rabbitmq-server', '/usr/local/sbin/rabbitmq-server'].find((path) => existsSync(path))

/** Why there is no real broker here, to be said aloud; `undefined` when there is one. */
export const NO_REAL_BROKER = process.env['LIBERACCES_TEST_AMQP_URL'] === undefined && RABBITMQ === undefined
  ? 'no RabbitMQ on this machine, and LIBERACCES_TEST_AMQP_URL is not set'
  : undefined

/** The small one, in this process. */
export async function smallBroker(): Promise<Broker> {
  const peer = await startAmqpPeer()
  return brokerAt('the small broker of the tests', '127.0.0.1', peer.port, (reason) => { peer.block(reason) }, () => peer.close())
}

/** The one that the environment names, else a RabbitMQ of the test's own. */
export async function realBroker(): Promise<Broker> {
  const url = process.env['LIBERACCES_TEST_AMQP_URL']
  if (url !== undefined) {
    const { hostname, port } = new URL(url)
    return brokerAt(url, hostname, Number(port || 5672), undefined, async () => undefined)
  }
  const folder = mkdtempSync(join(tmpdir(), 'liberacces-rabbitmq-'))
  const [port, distribution, mapper] = [await freePort(), await freePort(), await freePort()]
  const child = spawn(RABBITMQ ?? 'rabbitmq-server', [], {
    stdio: ['ignore', 'pipe', 'pipe'], detached: true,
    env: {
      // A port mapper of its own, so that it can be ended with it.
      PATH: process.env['PATH'], HOME: folder, ERL_EPMD_PORT: String(mapper), RABBITMQ_NODENAME: `test-${port}@localhost`, RABBITMQ_NODE_PORT: String(port), RABBITMQ_DIST_PORT: String(distribution), RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
      RABBITMQ_LOG_BASE: join(folder, 'log'), RABBITMQ_PID_FILE: join(folder, 'pid'), RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'), RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1',
    },
  })
  await started(child)
  return brokerAt('RabbitMQ', '127.0.0.1', port, undefined, async () => {
    const gone = new Promise((resolve) => { child.once('exit', resolve) })
    // The script and what it started, and nothing else.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
    await gone
    const { status, stderr } = spawnSync('epmd', ['-port', String(mapper), '-kill'], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`The port mapper of the test's RabbitMQ (port ${mapper}) was left behind: ${stderr}`)
    rmSync(folder, { recursive: true, force: true })
  })
}

function brokerAt(name: string, host: string, port: number, block: Broker['block'], end: () => Promise<void>): Broker {
  const clients: AMQPClient[] = []
  return {
    name, host, port, block,
    async channel() {
      const client = new AMQPClient(`amqp://guest:guest@${host}:${port}`, undefined, null)
      clients.push(client)
      return (await client.connect()).channel()
    },
    async close() {
      for (const client of clients) await client.close().catch(() => undefined)
      await end()
    },
  }
}

async function started(child: ChildProcess): Promise<void> {
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (data: Buffer) => {
      said += data.toString()
      if (said.includes('completed with')) resolve()
    })
    child.stderr?.on('data', (data: Buffer) => { said += data.toString() })
    child.once('error', reject)
    child.once('exit', () => { reject(new Error(`RabbitMQ did not start: ${said}`)) })
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => { server.close(resolve) })
  return port
}
