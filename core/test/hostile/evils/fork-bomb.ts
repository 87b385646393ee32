import { execFile, execFileSync, fork, spawn } from 'node:child_process'
import cluster from 'node:cluster'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { attempts, evil } from '../evil-plugin.ts'

/** Processes and threads that it starts at most, of each kind. */
const MOST = 20

const spawned = async (): Promise<string> => {
  const children = Array.from({ length: MOST }, () => spawn('/bin/sleep', ['2'], { stdio: 'ignore' }))
  await Promise.all(children.map((child) => once(child, 'spawn')))
  return children.map(({ pid }) => pid).join()
}

/** Starts processes and threads, which would each start more. */
export default evil('fork-bomb', () => attempts({
  'spawn': spawned,
  'execFile': () => new Promise((resolve, reject) => { execFile('/bin/true', (error) => { if (error) reject(error); else resolve('ran') }) }),
  'execFileSync': () => execFileSync('/bin/true').length,
  'fork': async () => once(fork('/dev/null', { stdio: 'ignore' }), 'spawn'),
  'cluster': async () => once(cluster.fork(), 'online'),
  'worker': async () => {
    const workers = Array.from({ length: MOST }, () => new Worker('setInterval(() => {}, 1000)', { eval: true }))
    await Promise.all(workers.map((worker) => once(worker, 'online')))
    return workers.length
  },
}), { callMs: 8_000 })
