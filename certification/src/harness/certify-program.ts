// The process in which a plugin is judged: started by certify-aside.ts, with an order as its first message. Everything temporary is made below the folder that
// it is given as TMPDIR, which is removed by the one who started it, or, when that one is gone, here.

import { rmSync } from 'node:fs'
import { certifyHere } from './certify-here.ts'
import type { CertifyMessage, CertifyOrder } from './certify-order.ts'
import { NoSubject } from './no-subject.ts'

const stopped = new AbortController()
const say = (message: CertifyMessage): Promise<void> => new Promise((resolve) => {
  if (process.send === undefined || !process.connected) resolve()
  else process.send(message, undefined, undefined, () => { resolve() })
})

process.on('message', (message: { readonly kind: 'order'; readonly order: CertifyOrder } | { readonly kind: 'stop' }) => {
  if (message.kind === 'stop') stopped.abort()
  else void run(message.order)
})
// Whoever started this is gone: nobody is told any more, and nothing may be left.
process.on('disconnect', () => {
  if (isDone) return
  stopped.abort()
  setTimeout(leave, 5_000)
})
// Ctrl-C of a terminal is for the one who started this, who then says so.
process.on('SIGINT', () => undefined)

// However it ends, also by a fault: nothing of the run is left.
process.on('exit', clear)

let isDone = false

async function run(order: CertifyOrder): Promise<void> {
  try {
    await say({ kind: 'report', report: await certifyHere(order, (progress) => { void say({ kind: 'progress', progress }) }, stopped.signal) })
  } catch (error) {
    if (error instanceof NoSubject) await say({ kind: 'refused', message: error.message, fix: error.fix })
    else await say({ kind: 'broken', message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
  isDone = true
  process.disconnect?.()
  leave()
}

function leave(): never {
  // What a plugin left running must not keep the harness.
  process.exit(0)
}

function clear(): void {
  const folder = process.env['LIBERACCES_CERTIFY_TEMP']
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
