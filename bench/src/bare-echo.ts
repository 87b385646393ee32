import { spawn } from 'node:child_process'
import type { Duplex } from 'node:stream'

/** Writes back what comes on its descriptor 3. */
const ECHO = `const { Socket } = require('node:net'); const socket = new Socket({ fd: 3 }); socket.on('data', (bytes) => socket.write(bytes))`

/** A bare Node process that sends back what it is sent: what the machine takes to wake one process, and then the other, without anything of ours. */
export interface BareEcho {
  /** Sends so many bytes again and again, one after the other. @returns how long each took to come back, in microseconds */
  roundTrips(count: number, bytes: number): Promise<readonly number[]>
  stop(): Promise<void>
}

/** Starts one, over the kind of socket that processes of plugins have. */
export function startEcho(): BareEcho {
  const child = spawn(process.execPath, ['-e', ECHO], { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] })
  // What could not be started never exits: who asks it something is told so.
  const exited = new Promise<void>((resolve) => { child.once('exit', () => { resolve() }).once('error', () => { resolve() }) })
  const socket = child.stdio[3] as Duplex
  const roundTrip = (sent: Buffer): Promise<void> => new Promise((resolve, reject) => {
    let missing = sent.length
    const gone = (): void => {
      socket.off('data', heard)
      reject(new Error('The bare process ended before it had answered.'))
    }
    const heard = (bytes: Buffer): void => {
      missing -= bytes.length
      if (missing > 0) return
      socket.off('data', heard).off('close', gone)
      resolve()
    }
    socket.on('data', heard).once('close', gone)
    socket.write(sent)
  })
  return {
    async roundTrips(count, bytes) {
      const sent = Buffer.alloc(bytes, 'a')
      const times: number[] = []
      for (let index = 0; index < count; index += 1) {
        const start = performance.now()
        await roundTrip(sent)
        times.push((performance.now() - start) * 1_000)
      }
      return times
    },
    async stop() {
      child.kill()
      await exited
    },
  }
}
