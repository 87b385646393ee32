// Runs in a box and tries, one after the other, what no plugin may. What it is told (places of the test's own) comes over descriptor 3 as one line of JSON,
// and so goes back what came of each attempt: "refused: why", "done", or what it saw.

import assert from 'node:assert'
import child_process from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import fs from 'node:fs'
import http from 'node:http'
import http2 from 'node:http2'
import module, { createRequire } from 'node:module'
import net from 'node:net'
import os from 'node:os'
import tls from 'node:tls'
import v8 from 'node:v8'
import vm from 'node:vm'
import { Worker } from 'node:worker_threads'

const channel = new net.Socket({ fd: 3, readable: true, writable: true })
const require = createRequire(import.meta.url)

const LONGEST_MS = 1_500
/** An emitter that connects, or fails. */
const outcome = (emitter, ...events) => new Promise((resolve, reject) => {
  for (const event of events) emitter.once(event, () => { resolve('done') })
  emitter.once('error', reject)
})

/** @type {Record<string, (place: any) => unknown>} Each throws or rejects when it was refused, and answers otherwise. */
const ATTEMPTS = {
  // Its own.
  'read the own file': ({ own }) => fs.readFileSync(own, 'utf8'),
  // Reading.
  'read /etc/passwd': () => fs.readFileSync('/etc/passwd', 'utf8'),
  'read a file of the platform': ({ secret }) => fs.readFileSync(secret, 'utf8'),
  'read it by promise': ({ secret }) => fs.promises.readFile(secret, 'utf8'),
  'read it by dots': ({ own, secret }) => fs.readFileSync(`${own}/../../${secret.split('/').slice(-2).join('/')}`, 'utf8'),
  'read it as a Buffer path': ({ secret }) => fs.readFileSync(Buffer.from(secret), 'utf8'),
  'read it by URL': ({ secret }) => fs.readFileSync(new URL(`file://${secret}`), 'utf8'),
  'list its folder': ({ secret }) => fs.readdirSync(secret.replace(/\/[^/]*$/, '')),
  'look whether it is there': ({ secret }) => (fs.existsSync(secret) ? 'done' : assert.fail('not there')),
  'open it': ({ secret }) => fs.openSync(secret),
  'import it': ({ secret }) => import(`file://${secret}`, { with: { type: 'json' } }),
  'require it': ({ secret }) => require(secret),
  'open it as a blob': async ({ secret }) => (await fs.openAsBlob(secret)).text(),
  'read its environment in /proc': () => fs.readFileSync('/proc/self/environ', 'utf8'),
  'read the environment of its parent': ({ pid }) => fs.readFileSync(`/proc/${pid}/environ`, 'utf8'),
  'read the memory map': () => fs.readFileSync('/proc/self/maps', 'utf8'),
  'read its root through /proc': ({ secret }) => fs.readFileSync(`/proc/self/root${secret}`, 'utf8'),
  'follow a directory to outside': ({ secret }) => fs.opendirSync(secret.replace(/\/[^/]*$/, '')).readSync()?.name,
  'node:sqlite': async ({ secret }) => { const { DatabaseSync } = await import('node:sqlite'); return new DatabaseSync(secret.replace(/json$/, 'sqlite')).prepare('select 1').all() },
  // Writing.
  'write into its own folder': ({ own }) => fs.writeFileSync(`${own}.new`, 'x'),
  'write to /tmp': ({ written }) => fs.writeFileSync(written, 'x'),
  'append to its own file': ({ own }) => fs.appendFileSync(own, 'x'),
  'remove its own file': ({ own }) => fs.rmSync(own),
  'make a link': ({ own, secret }) => fs.symlinkSync(secret, `${own}.link`),
  'make a hard link': ({ own, secret }) => fs.linkSync(secret, `${own}.hard`),
  'make a folder': ({ written }) => fs.mkdirSync(written),
  'make a temporary folder': () => fs.mkdtempSync('/tmp/box-'),
  'change the mode of its own file': ({ own }) => fs.chmodSync(own, 0o777),
  'watch a folder': ({ secret }) => fs.watch(secret.replace(/\/[^/]*$/, '')),
  'heap snapshot': ({ written }) => v8.writeHeapSnapshot(written),
  'report': ({ written }) => process.report.writeReport(written),
  'report as text': () => process.report.getReport(),
  'compile cache': ({ written }) => { const { directory } = module.enableCompileCache(written); return directory ?? assert.fail('none') },
  'load an environment file': ({ secret }) => process.loadEnvFile(secret),
  // The network.
  'tcp': ({ port }) => outcome(net.connect(port, '127.0.0.1'), 'connect'),
  'tcp by name': ({ port }) => outcome(net.connect(port, 'localhost'), 'connect'),
  'tcp listen': () => outcome(net.createServer().listen(0, '127.0.0.1'), 'listening'),
  'udp': ({ udp }) => new Promise((resolve, reject) => { dgram.createSocket('udp4').once('error', reject).send('x', udp, '127.0.0.1', (error) => (error ? reject(error) : resolve('done'))) }),
  'unix socket': ({ socket }) => outcome(net.connect(socket), 'connect'),
  'abstract socket': ({ abstract }) => outcome(net.connect(abstract), 'connect'),
  'unix socket, to listen': ({ written }) => outcome(net.createServer().listen(written), 'listening'),
  'tls': ({ port }) => outcome(tls.connect(port, '127.0.0.1', { rejectUnauthorized: false }), 'secureConnect'),
  'http': ({ port }) => outcome(http.get({ port, host: '127.0.0.1' }), 'response'),
  'http2': ({ port }) => outcome(http2.connect(`http://127.0.0.1:${port}`), 'connect'),
  'fetch': ({ port }) => globalThis.fetch(`http://127.0.0.1:${port}`),
  'WebSocket': ({ port }) => outcome(new globalThis.WebSocket(`ws://127.0.0.1:${port}`), 'open'),
  'look up a name': () => dns.promises.lookup('localhost'),
  'ask a name server': ({ udp }) => { const resolver = new dns.promises.Resolver({ timeout: 200, tries: 1 }); resolver.setServers([`127.0.0.1:${udp}`]); return resolver.resolve4('secret.example.org') },
  'a descriptor as a server': () => outcome(net.createServer().listen({ fd: 0 }), 'listening'),
  // Other programs and threads.
  'spawn': () => outcome(child_process.spawn('/bin/true'), 'exit'),
  'exec, and wait': () => child_process.execSync('/bin/true'),
  'fork': ({ own }) => outcome(child_process.fork(own), 'exit'),
  'execve': () => process.execve?.('/bin/true', ['true'], {}) ?? assert.fail('no execve'),
  'worker': () => outcome(new Worker('0', { eval: true }), 'online', 'exit'),
  'cluster': async () => { const { default: cluster } = await import('node:cluster'); return outcome(cluster.fork(), 'online') },
  'inspector': async () => { const inspector = await import('node:inspector'); inspector.open(0); return 'done' },
  'inspector session': async () => { const inspector = await import('node:inspector'); new inspector.Session().connect(); return 'done' },
  'wasi': async () => { const { WASI } = await import('node:wasi'); return typeof new WASI({ version: 'preview1' }) },
  'ffi': async () => { const ffi = await import(['node', 'ffi'].join(':')); return ffi.dlopen?.('libc.so.6') ?? assert.fail('no dlopen') },
  'addon': ({ own }) => process.dlopen({ exports: {} }, own),
  'addon by require': ({ addon }) => require(addon),
  'process.binding': () => typeof process.binding('fs'),
  'linked binding': () => process._linkedBinding('anything'),
  'trace events': async () => { const { createTracing } = await import('node:trace_events'); createTracing({ categories: ['node'] }).enable(); return 'done' },
  // Others on the machine.
  'signal the platform': ({ pid }) => process.kill(pid, 0),
  'signal by the inner function': ({ pid }) => process._kill(pid, 0),
  'debug the platform': ({ pid }) => process._debugProcess(pid),
  'its priority': ({ pid }) => os.setPriority(pid, 0),
  'become another user': () => process.setuid(0),
  // Code from text, and flags.
  'eval': () => Reflect.apply(globalThis[['ev', 'al'].join('')], undefined, ['1']),
  'Function': () => Reflect.construct(globalThis.Function, ['return 1'])(),
  'vm': () => vm.runInNewContext('1'),
  'vm.Script': () => new vm.Script('1').runInThisContext(),
  'vm.compileFunction': () => vm.compileFunction('return 1')(),
  'WebAssembly': () => new globalThis.WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
  'module hooks in a thread': ({ own }) => module.register(`file://${own}`),
  'flags of V8': () => v8.setFlagsFromString('--trace-gc'),
  'the same through getBuiltinModule': () => process.getBuiltinModule('v8').setFlagsFromString('--trace-gc'),
  'the same through require': () => require('node:v8').setFlagsFromString('--trace-gc'),
  'put it back': () => { Object.defineProperty(v8, 'setFlagsFromString', { value: () => 0 }); return 'done' },
  // What it can see.
  'environment': () => Object.entries(process.env).filter(([name, value]) => name !== 'TZ' && !(name === 'PWD' && value === '/')).join(' ') || assert.fail('empty'),
  'host name': () => (os.hostname() === 'plugin' ? assert.fail('hidden') : os.hostname()),
  'addresses': () => (Object.keys(os.networkInterfaces()).length === 0 ? assert.fail('none') : 'done'),
  'user': () => (os.userInfo().username === 'plugin' ? assert.fail('hidden') : 'done'),
}

async function attempt(name, place) {
  let timer
  try {
    const late = new Promise((_, reject) => { timer = setTimeout(() => { reject(new Error('nothing came')) }, LONGEST_MS) })
    const answer = await Promise.race([(async () => ATTEMPTS[name](place))(), late])
    return `done: ${String(answer).slice(0, 100)}`
  } catch (error) {
    return `refused: ${error?.code ?? error?.message ?? error}`
  } finally {
    clearTimeout(timer)
  }
}

// What fails later, by itself, must not end the others' turn.
process.on('uncaughtException', () => undefined)
process.on('unhandledRejection', () => undefined)

async function attemptAll(place) {
  const results = {}
  for (const name of place.only ?? Object.keys(ATTEMPTS)) results[name] = await attempt(name, place)
  channel.end(`${JSON.stringify(results)}\n`, () => { process.exit(0) })
}

let text = ''
channel.on('data', (chunk) => {
  text += chunk
  if (text.endsWith('\n')) void attemptAll(JSON.parse(text))
})
