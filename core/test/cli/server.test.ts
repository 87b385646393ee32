import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { onPostgres } from '../run-environment.ts'
import { liberacces, liberaccesJson, processOf, start, temporaryFolder } from './cli-kit.ts'
import { said, saidJson } from './spoken.ts'

/** Waits until something is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(20)
}

test('[C6] a command acts in the server that runs, which shows it at once', async () => {
  const data = temporaryFolder()
  const server = await start(['serve', '--data', data])
  await liberaccesJson(['tenant', 'create', 'CA de La Rochelle', '--siren', '241700434', '--data', data])
  // From here on in this process: the way to the server is the same.
  expect((await server.get('aytre', '/apps/panneau/notices')).status).toBe(404)
  await saidJson(['tenant', 'create', 'Aytré', '--insee', '17028', '--data', data])
  await saidJson(['enable', 'fr.example.notices', '--tenant', 'aytre', '--data', data])
  const answer = await server.get('aytre', '/apps/panneau/notices')
  expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 200, body: [] })
  await saidJson(['disable', 'fr.example.notices', '--tenant', 'aytre', '--data', data])
  expect((await server.get('aytre', '/apps/panneau/notices')).status).toBe(404)

  // Refusals, help and passwords travel too.
  expect(await said(['tenant', 'show', 'nowhere', '--data', data])).toMatchObject({ exit: 1, out: '', err: expect.stringContaining('(TENANT_UNKNOWN)') })
  const made = await said(['account', 'create', 'c.moreau', '--name', 'Claire Moreau', '--role', 'agent', '--tenant', 'aytre', '--password-stdin', '--data', data], { input: 'une phrase assez longue' })
  expect(made).toEqual({ exit: 0, out: 'Made the account "c.moreau" (agent) at aytre.\n', err: '' })

  expect(await server.stop()).toMatchObject({ exit: 0 })
  expect(await saidJson(['tenant', 'list', '--data', data])).toMatchObject([{ slug: 'pool' }, { slug: 'aytre' }])
})

test('[C7] only its owner may open the control socket, and it goes with the server', async () => {
  const data = temporaryFolder()
  const socket = join(data, 'control.sock')
  const server = await start(['serve', '--data', data])
  expect(statSync(socket).mode & 0o777).toBe(0o600)
  // Someone who connects and says nothing keeps nobody waiting.
  const idle = connect(socket).on('error', () => undefined)
  onTestFinished(() => { idle.destroy() })
  expect((await server.stop()).exit).toBe(0)
  expect(existsSync(socket)).toBe(false)
})

test('[C7] what a killed server left is no server: commands run by themselves, and the next one takes its place', async () => {
  const data = temporaryFolder()
  const killed = await start(['serve', '--data', data])
  killed.child.kill('SIGKILL')
  await killed.ended
  expect(existsSync(join(data, 'control.sock'))).toBe(true)
  expect(await saidJson(['tenant', 'list', '--data', data])).toEqual([])
  const server = await start(['serve', '--data', data])
  expect(await saidJson(['tenant', 'list', '--data', data])).toEqual([])
  expect((await server.stop()).exit).toBe(0)
})

test('[C7] where the path is too long for a socket it stands elsewhere, in a folder that only its owner may enter', async () => {
  const data = join(temporaryFolder(), 'a'.repeat(100))
  mkdirSync(data)
  const server = await start(['serve', '--data', data])
  const { socket } = JSON.parse(readFileSync(join(data, 'control.json'), 'utf8')) as { readonly socket: string }
  expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700)
  await saidJson(['tenant', 'create', 'CA de La Rochelle', '--siren', '241700434', '--data', data])
  expect((await server.get('pool', '/healthz')).status).toBe(200)
  expect((await server.stop()).exit).toBe(0)
  expect([dirname(socket), join(data, 'control.json')].map((path) => existsSync(path))).toEqual([false, false])
})

test('[C7] two servers never share a data folder', async () => {
  const data = temporaryFolder()
  const server = await start(['serve', '--data', data])
  const second = await liberacces(['serve', '--data', data])
  expect(second).toMatchObject({ exit: 1, out: '', err: expect.stringContaining(`is in use by process ${server.child.pid}.`) })
  // The refused one has not taken the socket away from the other.
  expect(await saidJson(['tenant', 'list', '--data', data])).toEqual([])
})

test('[C8] SIGINT and SIGTERM end a server in good order with 0', async () => {
  const first = await start(['serve', '--data', temporaryFolder()])
  first.child.kill('SIGINT')
  expect(await first.ended).toMatchObject({ exit: 0, err: expect.not.stringContaining('did not close') })
})

test('[C8] a second signal ends it at once with 130, whatever it waits for', async () => {
  const server = await start(['serve', '--data', temporaryFolder()])
  await saidJson(['tenant', 'create', 'CA de La Rochelle', '--siren', '241700434', '--data', String(server.said['data'])])
  // A request that never ends.
  const upload = connect(server.port, '127.0.0.1').on('error', () => undefined)
  onTestFinished(() => { upload.destroy() })
  upload.write(`POST /auth/login HTTP/1.1\r\nHost: pool.localhost:${server.port}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`)
  await wait(50)
  const isReady = () => fetch(`http://127.0.0.1:${server.port}/readyz`).then(({ ok }) => ok, () => false)
  server.child.kill('SIGTERM')
  while (await isReady()) await wait(20)
  // What comes sooner counts as the same signal, passed on by a wrapper.
  await wait(400)
  // No third one: while a process exits, a signal takes it away without its exit code.
  server.child.kill('SIGTERM')
  expect((await server.ended).exit).toBe(130)
})

test.for([
  ['the shell that started it', '"$0" "$@" & wait'],
  ['whoever started that shell', 'sh -c \'"$0" "$@" & wait\' "$0" "$@" & wait'],
] as const)('[C8] a server that a package script started ends when %s is gone', async ([, script]) => {
  const data = temporaryFolder()
  const { argv, env } = await processOf(['serve', '--data', data], { env: { npm_lifecycle_event: 'start' } })
  const shell = spawn('sh', ['-c', script, process.execPath, ...argv], { env, stdio: 'ignore', cwd: join(import.meta.dirname, '../../..') })
  const pidFile = join(data, 'server.pid')
  await until(() => existsSync(join(data, 'control.sock')))
  const pid = Number(readFileSync(pidFile, 'utf8'))
  onTestFinished(() => { if (isAlive(pid)) process.kill(pid, 'SIGKILL') })
  shell.kill('SIGKILL')
  await until(() => !isAlive(pid))
  expect(existsSync(pidFile)).toBe(false)
})

test('[C9] a port in use is refused by its variable, and nothing stays open', async () => {
  const port = await takenPort()
  const data = temporaryFolder()
  for (const command of ['serve', 'demo']) {
    expect(await liberacces([command, '--data', data], { env: { PORT: String(port) } })).toMatchObject({ exit: 1, out: '', err: expect.stringContaining(`liberacces: PORT: ${port} is in use by another program.`) })
  }
  expect(existsSync(join(data, 'control.sock'))).toBe(false)
  // Found out before the demonstration began, not after.
  expect(await saidJson(['tenant', 'list', '--data', data])).toEqual([])
})

test('[C10] doctor passes on a sound machine, and knows the server that runs', async () => {
  const data = temporaryFolder()
  const { checks: before } = await checksOf(['doctor', '--data', data], { PORT: '0' })
  expect(Object.values(before).filter(({ id, status }) => status === 'broken' && !(onPostgres && id === 'durability'))).toEqual([])
  const server = await start(['serve', '--data', data])
  const found = await checksOf(['doctor', '--data', data], { PORT: String(server.port) })
  expect(found.exit).toBe(onPostgres ? 1 : 0)
  expect(found.checks).toMatchObject({
    lock: { status: 'ok', what: `process ${server.child.pid} serves it and takes commands` },
    port: { status: 'ok', what: expect.stringContaining(`in use by the server of this data folder (process ${server.child.pid})`) },
    // The server of the tests is not made to survive a power cut, which is what this is to find.
    durability: onPostgres ? { status: 'broken', what: 'fsync is off, synchronous_commit is off: what was acknowledged may be lost' } : { status: 'ok', what: 'synchronous=FULL, write-ahead log' },
    plugins: { status: 'ok', what: expect.stringContaining('fr.example.mirror 0.3.0, fr.example.notices 1.2.0') },
  })
})

test('[C10] doctor names everything that is broken, each with what to do, and fails', async () => {
  const data = temporaryFolder()
  await saidJson(['tenant', 'list', '--data', data])
  writeFileSync(join(data, 'demo-accounts.json'), '[]', { mode: 0o644 })
  const found = await checksOf(['doctor', '--data', data, '--plugins', join(import.meta.dirname, '../fixtures/broken-plugins')], { PORT: String(await takenPort()) })
  expect(found.exit).toBe(1)
  const broken = Object.entries(found.checks).filter(([id, { status }]) => status === 'broken' && !(onPostgres && id === 'durability')).map(([id, { fix }]) => [id, fix])
  expect(broken).toEqual([
    ['demo-accounts', `chmod 600 ${join(data, 'demo-accounts.json')}`],
    ['plugin-rejected', expect.stringContaining('export default')],
    ['port', expect.stringContaining('choose another port')],
  ])
})

test('[C10] doctor says which variable is wrong', async () => {
  const found = await checksOf(['doctor'], { LIBERACCES_LOG: 'loud' })
  expect(found).toMatchObject({ exit: 1, checks: { configuration: { status: 'broken', what: 'LIBERACCES_LOG: "loud" is no log level.' } } })
})

interface Check { readonly id: string; readonly status: string; readonly what: string; readonly fix?: string }

async function checksOf(args: readonly string[], env: Readonly<Record<string, string>>): Promise<{ readonly exit: number | null; readonly checks: Readonly<Record<string, Check>> }> {
  const { exit, out } = await said([...args, '--json'], { env })
  const { checks } = JSON.parse(out) as { readonly checks: readonly Check[] }
  return { exit, checks: Object.fromEntries(checks.map((check) => [check.id, check])) }
}

/** A port that somebody else listens on. */
async function takenPort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const server = createServer().listen(0, '127.0.0.1', () => {
    const address = server.address()
    resolve(typeof address === 'object' && address !== null ? address.port : 0)
  })
  onTestFinished(() => { server.close() })
  return promise
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
