// Runs in a child before the plugin's code does (node --import), and takes away what Node's permission model leaves open. It imports nothing of
// ours and is plain JavaScript: it is loaded as it stands, under the permissions of the child.
//
// None of it is a wall by itself. It closes the doors that are known, so that code that merely tries finds them shut; against code that takes over
// Node itself only the walls outside of the process help (see docs/explanation/isolation.md).

import { channel } from 'node:diagnostics_channel'
import module, { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'
import util from 'node:util'
import v8 from 'node:v8'
import vm from 'node:vm'

// How the C library keeps its memory was read by it long ago, and is nobody's business here.
for (const name of Object.keys(process.env)) if (name.startsWith('MALLOC_')) delete process.env[name]

const denials = channel('liberacces:denied')
/** @param {string} what */
const refused = (what) => {
  denials.publish({ permission: 'guard', resource: what })
  return Object.assign(new Error(`${what} is not there for plugins.`), { code: 'ERR_ACCESS_DENIED' })
}

/**
 * Replaces members that can only do harm by ones that refuse.
 * @param {object} owner @param {string} name @param {readonly string[]} members
 */
function refuse(owner, name, members) {
  for (const member of members) {
    if (!(member in owner)) continue
    const value = function () { throw refused(`${name}.${member}`) }
    // With a setter that does nothing: Node itself puts its own around some of them, when parts of it are first used.
    Object.defineProperty(owner, member, { get: () => value, set() {}, configurable: false, enumerable: true })
  }
}

// Signals to others, and the debugger of others; another user; where files are looked for; what is loaded natively.
refuse(process, 'process', [
  'kill', '_kill', '_debugProcess', '_debugEnd', '_debugPause', '_startProfilerIdleNotifier', '_stopProfilerIdleNotifier', '_linkedBinding', 'binding', 'dlopen',
  'setuid', 'setgid', 'seteuid', 'setegid', 'setgroups', 'initgroups', 'umask', 'loadEnvFile', 'execve', '_rawDebug', 'send', 'disconnect',
  '_getActiveHandles', '_getActiveRequests',
])
// It names the machine, its addresses, all libraries and the environment, and writes files.
Object.defineProperty(process, 'report', { value: undefined, writable: false, configurable: false, enumerable: false })

// Frames of the program around it, which its own stack traces leave out.
refuse(util, 'util', ['getCallSites', 'getCallSite'])

// The flags are frozen besides (--freeze-flags-after-init): setting one would end the process.
refuse(v8, 'v8', ['setFlagsFromString', 'writeHeapSnapshot', 'getHeapSnapshot', 'setHeapSnapshotNearHeapLimit', 'takeCoverage', 'stopCoverage', 'startCpuProfile', 'startHeapProfile', 'queryObjects'])
// Code from text: --disallow-code-generation-from-strings knows only eval and Function.
refuse(vm, 'vm', ['Script', 'createContext', 'createScript', 'runInContext', 'runInNewContext', 'runInThisContext', 'compileFunction', 'measureMemory', 'SourceTextModule', 'SyntheticModule', 'Module'])
// `registerHooks` stays: the host program resolves the SDK by it, and it gives a plugin power over itself alone.
refuse(module, 'module', ['register', 'enableCompileCache', 'stripTypeScriptTypes'])

// Names of the machine, its users and its addresses. What a program may want to know to divide its work stays.
const plainOs = {
  hostname: () => 'plugin', homedir: () => '/', tmpdir: () => '/', networkInterfaces: () => ({}), loadavg: () => [0, 0, 0], uptime: () => process.uptime(), version: () => '', release: () => '',
  userInfo: () => ({ uid: -1, gid: -1, username: 'plugin', homedir: '/', shell: null }),
}
for (const [member, value] of Object.entries(plainOs)) Object.defineProperty(os, member, { value, writable: false, configurable: false, enumerable: true })
refuse(os, 'os', ['setPriority', 'getPriority'])

// Without /proc the size of the process is unknown; libraries that ask must not fall over it.
const { memoryUsage } = process
const heapUsage = () => {
  const { total_physical_size: rss, total_heap_size: heapTotal, used_heap_size: heapUsed, external_memory: external } = v8.getHeapStatistics()
  return { rss, heapTotal, heapUsed, external, arrayBuffers: 0 }
}
const usage = () => { try { return memoryUsage() } catch { return heapUsage() } }
usage.rss = () => usage().rss
Object.defineProperty(process, 'memoryUsage', { value: usage, writable: false, configurable: false, enumerable: true })

// Machine code made at run time, ways to the network and threads: the permissions refuse the latter, and where they do not, nobody should find them.
for (const name of ['WebAssembly', 'fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'Worker', 'BroadcastChannel', 'SharedArrayBuffer', 'navigator', 'localStorage', 'sessionStorage']) {
  Reflect.deleteProperty(globalThis, name)
}

syncBuiltinESMExports()
