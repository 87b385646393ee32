import type { Gates } from '../runtime/gates.ts'
import type { Storage } from '../storage/storage.ts'
import type { Operation } from './journal.ts'
import { aboutKey, type LifecycleLog } from './lifecycle-parts.ts'
import type { Peers } from './peers.ts'

type LetIn = () => void

interface Shut {
  readonly operation: Operation
  /** Lets callers in again; `undefined` where those inside did not leave in time. */
  readonly letIn: Promise<LetIn | undefined>
  /** The operation is over. */
  isOver: boolean
}

/** What foreign gates are made from. */
export interface ForeignGatesOptions {
  readonly gates: Gates
  readonly peers: Pick<Peers, 'acknowledge'>
  readonly log: LifecycleLog
  /** Told of what was moved, before anybody is let in. */
  readonly storage: Pick<Storage, 'tablesChanged'>
  /** Longest wait for calls under way, in milliseconds. */
  readonly drainMs: number
}

/**
 * Gates that are shut here because another node moves a plugin of a tenant. A request costs nothing for it: that node says in the
 * journal what it is about to do, waits until every other one has shut its gate and said so, and only then touches the data.
 */
export class ForeignGates {
  readonly #options: ForeignGatesOptions
  readonly #shut = new Map<string, Shut>()

  constructor(options: ForeignGatesOptions) {
    this.#options = options
  }

  /**
   * Keeps callers out, and says so once nobody is inside. Does not wait for that. An operation that is known already is left alone.
   * One that switches a plugin off shuts no gate: whoever comes finds nothing to enter.
   */
  shut(operation: Operation): void {
    const key = keyOf(operation)
    const before = this.#shut.get(key)
    if (before?.isOver === false && before.operation.startedAt === operation.startedAt && before.operation.kind === operation.kind) return
    const letIn = this.#keepOut(operation, before).catch((error: unknown) => {
      this.#options.log.warn({ ...aboutKey(operation), kind: operation.kind, node: operation.node, err: error }, 'another node waits for calls under way here to end')
      return undefined
    })
    this.#shut.set(key, { operation, letIn, isOver: false })
  }

  /** Resolves once callers are kept out, or those inside did not leave in time. @returns whether they are kept out */
  async settled(operation: Pick<Operation, 'tenantId' | 'pluginId'>): Promise<boolean> {
    const shut = this.#shut.get(keyOf(operation))
    return shut?.isOver === false && await shut.letIn !== undefined
  }

  /**
   * Lets callers in again wherever nothing is under way any more. What they shall find runs by now.
   * @param isKnown - whether it is known of a tenant what is under way there, and runs already what is to run
   * @param underWay - by {@link keyOf}
   */
  open(isKnown: (tenantId: string) => boolean, underWay: ReadonlySet<string>): void {
    for (const [key, shut] of this.#shut) {
      if (shut.isOver || underWay.has(key) || !isKnown(shut.operation.tenantId)) continue
      shut.isOver = true
      void shut.letIn.then((letIn) => {
        this.#options.storage.tablesChanged({ tenantId: shut.operation.tenantId, pluginId: shut.operation.pluginId })
        letIn?.()
        if (this.#shut.get(key) === shut) this.#shut.delete(key)
      })
    }
  }

  async #keepOut(operation: Operation, before: Shut | undefined): Promise<LetIn> {
    const { gates, peers, drainMs } = this.#options
    const { tenantId, pluginId, kind } = operation
    // One gate at a time: that of an operation whose end was not seen, or that is being opened just now.
    if (before !== undefined) {
      const letIn = await before.letIn
      if (!before.isOver) letIn?.()
    }
    const isMove = kind === 'upgrade' || kind === 'rollback'
    // A change of this process that another node has taken over, and that has not noticed yet.
    for (let own = isMove ? gates.waitFor(tenantId, pluginId) : undefined; own !== undefined; own = gates.waitFor(tenantId, pluginId)) await own
    const letIn = isMove ? await gates.shut(tenantId, pluginId, drainMs) : await this.#emptied(operation)
    try {
      await peers.acknowledge(operation)
      return letIn
    } catch (error) {
      letIn()
      throw error
    }
  }

  async #emptied({ tenantId, pluginId }: Operation): Promise<LetIn> {
    const { gates, drainMs } = this.#options
    if (await gates.drained(tenantId, pluginId, drainMs)) return () => undefined
    throw new Error(`${gates.insideOf(tenantId, pluginId)} calls were still under way after ${drainMs} ms.`)
  }
}

/** Names what an operation moves. */
export function keyOf({ tenantId, pluginId }: Pick<Operation, 'tenantId' | 'pluginId'>): string {
  return `${tenantId}/${pluginId}`
}
