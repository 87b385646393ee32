// Longer than others: the methods of the protocol that a bridge meets, each a few lines, in one switch.
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { BasicMethod, ChannelMethod, ClassId, ConfirmMethod, ConnectionMethod, ExchangeMethod, QueueMethod, Type, Writer } from '@cloudamqp/amqp-client/amqp-frame'
import { AMQPView } from '@cloudamqp/amqp-client/amqp-view'
import { BrokerState, type Message, type Queue } from './peer-state.ts'

/** A small AMQP 0-9-1 broker in the test's own process, for machines without one: what it keeps it keeps in memory, over connections. */
export interface AmqpPeer {
  readonly port: number
  /** Says to all connections that it takes nothing now, or does again. */
  block(reason: string | undefined): void
  close(): Promise<void>
}

interface Delivered { readonly queue: Queue; readonly message: Message }
interface Publishing { readonly exchange: string; readonly key: string; readonly isMandatory: boolean; properties?: Message['properties']; size?: number; body: Buffer }
interface Channel { confirms: number | undefined; prefetch: number; tag: number; readonly delivered: Map<number, Delivered>; readonly consumed: Queue[]; publishing: Publishing | undefined }

/** Starts it on a free port of loopback. */
export async function startAmqpPeer(): Promise<AmqpPeer> {
  const state = new BrokerState()
  const connections = new Set<Connection>()
  const server = createServer((socket) => {
    const connection = new Connection(socket, state)
    connections.add(connection)
    socket.on('close', () => { connections.delete(connection) })
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return {
    port: (server.address() as AddressInfo).port,
    block: (reason) => { for (const connection of connections) connection.block(reason) },
    close: () => {
      for (const connection of connections) connection.destroy()
      return new Promise((resolve) => { server.close(() => { resolve() }) })
    },
  }
}

class Connection {
  readonly #socket: Socket
  readonly #state: BrokerState
  readonly #channels = new Map<number, Channel>()
  #rest: Buffer = Buffer.alloc(0)
  #isGreeted = false

  constructor(socket: Socket, state: BrokerState) {
    this.#socket = socket
    this.#state = state
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      this.#rest = Buffer.concat([this.#rest, chunk])
      this.#read()
    })
    socket.on('close', () => { for (const id of this.#channels.keys()) this.#closeChannel(id) })
  }

  block(reason: string | undefined): void {
    if (reason === undefined) this.#send(0, ClassId.CONNECTION, ConnectionMethod.UNBLOCKED)
    else this.#send(0, ClassId.CONNECTION, ConnectionMethod.BLOCKED, (frame) => { frame.writeShortString(reason) })
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #read(): void {
    if (!this.#isGreeted) {
      if (this.#rest.length < 8) return
      this.#rest = this.#rest.subarray(8)
      this.#isGreeted = true
      this.#send(0, ClassId.CONNECTION, ConnectionMethod.START, (frame) => {
        frame.writeUint8(0)
        frame.writeUint8(9)
        frame.writeTable({})
        frame.writeLongString('PLAIN')
        frame.writeLongString('en_US')
      })
    }
    while (this.#rest.length >= 7) {
      const size = this.#rest.readUInt32BE(3)
      if (this.#rest.length < size + 8) return
      const frame = Uint8Array.from(this.#rest.subarray(0, size + 8))
      this.#rest = this.#rest.subarray(size + 8)
      const view = new AMQPView(frame.buffer)
      const channel = view.getUint16(1)
      if (view.getUint8(0) === 1) this.#method(channel, view.getUint16(7), view.getUint16(9), new Reader(view, 11))
      else if (view.getUint8(0) === 2) this.#header(channel, view)
      else if (view.getUint8(0) === 3) this.#body(channel, Buffer.from(frame.subarray(7, 7 + size)))
    }
  }

  #method(id: number, classId: number, method: number, args: Reader): void {
    const answer = (reply: number, write?: (frame: Writer) => void): void => { this.#send(id, classId, reply, write) }
    if (classId === 10) {
      if (method === 11) {
        args.table()
        args.short()
        const [, user, password] = args.long().split('\0')
        if (user !== 'guest' || password !== 'guest') return this.#closeConnection(403, 'ACCESS_REFUSED - Login was refused')
        answer(ConnectionMethod.TUNE, (frame) => {
          frame.writeUint16(2_047)
          frame.writeUint32(131_072)
          frame.writeUint16(60)
        })
      } else if (method === 40) answer(ConnectionMethod.OPEN_OK, (frame) => { frame.writeShortString('') })
      else if (method === 50) {
        answer(ConnectionMethod.CLOSE_OK)
        this.#socket.end()
      }
      return
    }
    if (classId === 20) {
      if (method === 10) {
        this.#channels.set(id, { confirms: undefined, prefetch: 0, tag: 0, delivered: new Map(), consumed: [], publishing: undefined })
        answer(ChannelMethod.OPEN_OK, (frame) => { frame.writeUint32(0) })
      } else if (method === 40) {
        this.#closeChannel(id)
        answer(ChannelMethod.CLOSE_OK)
      }
      return
    }
    const channel = this.#channels.get(id)
    if (channel === undefined) return
    if (classId === 85) {
      channel.confirms = 0
      answer(ConfirmMethod.SELECT_OK)
    } else if (classId === 40) {
      args.u16()
      const name = args.short()
      if (method === 10) this.#state.exchanges.set(name, args.short())
      answer(ExchangeMethod.DECLARE_OK)
    } else if (classId === 50) {
      args.u16()
      const name = args.short()
      if (method === 10) {
        args.u8()
        const dead = args.table()['x-dead-letter-exchange']
        if (!this.#state.queues.has(name)) this.#state.queues.set(name, { name, deadLetterExchange: typeof dead === 'string' ? dead : undefined, messages: [], consumer: undefined })
        answer(QueueMethod.DECLARE_OK, (frame) => {
          frame.writeShortString(name)
          frame.writeUint32(this.#state.queues.get(name)?.messages.length ?? 0)
          frame.writeUint32(0)
        })
      } else if (method === 20) {
        this.#state.bind(args.short(), name, args.short())
        answer(QueueMethod.BIND_OK)
      } else answer(method + 1, (frame) => { frame.writeUint32(0) })
    } else this.#basic(id, channel, method, args, answer)
  }

  #basic(id: number, channel: Channel, method: number, args: Reader, answer: (reply: number, write?: (frame: Writer) => void) => void): void {
    switch (method) {
      case 10:
        args.u32()
        channel.prefetch = args.u16()
        answer(BasicMethod.QOS_OK)
        break
      case 20: {
        args.u16()
        const queue = this.#state.queues.get(args.short())
        const tag = args.short()
        const isExclusive = (args.u8() & 4) !== 0
        if (queue === undefined) return this.#failChannel(id, 404, 'NOT_FOUND - no queue of that name')
        if (queue.consumer !== undefined) return this.#failChannel(id, 403, 'ACCESS_REFUSED - queue in exclusive use')
        answer(BasicMethod.CONSUME_OK, (frame) => { frame.writeShortString(tag) })
        queue.consumer = {
          isExclusive,
          take: (message) => {
            if (channel.prefetch > 0 && channel.delivered.size >= channel.prefetch) return false
            channel.tag += 1
            channel.delivered.set(channel.tag, { queue, message })
            this.#content(id, BasicMethod.DELIVER, message, (frame) => {
              frame.writeShortString(tag)
              frame.writeUint64(channel.tag)
              frame.writeUint8(message.redelivered ? 1 : 0)
              frame.writeShortString(message.exchange)
              frame.writeShortString(message.key)
            })
            return true
          },
        }
        channel.consumed.push(queue)
        this.#state.feed(queue)
        break
      }
      case 40: {
        args.u16()
        const [exchange, key] = [args.short(), args.short()]
        if (!this.#state.exchanges.has(exchange)) return this.#failChannel(id, 404, `NOT_FOUND - no exchange '${exchange}' in vhost '/'`)
        channel.publishing = { exchange, key, isMandatory: (args.u8() & 1) !== 0, body: Buffer.alloc(0) }
        break
      }
      case 70: {
        args.u16()
        const queue = this.#state.queues.get(args.short())
        const message = queue?.messages.shift()
        if (queue === undefined || message === undefined) return answer(BasicMethod.GET_EMPTY, (frame) => { frame.writeShortString('') })
        this.#content(id, BasicMethod.GET_OK, message, (frame) => {
          frame.writeUint64((channel.tag += 1))
          frame.writeUint8(0)
          frame.writeShortString(message.exchange)
          frame.writeShortString(message.key)
          frame.writeUint32(queue.messages.length)
        })
        break
      }
      case 80: case 90: case 120: {
        const tag = args.u64()
        const bits = args.u8()
        const found = channel.delivered.get(tag)
        channel.delivered.delete(tag)
        if (found === undefined) return
        if (method !== 80 && (bits & (method === 90 ? 1 : 2)) !== 0) found.queue.messages.unshift({ ...found.message, redelivered: true })
        else if (method !== 80 && found.queue.deadLetterExchange !== undefined) this.#state.route({ ...found.message, exchange: found.queue.deadLetterExchange })
        this.#state.feed(found.queue)
      }
    }
  }

  #header(id: number, view: AMQPView): void {
    const publishing = this.#channels.get(id)?.publishing
    if (publishing === undefined) return
    publishing.size = Number(view.getUint64(11))
    const [properties] = view.getProperties(19)
    publishing.properties = properties
    this.#finish(id)
  }

  #body(id: number, part: Buffer): void {
    const publishing = this.#channels.get(id)?.publishing
    if (publishing === undefined) return
    publishing.body = Buffer.concat([publishing.body, part])
    this.#finish(id)
  }

  #finish(id: number): void {
    const channel = this.#channels.get(id)
    const publishing = channel?.publishing
    if (channel === undefined || publishing?.properties === undefined || publishing.body.length < (publishing.size ?? 0)) return
    channel.publishing = undefined
    const message: Message = { exchange: publishing.exchange, key: publishing.key, properties: publishing.properties, body: publishing.body, redelivered: false }
    if (!this.#state.route(message) && publishing.isMandatory) {
      this.#content(id, BasicMethod.RETURN, message, (frame) => {
        frame.writeUint16(312)
        frame.writeShortString('NO_ROUTE')
        frame.writeShortString(message.exchange)
        frame.writeShortString(message.key)
      })
    }
    if (channel.confirms === undefined) return
    channel.confirms += 1
    const tag = channel.confirms
    this.#send(id, ClassId.BASIC, BasicMethod.ACK, (frame) => {
      frame.writeUint64(tag)
      frame.writeUint8(0)
    })
  }

  #content(id: number, method: number, message: Message, write: (frame: Writer) => void): void {
    this.#send(id, ClassId.BASIC, method, write)
    const header = new AMQPView(new ArrayBuffer(8_192))
    header.setUint8(0, 2)
    header.setUint16(1, id)
    header.setUint16(7, 60)
    header.setUint16(9, 0)
    header.setUint64(11, message.body.length)
    const length = 12 + header.setProperties(19, message.properties)
    header.setUint32(3, length)
    header.setUint8(7 + length, 206)
    this.#socket.write(new Uint8Array(header.buffer, 0, 8 + length))
    for (let at = 0; at < message.body.length; at += 100_000) {
      const part = message.body.subarray(at, at + 100_000)
      const start = Buffer.from([3, id >> 8, id & 255, 0, 0, 0, 0])
      start.writeUInt32BE(part.length, 3)
      this.#socket.write(Buffer.concat([start, part, Buffer.from([206])]))
    }
  }

  #failChannel(id: number, code: number, text: string): void {
    this.#closeChannel(id)
    this.#send(id, ClassId.CHANNEL, ChannelMethod.CLOSE, (frame) => {
      frame.writeUint16(code)
      frame.writeShortString(text)
      frame.writeUint32(0)
    })
  }

  #closeConnection(code: number, text: string): void {
    this.#send(0, ClassId.CONNECTION, ConnectionMethod.CLOSE, (frame) => {
      frame.writeUint16(code)
      frame.writeShortString(text)
      frame.writeUint32(0)
    })
    this.#socket.end()
  }

  /** What was not settled goes back where it was, in order. */
  #closeChannel(id: number): void {
    const channel = this.#channels.get(id)
    if (channel === undefined) return
    this.#channels.delete(id)
    for (const queue of channel.consumed) queue.consumer = undefined
    for (const { queue, message } of [...channel.delivered.values()].toReversed()) queue.messages.unshift({ ...message, redelivered: true })
    for (const queue of channel.consumed) this.#state.feed(queue)
  }

  #send(id: number, classId: ClassId, method: number, write?: (frame: Writer) => void): void {
    const frame = new Writer({ bufferSize: 8_192, type: Type.METHOD, channel: id, classId, method })
    write?.(frame)
    frame.finalize()
    this.#socket.write(frame.toUint8Array())
  }
}

/** Reads the arguments of a method one after the other. */
class Reader {
  readonly #view: AMQPView
  #at: number

  constructor(view: AMQPView, at: number) {
    this.#view = view
    this.#at = at
  }

  u8(): number { return this.#view.getUint8(this.#move(1)) }
  u16(): number { return this.#view.getUint16(this.#move(2)) }
  u32(): number { return this.#view.getUint32(this.#move(4)) }
  u64(): number { return Number(this.#view.getUint64(this.#move(8))) }
  short(): string { return this.#take(this.#view.getShortString(this.#at)) }
  long(): string { return this.#take(this.#view.getLongString(this.#at)) }
  table(): Readonly<Record<string, unknown>> { return this.#take(this.#view.getTable(this.#at)) }

  #take<Value>([value, length]: [Value, number]): Value {
    this.#at += length
    return value
  }

  #move(by: number): number {
    const at = this.#at
    this.#at += by
    return at
  }
}
