import type { MessageValues, WorkerHealth } from '@liberacces/sdk'

/** What handlers see of a worker that runs here. */
export interface WorkerHere {
  state: WorkerHealth['state']
  /** A message of the plugin. */
  message: { readonly key: string; readonly values: MessageValues | undefined } | undefined
  /** Milliseconds since the Unix epoch. */
  since: number
  held: unknown
}

/** The workers of one plugin in this process: one of each kind on a tenant. What they hold stays here, with whoever is handed it. */
export class ChildWorkers {
  readonly #workers = new Map<string, WorkerHere>()

  /** @param slug - of the tenant, which nobody else has at that time */
  find(slug: string, id: string): WorkerHere | undefined {
    return this.#workers.get(`${slug}/${id}`)
  }

  /** One begins. What an earlier one left tells still how it was doing. */
  begin(slug: string, id: string, now: number): WorkerHere {
    const before = this.find(slug, id)
    const worker: WorkerHere = { state: before?.state ?? 'resting', message: before?.message, since: before?.since ?? now, held: undefined }
    this.#workers.set(`${slug}/${id}`, worker)
    return worker
  }

  /** It is there no more, unless another one began meanwhile. */
  forget(slug: string, id: string, worker: WorkerHere): void {
    if (this.find(slug, id) === worker) this.#workers.delete(`${slug}/${id}`)
  }
}
