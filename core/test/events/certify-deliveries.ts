import { expect, test } from 'vitest'
import type { Delivery, EventBus, Subscription } from '../../src/events/event-bus.ts'
import type { OutboxEvent, Storage, StoreKey } from '../../src/storage/storage.ts'
import { FakeOutside, forever, KEY, NOTES } from '../storage/temporary-storage.ts'

/** One node of a platform, with a bus that delivers. */
export interface DeliveringNode {
  readonly storage: Storage
  readonly bus: EventBus
  /** As if the process died: nothing more comes from it. Ends when others can know. */
  readonly kill: () => Promise<void>
}

/** How a node is started. */
export interface NodeOptions {
  readonly outside: FakeOutside
  readonly subscriptions?: readonly Subscription[]
  /** Receives deliveries on this node. */
  readonly deliver: (delivery: Delivery) => Promise<void>
}

/** A driver of deliveries, and what it need not prove. */
export interface DeliveriesUnderTest {
  readonly name: string
  /** A platform without nodes; each call of what it resolves to starts one. All of it closes by itself when the test is over. */
  readonly start: () => Promise<(options: NodeOptions) => Promise<DeliveringNode>>
  /** Whether two nodes may run at a time; else one begins when the one before is dead. */
  readonly hasSeveralNodes: boolean
  /** Promise to reason. */
  readonly waived?: Readonly<Record<string, string>>
}

const TYPE = 'fr.example.notes.changed/v1'
/** Who hears of every event of the suite. */
export const READER: Subscription = { pluginId: 'fr.example.reader', handlerId: 'on-change' }

/** Writes one event in a transaction of its own. */
export async function emit({ storage }: Pick<DeliveringNode, 'storage'>, id: string, { key = KEY, ...about }: Partial<OutboxEvent> & { readonly key?: StoreKey } = {}): Promise<void> {
  await storage.store(key).transaction(async (tx) => {
    await tx.appendEvent({ id, type: TYPE, subject: 'one', time: 0, data: { id }, notBefore: undefined, traceparent: undefined, ...about })
  }, forever())
}

