import { createHash } from 'node:crypto'
import { readSync, writeSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { CUT_SHORT, type CopyAnswer, type CopyQuestion, type CopyTask } from './copy-task.ts'

// Runs in a thread of its own, with no loader: it imports nothing that Node cannot read as it is. See copy-threads.ts.

/** What is read, hashed and written at a time, in bytes: little enough to stay in the processor's own memory between the three. */
const CHUNK = 256 * 1024
/** Most that stands before or after the bytes. */
const EDGE = 64 * 1024
const buffer = Buffer.allocUnsafeSlow(CHUNK + EDGE)

parentPort?.on('message', ({ id, task }: CopyQuestion) => {
  parentPort?.postMessage(answer(id, task))
})

function answer(id: number, task: CopyTask): CopyAnswer {
  try {
    return { id, sha256: copy(task) }
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    return { id, failure: { message, ...(code === undefined ? {} : { code }) } }
  }
}

function copy({ from, fromAt, size, to, toAt, head, padTo }: CopyTask): string {
  const hash = createHash('sha256')
  let filled = 0
  let written = toAt
  const flush = (): void => {
    for (let done = 0; done < filled;) done += writeSync(to, buffer, done, filled - done, written + done)
    written += filled
    filled = 0
  }
  if (head !== undefined) {
    buffer.set(head)
    filled = head.length
  }
  for (let done = 0; done < size;) {
    const read = readSync(from, buffer, filled, Math.min(CHUNK - filled, size - done), fromAt + done)
    if (read === 0) throw Object.assign(new Error(`It ends after ${done} of its ${size} bytes.`), { code: CUT_SHORT })
    hash.update(buffer.subarray(filled, filled + read))
    done += read
    filled += read
    if (filled === CHUNK && done < size) flush()
  }
  const rest = padTo === undefined ? 0 : size % padTo
  if (padTo !== undefined && rest > 0) {
    buffer.fill(0, filled, filled + padTo - rest)
    filled += padTo - rest
  }
  flush()
  return hash.digest('hex')
}
