import type { Progress } from '../leaving/leaving-ports.ts'
import type { Io } from './io.ts'

/** Shortest time between two remarks about one piece of work, in milliseconds. */
const PAUSE_MS = 1_000

/** Says how far long work is, on standard error: at each new step, and about once a second. Says nothing beside a JSON answer. */
export function progressNotes(io: Io): Progress {
  let last = { kind: '', at: 0 }
  return (what, done, total) => {
    if (io.json) return
    const [kind = ''] = what.split(' ')
    const now = performance.now()
    if (kind === last.kind && now - last.at < PAUSE_MS) return
    last = { kind, at: now }
    io.note(`${what}: ${total === 0 ? 100 : Math.floor((done / total) * 100)} %`)
  }
}