/** The contract of deliveries, on every driver. */
export function certifyDeliveries({ name, start, hasSeveralNodes, waived = {} }: DeliveriesUnderTest): void {
  const promise = (title: string, body: () => Promise<void>): void => {
    const reason = waived[title.slice(1, title.indexOf(']'))]
    // oxlint-disable-next-line vitest/expect-expect -- they are in the bodies
    test.skipIf(reason !== undefined)(`${title} (${name}${reason === undefined ? '' : `; left out: ${reason}`})`, body)
  }
  /** Waits for what happens by itself. */
  const soon = async (seen: () => unknown, wanted: unknown): Promise<void> => { await expect.poll(seen, { interval: 5, timeout: 15_000 }).toEqual(wanted) }
  /** Has the effect of a delivery in the reader's own store: once for each event, whatever comes how often. */
  const effectIn = (node: () => Pick<DeliveringNode, 'storage'>) => async ({ tenantId, eventId, subscriber, handler }: Delivery): Promise<void> => {
    await node().storage.store({ tenantId, pluginId: subscriber }).transaction(async (tx) => {
      if (await tx.acceptEvent(eventId, handler)) await tx.db.insertInto('note').values({ text: eventId }).execute()
    }, forever())
  }
  const READERS: StoreKey = { tenantId: KEY.tenantId, pluginId: READER.pluginId }
  const effects = async ({ storage }: Pick<DeliveringNode, 'storage'>): Promise<readonly string[]> =>
    (await storage.store(READERS).db.selectFrom('note').select('text').orderBy('id').execute()).map((row) => String(row['text']))
  const ids = Array.from({ length: 40 }, (_, index) => `e-${String(index).padStart(3, '0')}`)

  promise('[E45] what is committed is delivered, by itself, in the order of its subject; what is rolled back is not', async () => {
    const node = await start()
    const came: string[] = []
    const first = await node({ outside: new FakeOutside(), deliver: async ({ eventId }) => { came.push(eventId) } })
    for (const id of ids) await emit(first, id)
    await expect(first.storage.store(KEY).transaction(async (tx) => {
      await tx.appendEvent({ id: 'never', type: TYPE, subject: 'one', time: 0, data: {}, notBefore: undefined, traceparent: undefined })
      throw new Error('no')
    }, forever())).rejects.toThrow('no')
    await soon(() => came, ids)
    // A store at rest, and one that is new.
    await emit(first, 'again')
    await emit(first, 'elsewhere', { key: { tenantId: 't-2', pluginId: KEY.pluginId } })
    await soon(() => came.slice(ids.length).toSorted(), ['again', 'elsewhere'])
    await first.bus.settle()
    expect(first.bus.stats).toMatchObject({ delivered: ids.length + 2, failed: 0, dead: 0 })
  })

  promise('[E46] a handler that always throws makes a dead letter after eight tries, and then lets the next ones through', async () => {
    const node = await start()
    const outside = new FakeOutside()
    const came: string[] = []
    let tries = 0
    const first = await node({ outside, deliver: async ({ eventId }) => {
      if (eventId === 'bad') {
        tries += 1
        throw new Error('never')
      }
      came.push(eventId)
    } })
    for (const id of ['bad', 'next-1', 'next-2']) await emit(first, id)
    await emit(first, 'other', { subject: 'two' })
    for (let round = 0; round < 9; round += 1) {
      await first.bus.settle()
      if (round === 0) expect(came).toEqual(['other'])
      outside.time += 200_000
    }
    expect([tries, came]).toEqual([8, ['other', 'next-1', 'next-2']])
    expect(await first.bus.list('t-1', { status: 'dead', limit: 5 })).toMatchObject([{ eventId: 'bad', attempts: 8, lastError: 'never' }])
  })

  promise('[E47] what is handed over twice, or after what came later, has its effect once', async () => {
    const node = await start()
    const handed: Delivery[] = []
    const first: DeliveringNode = await node({ outside: new FakeOutside(), deliver: async (delivery) => { handed.push(delivery); await effectIn(() => first)(delivery) } })
    await first.storage.migrate(READERS, NOTES)
    for (const id of ['a', 'b', 'c']) await emit(first, id)
    await first.bus.settle()
    for (const delivery of handed.toReversed()) await effectIn(() => first)(delivery)
    for (const delivery of handed) await effectIn(() => first)(delivery)
    expect(await effects(first)).toEqual(['a', 'b', 'c'])
    // Replayed twice: who has dealt with it is passed over, and asked to, does it once more each time.
    expect(await first.bus.replay('t-1', 'b')).toMatchObject({ accepted: 1 })
    for (let round = 0; round < 2; round += 1) {
      await first.bus.replay('t-1', 'b', { again: true })
      await first.bus.settle()
    }
    expect(handed.map(({ eventId }) => eventId)).toEqual(['a', 'b', 'c', 'b', 'b'])
  })

  promise('[E48] a node that dies in the middle of a delivery is taken over from: nothing is lost, each effect happens once, in order', async () => {
    const node = await start()
    const outside = new FakeOutside()
    const began = Promise.withResolvers<void>()
    const hangs = async ({ eventId }: Delivery): Promise<void> => {
      if (eventId !== ids[7]) return
      began.resolve()
      await new Promise(() => undefined)
    }
    const first: DeliveringNode = await node({ outside, deliver: async (delivery) => { await effectIn(() => first)(delivery); await hangs(delivery) } })
    await first.storage.migrate(READERS, NOTES)
    for (const id of ids.slice(0, 20)) await emit(first, id)
    await began.promise
    const other = (): Promise<DeliveringNode> => node({ outside, deliver: (delivery) => effectIn(() => first.storage === undefined ? first : second)(delivery) })
    let second!: DeliveringNode
    if (hasSeveralNodes) second = await other()
    else await first.kill()
    if (hasSeveralNodes) await first.kill()
    else second = await other()
    for (const id of ids.slice(20)) await emit(second, id)
    await expect.poll(() => effects(second), { interval: 20, timeout: 15_000 }).toEqual(ids)
  })

  promise('[E49] a delayed event comes at its time, also where the node that knew of it is dead', async () => {
    const node = await start()
    const outside = new FakeOutside()
    const came: string[] = []
    const options: NodeOptions = { outside, deliver: async ({ eventId }) => { came.push(eventId) } }
    const first = await node(options)
    await emit(first, 'later', { notBefore: outside.time + 3_600_000 })
    await emit(first, 'now')
    await first.bus.settle()
    expect(came).toEqual(['now'])
    // Idle for long: nobody need think of it until then.
    outside.time += 61_000
    await first.bus.settle()
    await first.kill()
    const second = await node(options)
    await second.bus.settle()
    expect(came).toEqual(['now'])
    outside.time += 3_600_000
    await second.bus.settle()
    await soon(() => came, ['now', 'later'])
  })

  promise('[E50] nodes whose clocks are an hour apart deliver each event once, in order, and share the work', async () => {
    const node = await start()
    const came: { readonly at: number; readonly line: string; readonly id: string }[] = []
    const nodes = [
      await node({ outside: new FakeOutside(), deliver: async ({ eventId, tenantId }) => { came.push({ at: 0, line: tenantId, id: eventId }) } }),
      await node({ outside: new FakeOutside(Date.UTC(2026, 10, 23, 9)), deliver: async ({ eventId, tenantId }) => { came.push({ at: 1, line: tenantId, id: eventId }) } }),
    ] as const
    const lines = Array.from({ length: 24 }, (_, index) => `t-${index}`)
    for (let round = 0; round < 5; round += 1) {
      for (const tenantId of lines) await emit(nodes[(round + lines.indexOf(tenantId)) % 2 === 0 ? 0 : 1], `${tenantId}-${round}`, { key: { tenantId, pluginId: KEY.pluginId } })
    }
    await soon(() => came.length, lines.length * 5)
    for (const line of lines) {
      const own = came.filter((each) => each.line === line)
      expect(own.map(({ id }) => id)).toEqual(Array.from({ length: 5 }, (_, round) => `${line}-${round}`))
      // One node at a time carries a store.
      expect(new Set(own.map(({ at }) => at)).size).toBe(1)
    }
    expect(new Set(came.map(({ at }) => at)).size).toBe(2)
  })

  promise('[E51] a node that stops in order hands over what is left, and its work goes on elsewhere', async () => {
    const node = await start()
    const outside = new FakeOutside()
    const came: string[] = []
    let isStopping = false
    const first = await node({ outside, deliver: async () => { if (isStopping) throw new Error('stopping') } })
    isStopping = true
    for (const id of ids.slice(0, 5)) await emit(first, id)
    await first.bus.settle()
    await first.bus.stop()
    if (!hasSeveralNodes) await first.kill()
    outside.time += 5_000
    const second = await node({ outside, deliver: async ({ eventId }) => { came.push(eventId) } })
    await second.bus.settle()
    await soon(() => came, ids.slice(0, 5))
  })
}
