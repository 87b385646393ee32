import type { AMQPProperties } from '@cloudamqp/amqp-client'
import { isRouted } from './routing.ts'

/** A message as the broker keeps it. */
export interface Message {
  readonly exchange: string
  readonly key: string
  readonly properties: AMQPProperties
  readonly body: Buffer
  redelivered: boolean
}

/** A queue, with who consumes it. */
export interface Queue {
  readonly name: string
  readonly deadLetterExchange: string | undefined
  messages: Message[]
  consumer: { readonly isExclusive: boolean; take(message: Message): boolean } | undefined
}

/** What outlives connections: exchanges, queues, bindings, messages. */
export class BrokerState {
  readonly exchanges = new Map<string, string>([['', 'direct']])
  readonly queues = new Map<string, Queue>()
  readonly #bindings: { readonly exchange: string; readonly queue: string; readonly pattern: string }[] = []

  bind(exchange: string, queue: string, pattern: string): void {
    this.#bindings.push({ exchange, queue, pattern })
  }

  /** @returns whether it led anywhere */
  route(message: Message): boolean {
    const kind = this.exchanges.get(message.exchange) ?? 'direct'
    const names = message.exchange === ''
      ? [message.key]
      : [...new Set(this.#bindings.filter((one) => one.exchange === message.exchange && isRouted(kind, one.pattern, message.key)).map(({ queue }) => queue))]
    const queues = names.flatMap((name) => this.queues.get(name) ?? [])
    for (const queue of queues) {
      queue.messages.push({ ...message })
      this.feed(queue)
    }
    return queues.length > 0
  }

  /** Hands over what the consumer has room for. */
  feed(queue: Queue): void {
    while (queue.consumer !== undefined) {
      const [first] = queue.messages
      if (first === undefined || !queue.consumer.take(first)) return
      queue.messages.shift()
    }
  }
}
