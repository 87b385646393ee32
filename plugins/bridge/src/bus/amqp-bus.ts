import { AMQPConsumer, type AMQPChannel, type AMQPMessage } from '@cloudamqp/amqp-client'
import { StreamAmqpClient } from './amqp-client.ts'
import { BusRefusal, type Bus, type BusAddress, type BusLink, type InMessage, type OutMessage, type Verdict } from './bus.ts'

/** Longest wait for the bus to open the connection, or to confirm a message, in milliseconds. */
const ANSWER_MS = 10_000
/** Messages that may be on their way to us at a time. */
const PREFETCH = 32
/** Largest message that we take, in bytes. */
const MOST_BYTES = 1_048_576

/** AMQP 0-9-1, as RabbitMQ speaks it: publisher confirms, mandatory routing, one exclusive consumer for each queue. */
export const amqpBus: Bus = {
  async open(address: BusAddress, connect) {
    const lost = Promise.withResolvers<Error>()
    const client = new StreamAmqpClient(await connect(address.tls), address, (reason) => { lost.resolve(reason) })
    await within(client.connect(), 'The bus did not open the connection in time.').catch((error: unknown) => {
      void client.close().catch(() => undefined) // it never stood
      throw error
    })
    const out = await within(client.channel(), 'The bus did not open a channel in time.')
    await within(out.confirmSelect(), 'The bus does not confirm messages.')
    return new AmqpLink(client, out, lost.promise)
  },
}

class AmqpLink implements BusLink {
  readonly lost: Promise<Error>
  readonly #client: StreamAmqpClient
  #out: AMQPChannel
  #turn: Promise<void> = Promise.resolve()
  /** Messages that the bus sent back because they lead nowhere, by id. */
  readonly #returned = new Map<string, string>()

  constructor(client: StreamAmqpClient, out: AMQPChannel, lost: Promise<Error>) {
    this.#client = client
    this.#out = this.#watch(out)
    this.lost = lost
  }

  get blocked(): string | undefined {
    return this.#client.blocked
  }

  publish(message: OutMessage): Promise<void> {
    // One after the other: when the bus refuses one, it closes the channel, and with it whatever else was on its way.
    const mine = this.#turn.then(() => this.#publishNow(message))
    this.#turn = mine.catch(() => undefined) // whoever asked learns it
    return mine
  }

  async #publishNow({ target, key, id, type, contentType, time, headers, body }: OutMessage): Promise<void> {
    if (this.#client.closed) throw new Error('The link is lost.')
    if (this.#out.closed) {
      // A refused message closes its channel, by the protocol: the next one gets another.
      this.#out = this.#watch(await within(this.#client.channel(), 'The bus did not open a channel in time.'))
      await within(this.#out.confirmSelect(), 'The bus does not confirm messages.')
    }
    try {
      await within(this.#out.basicPublish(target, key, body, { messageId: id, type, contentType, timestamp: time, headers: { ...headers }, deliveryMode: 2, appId: 'liberacces' }, true), 'The bus did not confirm a message in time.')
    } catch (error) {
      if (!this.#client.closed && this.#out.closed) throw new BusRefusal(messageOf(error))
      throw error
    }
    // The return of what leads nowhere comes before its confirm.
    const why = this.#returned.get(id)
    this.#returned.delete(id)
    if (why !== undefined) throw new BusRefusal(why)
  }

  async consume(queue: string, deadLetters: string, deal: (message: InMessage) => Promise<Verdict>): Promise<void> {
    const channel = await within(this.#client.channel(), 'The bus did not open a channel in time.')
    await within(channel.basicQos(PREFETCH), 'The bus did not answer in time.')
    let turn = Promise.resolve()
    const take = (message: AMQPMessage): void => {
      // In order, one after the other. After a failure nothing more is dealt with: the link ends.
      turn = turn.then(() => this.#settle(channel, message, deadLetters, deal)).catch((error: unknown) => { this.#client.onerror(error as never) })
    }
    const tag = `liberacces-${channel.id}`
    // Known before the bus is asked: a message may come in one piece with the answer, and the library would not know whose it is.
    channel.consumers.set(tag, new AMQPConsumer(channel, tag, take))
    await within(channel.basicConsume(queue, { tag, noAck: false, exclusive: true }, take), `The bus did not let us consume from "${queue}" in time.`)
  }

  async close(): Promise<void> {
    if (!this.#client.closed) await within(this.#client.close('done'), 'The bus did not answer in time.')
  }

  async #settle(channel: AMQPChannel, message: AMQPMessage, deadLetters: string, deal: (message: InMessage) => Promise<Verdict>): Promise<void> {
    if (this.#client.closed) return
    const received = inMessageOf(message)
    const verdict: Verdict = received.body.byteLength > MOST_BYTES ? { kind: 'poison', reason: `The message is larger than ${MOST_BYTES} bytes.` } : await deal(received)
    if (this.#client.closed) return
    if (verdict.kind === 'done') {
      await channel.basicAck(message.deliveryTag)
    } else if (deadLetters === '') {
      // The queue's own dead-letter exchange, where its owner set one.
      await channel.basicReject(message.deliveryTag, false)
    } else {
      await this.publish({
        target: deadLetters, key: message.routingKey, id: received.id ?? '', type: received.type ?? '', contentType: received.contentType, time: new Date(),
        headers: { ...received.headers, 'x-liberacces-reason': verdict.reason.slice(0, 500) }, body: received.body,
      })
      await channel.basicAck(message.deliveryTag)
    }
  }

  #watch(channel: AMQPChannel): AMQPChannel {
    // A refused message closes its channel and nothing else; whoever published it learns why.
    channel.onerror = () => undefined
    channel.onReturn = (message) => {
      const id = message.properties.messageId
      if (id !== undefined) this.#returned.set(id, `${message.replyText ?? 'NO_ROUTE'}: nothing is bound to exchange "${message.exchange}" for "${message.routingKey}".`)
    }
    return channel
  }
}

function inMessageOf(message: AMQPMessage): InMessage {
  const { messageId, type, contentType = '', headers = {} } = message.properties
  return {
    id: messageId, type, contentType, redelivered: message.redelivered,
    headers: Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[name, String(value)]] : []))),
    body: message.body ?? new Uint8Array(0),
  }
}

async function within<Result>(answer: Promise<Result>, what: string): Promise<Result> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => { late.reject(new Error(what)) }, ANSWER_MS)
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
