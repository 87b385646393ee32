// A process of its own that starts the children of the platform (launcher.ts), because starting one copies the tables of all memory that the starter has: in the
// platform, which has much, nobody is served for as long. It imports nothing of ours and is plain JavaScript, so that it is small itself.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

/** @type {Map<number, { readonly child: import('node:child_process').ChildProcess, inside?: number }>} */
const children = new Map()

/** @param {object} told */
const tell = (told) => { process.send?.(told, () => undefined) }

/** @param {{ number: number, file: string, args: readonly string[], env: Record<string, string>, user: { uid?: number, gid?: number }, sockets: readonly string[], filter?: string, tellsPid: boolean }} wish */
async function start({ number, file, args, env, user, sockets: paths, filter, tellsPid }) {
  // One that breaks off is told by the end of the child.
  const sockets = paths.map((path) => connect(path).on('error', () => undefined))
  /** @type {import('node:child_process').ChildProcess} */
  let child
  try {
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    const [stderr, channel] = sockets
    child = spawn(file, args, { cwd: '/', env, detached: true, stdio: ['pipe', 'ignore', stderr, channel, tellsPid ? 'pipe' : 'ignore', ...(filter === undefined ? [] : [/** @type {const} */ ('pipe')])], ...user })
  } finally {
    // The child has them now, and the platform at their other ends; nothing was said on them yet.
    for (const socket of sockets) socket.destroy()
  }
  child.once('error', ({ message }) => { tell({ kind: 'failed', number, message }) })
  child.once('exit', (code, signal) => {
    children.delete(number)
    tell({ kind: 'ended', number, code, signal })
  })
  const { pid } = child
  if (pid === undefined) return
  const one = { child, inside: pid }
  children.set(number, one)
  child.stdin?.on('error', () => undefined)
  const [, , , , info, filtered] = child.stdio
  // Read before the program is there. One that does not come to that says so itself.
  if (filter !== undefined) /** @type {import('node:stream').Writable} */ (filtered).on('error', () => undefined).end(Buffer.from(filter, 'base64'))
  tell({ kind: 'started', number, pid })
  if (!tellsPid) return
  const told = await text(/** @type {import('node:stream').Readable} */ (info))
  if (told !== '') one.inside = JSON.parse(told)['child-pid']
  tell({ kind: 'inside', number, pid: told === '' ? undefined : one.inside })
}

/** With process 1 of a sandbox goes all that is in there, and then what stands in front of it, which reaps it. Killed the other way round it would stay until somebody else reaps it. @param {number} number */
function kill(number) {
  const one = children.get(number)
  if (one?.inside === undefined) return
  try {
    process.kill(one.inside === one.child.pid ? -one.inside : one.inside, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}

process.on('message', (/** @type {any} */ wish) => {
  switch (wish.kind) {
    case 'start': start(wish).catch((error) => { tell({ kind: 'failed', number: wish.number, message: String(error) }) }); break
    case 'go': children.get(wish.number)?.child.stdin?.end('go\n'); break
    case 'kill': kill(wish.number); break
  }
})

// It ends with the platform and not before: who ends the platform by a signal to all that belongs to it gives it time for its children.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => undefined)
process.on('disconnect', () => {
  for (const number of children.keys()) kill(number)
  process.exit()
})
