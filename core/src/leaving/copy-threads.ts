import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { CopyAnswer, CopyQuestion, CopyTask } from './copy-task.ts'

/** Hashing takes longer than reading and writing: two threads use two processors; more than four wait for the disk. */
const THREADS = Math.max(2, Math.min(4, availableParallelism()))

interface Thread { readonly worker: Worker; readonly ids: Set<number>; bytes: number }
interface Waiting extends PromiseWithResolvers<string> { readonly size: number }

/** Threads that copy and hash, while this one serves requests. They start when there is something to do. */
export class CopyThreads implements AsyncDisposable {
  readonly #threads: Thread[] = []
  readonly #waiting = new Map<number, Waiting>()
  #asked = 0
  #isClosed = false

  /**
   * Copies when a thread is free; who asks for many bounds how many. Both files stay open, and whose they are.
   * @returns the SHA-256, in lower-case hexadecimal
   * @throws Error with `code`: that of the system, or `CUT_SHORT` when the source is shorter than it should be
   */
  copy(task: CopyTask): Promise<string> {
    if (this.#isClosed) return Promise.reject(new Error('The threads are closed.'))
    const thread = this.#leastBusy()
    const id = (this.#asked += 1)
    const waiting = { ...Promise.withResolvers<string>(), size: task.size }
    this.#waiting.set(id, waiting)
    thread.ids.add(id)
    thread.bytes += task.size
    thread.worker.postMessage({ id, task } satisfies CopyQuestion)
    return waiting.promise
  }

  /** Ends them. What they were asked and have not done is refused. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #leastBusy(): Thread {
    const idlest = this.#threads.toSorted((a, b) => a.bytes - b.bytes || a.ids.size - b.ids.size)[0]
    return idlest !== undefined && (idlest.ids.size === 0 || this.#threads.length >= THREADS) ? idlest : this.#start()
  }

  #start(): Thread {
    // No loader of this process: what the thread runs needs none, and would wait for it.
    const worker = new Worker(new URL('./copy-worker.ts', import.meta.url), { execArgv: [], name: 'copying' })
    const thread: Thread = { worker, ids: new Set(), bytes: 0 }
    worker.on('message', (answer: CopyAnswer) => { this.#take(thread, answer) })
    worker.on('error', (error) => { this.#lose(thread, error) })
    worker.on('exit', () => { this.#lose(thread, new Error('A thread that copies has ended.')) })
    this.#threads.push(thread)
    return thread
  }

  #take(thread: Thread, answer: CopyAnswer): void {
    const waiting = this.#waiting.get(answer.id)
    if (waiting === undefined) return
    this.#waiting.delete(answer.id)
    thread.ids.delete(answer.id)
    thread.bytes -= waiting.size
    if ('sha256' in answer) waiting.resolve(answer.sha256)
    else waiting.reject(Object.assign(new Error(answer.failure.message), { code: answer.failure.code }))
  }

  /** A thread is gone: whoever waits for it is told, and nobody is sent to it any more. */
  #lose(thread: Thread, error: unknown): void {
    const at = this.#threads.indexOf(thread)
    if (at !== -1) this.#threads.splice(at, 1)
    for (const id of thread.ids) {
      this.#waiting.get(id)?.reject(error)
      this.#waiting.delete(id)
    }
    thread.ids.clear()
  }
}
