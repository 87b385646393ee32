import inspector from 'node:inspector'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { WASI } from 'node:wasi'
import { attempts, evil } from '../evil-plugin.ts'

type Inside = Record<string, (...given: unknown[]) => unknown>
const inside = process as unknown as Inside & typeof process
const elsewhere = createRequire('/')

/** Reaches for what lies below JavaScript: native code, Node's own insides, other processes. */
export default evil('native', (_, { files = [], pids = [] }) => attempts({
  'dlopen': () => { process.dlopen({ exports: {} }, files[0] ?? '/lib/evil.node', constants.dlopen.RTLD_NOW) },
  'an addon that is there': () => elsewhere('better-sqlite3') as unknown,
  'process.binding': () => inside['binding']?.('fs'),
  'process._linkedBinding': () => inside['_linkedBinding']?.('fs'),
  'node:ffi': () => (elsewhere('node:ffi') as Inside)['dlopen']?.('libc.so.6', { getppid: { parameters: [], result: 'int' } }),
  'WASI': () => new WASI({ version: 'preview1', preopens: { '/': '/' } }),
  'a session of the inspector': () => {
    const session = new inspector.Session()
    session.connectToMainThread()
    return 'connected'
  },
  'another user': () => { process.setuid?.(65_534); process.setgid?.(65_534); return process.getuid?.() },
  'groups': () => { process.setgroups?.([0]); return process.getgroups?.() },
  ...Object.fromEntries(pids.flatMap((pid) => [
    // Signal 0 and SIGURG do no harm to a process; that they arrive would be enough.
    [`a signal to ${pid}`, () => process.kill(pid, 0)],
    [`another signal to ${pid}`, () => process.kill(pid, 'SIGURG')],
    [`a signal to the group ${pid}`, () => process.kill(-pid, 0)],
    [`_kill ${pid}`, () => { const failed = inside['_kill']?.(pid, 0); if (failed !== 0) throw new Error(`it answered ${String(failed)}`); return 'arrived' }],
    [`_debugProcess ${pid}`, () => { inside['_debugProcess']?.(pid); return 'told' }],
  ])),
}), { callMs: 5_000 })
