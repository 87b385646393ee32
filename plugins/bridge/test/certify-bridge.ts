// Longer than others: one suite, run on every broker; apart, nobody could see that all of it is.
import { startCuttableWay, startTestPlatform, type CuttableWay, type TestPlatform } from '@liberacces/certification/testing'
import type { AMQPChannel, AMQPMessage } from '@cloudamqp/amqp-client'
import { defineEvent, definePlugin, Type } from '@liberacces/sdk'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import bridge from '../src/plugin.tsx'
import type { Broker } from './broker/broker.ts'
import { startTlsFront } from './broker/tls-front.ts'

const Booked = defineEvent('fr.example.canteen.booked/v1', Type.Object({ child: Type.String(), number: Type.Integer() }), { subject: 'child' })
const heard: { readonly child: string; readonly number: number }[] = []
const canteen = definePlugin()({
  id: 'fr.example.canteen', version: '1.0.0', path: 'cantine', sdk: '^0.1.0', license: 'MIT', runtime: 'inline', title: { fr: 'Cantine' }, publisher: { name: 'Example', contact: 'https://example.fr' },
  scopes: ['db'], emits: [Booked], permissions: { book: { title: { fr: 'Réserver' }, roles: ['tenant-admin'] } }, privacy: { stores: [] }, messages: { fr: {}, en: {} },
  setup(k) {
    k.route({ method: 'POST', path: '/book', audience: 'admin', permission: 'book', summary: 'Book', body: Type.Array(Type.Object({ child: Type.String(), number: Type.Integer() })), response: { 204: Type.Null() } }, async (c, { body }) => {
      await c.transaction(async (tx) => { for (const booking of body) await tx.emit(Booked, booking) })
      return c.reply(204, null)
    })
    k.on(Booked, async (_c, { source, data }) => { if (source === 'fr.liberacces.bridge') heard.push(data) })
  },
})

interface Rig {
  readonly platform: TestPlatform
  readonly channel: AMQPChannel
  readonly names: { readonly exchange: string; readonly out: string; readonly in: string; readonly dead: string; readonly deadQueue: string }
  readonly proxy: CuttableWay
  book(bookings: readonly { readonly child: string; readonly number: number }[]): Promise<void>
  /** All that a queue of the broker holds, taken out. */
  drain(queue: string): Promise<readonly AMQPMessage[]>
  put(event: object | string, more?: { readonly contentType?: string; readonly headers?: Readonly<Record<string, string>> }): Promise<void>
  route(direction: 'out' | 'in', place: string, pattern: string): Promise<void>
  page(): Promise<string>
}

/** A broker, and why it is left out where it is. */
export interface BrokerUnderTest {
  readonly name: string
  readonly open: () => Promise<Broker>
  readonly waived?: string | undefined
}

/** What a bridge promises, on one broker. */
export function certifyBridge({ name, open, waived }: BrokerUnderTest): void {
  describe.skipIf(waived !== undefined)(`on ${name}${waived === undefined ? '' : ` (left out: ${waived})`}`, () => {
    let broker: Broker
    let number = 0
    beforeAll(async () => { broker = await open() }, 90_000)
    afterAll(async () => { await broker.close() }, 30_000)

    async function start({ deadLetters = true }: { readonly deadLetters?: boolean } = {}): Promise<Rig> {
      heard.length = 0
      number += 1
      const mark = `${process.pid}-${Date.now()}-${number}`
      const names = { exchange: `out-${mark}`, out: `out-queue-${mark}`, in: `in-queue-${mark}`, dead: `dead-${mark}`, deadQueue: `dead-queue-${mark}` }
      const channel = await broker.channel()
      await channel.exchangeDeclare(names.exchange, 'topic', { durable: true })
      await channel.exchangeDeclare(names.dead, 'fanout', { durable: true })
      for (const queue of [names.out, names.deadQueue]) await channel.queueDeclare(queue, { durable: true })
      await channel.queueDeclare(names.in, { durable: true }, deadLetters ? {} : { 'x-dead-letter-exchange': names.dead })
      await channel.queueBind(names.out, names.exchange, 'fr.#')
      await channel.queueBind(names.deadQueue, names.dead, '')
      const proxy = await startCuttableWay({ host: broker.host, port: broker.port })
      const platform = await startTestPlatform({ plugins: [canteen, bridge], network: 'real', env: { LIBERACCES_EGRESS_ALLOW: '127.0.0.1' } })
      onTestFinished(async () => {
        await platform[Symbol.asyncDispose]()
        await proxy.close()
        for (const queue of [names.out, names.in, names.deadQueue]) await channel.queueDelete(queue).catch(() => undefined)
      })
      await platform.platform.settings.set(platform.tenant().id, 'fr.liberacces.bridge', { host: '127.0.0.1', port: proxy.port, tls: false, user: 'guest', password: 'guest', deadLetters: deadLetters ? names.dead : '' }, { kind: 'operator', id: 'test', name: 'Test' })
      const admin = async () => platform.as('tenant-admin')
      return {
        platform, channel, names, proxy,
        async book(bookings) { expect((await (await admin()).post('/apps/cantine/book', bookings)).status).toBe(204) },
        async drain(queue) {
          const messages: AMQPMessage[] = []
          for (;;) {
            const message = await channel.basicGet(queue)
            if (message === null) return messages
            messages.push(message)
          }
        },
        async put(event, { contentType = 'application/cloudevents+json', headers = {} } = {}) {
          await channel.basicPublish('', names.in, typeof event === 'string' ? event : JSON.stringify(event), { contentType, headers: { ...headers } })
        },
        async route(direction, place, pattern) {
          const answer = await (await admin()).submit(`/apps/passerelle/${direction === 'out' ? 'sorties' : 'entrees'}/nouvelle`, { contract: Booked.id, place, pattern })
          expect(answer.status, answer.text).toBe(303)
          await platform.settle()
        },
        async page() { return (await (await admin()).get('/apps/passerelle/', { headers: { accept: 'text/html' } })).text },
      }
    }

    const event = (id: string, data: unknown) => ({ specversion: '1.0', id, source: '//bus.example.fr', type: Booked.id, data })
    const textOf = (message: AMQPMessage | undefined) => JSON.parse(message?.bodyToString() ?? 'null') as Readonly<Record<string, unknown>>

    test('[B18] a chosen event leaves as a CloudEvent, confirmed, by exchange and routing key; others do not', async () => {
      const rig = await start()
      await rig.book([{ child: 'before', number: 0 }])
      await rig.platform.settle()
      await rig.route('out', rig.names.exchange, '{type}.{subject}')
      await rig.book([{ child: 'Léa B.', number: 1 }])
      await rig.platform.settle()
      const [message, ...more] = await rig.drain(rig.names.out)
      expect(more).toEqual([])
      expect(message?.routingKey).toBe('fr.example.canteen.booked.v1.Léa-B-')
      expect(message?.properties).toMatchObject({ contentType: 'application/cloudevents+json; charset=utf-8', deliveryMode: 2, type: Booked.id })
      expect(textOf(message)).toMatchObject({ specversion: '1.0', id: message?.properties.messageId, source: 'urn:liberacces:commune-1:fr.example.canteen', subject: 'Léa B.', data: { child: 'Léa B.', number: 1 } })
      expect(await rig.page()).toContain('Relié à 127.0.0.1')
    })

    test('[B18] each subject keeps its order, however many are on their way', async () => {
      const rig = await start()
      await rig.route('out', rig.names.exchange, '{type}')
      for (let round = 0; round < 5; round += 1) await rig.book(['a', 'b', 'c'].flatMap((child) => [0, 1, 2, 3].map((n) => ({ child, number: round * 4 + n }))))
      await rig.platform.settle()
      const sent = (await rig.drain(rig.names.out)).map((message) => textOf(message)['data'] as { child: string; number: number })
      for (const child of ['a', 'b', 'c']) expect(sent.filter((one) => one.child === child).map((one) => one.number)).toEqual(Array.from({ length: 20 }, (_, n) => n))
    })

    test('[B19] while the bus is away events wait, in order and without becoming dead letters; when it is back they leave', async () => {
      const rig = await start()
      await rig.route('out', rig.names.exchange, '{type}')
      rig.proxy.cut()
      await rig.book([0, 1, 2].map((n) => ({ child: 'a', number: n })))
      await rig.platform.settle()
      for (let hour = 0; hour < 24; hour += 1) await rig.platform.advance(3_600_000)
      expect((await rig.platform.platform.events.list(rig.platform.tenant().id, { limit: 10 })).filter(({ subscriber }) => subscriber === 'fr.liberacces.bridge').map(({ status }) => status)).toEqual(['pending', 'pending', 'pending'])
      expect(await rig.page()).toContain('Pas de liaison')
      rig.proxy.mend()
      for (let minute = 0; minute < 30; minute += 1) await rig.platform.advance(60_000)
      expect((await rig.drain(rig.names.out)).map((message) => (textOf(message)['data'] as { number: number }).number)).toEqual([0, 1, 2])
      expect(await rig.page()).toContain('Relié à')
    })

    test('[B19] what a cut in the middle leaves unconfirmed is sent again by the same id, and nothing is lost', async () => {
      const rig = await start()
      await rig.route('out', rig.names.exchange, '{type}')
      for (let round = 0; round < 6; round += 1) {
        await rig.book(Array.from({ length: 10 }, (_, n) => ({ child: `s-${n}`, number: round })))
        const settled = rig.platform.settle()
        rig.proxy.cut()
        await settled
        rig.proxy.mend()
        for (let minute = 0; minute < 15; minute += 1) await rig.platform.advance(60_000)
      }
      const ids = new Map<string, string>()
      for (const message of await rig.drain(rig.names.out)) {
        const { child, number: n } = textOf(message)['data'] as { child: string; number: number }
        ids.set(String(message.properties.messageId), `${child} ${n}`)
      }
      expect(new Set(ids.values()).size).toBe(60)
      expect(ids.size).toBe(60)
    })

    test('[B28] a message of a chosen queue comes in once by source and id, in order, and its queue is empty then', async () => {
      const rig = await start()
      await rig.route('in', rig.names.in, '')
      for (const n of [1, 2, 3]) await rig.put(event(`e-${n}`, { child: 'a', number: n }))
      await rig.put(event('e-2', { child: 'a', number: 2 }))
      await rig.put(JSON.stringify({ child: 'a', number: 4 }), { contentType: 'application/json', headers: { 'cloudEvents:specversion': '1.0', 'cloudEvents:id': 'e-4', 'cloudEvents:source': '//bus.example.fr', 'cloudEvents:type': Booked.id } })
      await expect.poll(async () => {
        await rig.platform.settle()
        return heard.map((one) => one.number)
      }, { timeout: 15_000 }).toEqual([1, 2, 3, 4])
      await rig.platform.platform.settings.set(rig.platform.tenant().id, 'fr.liberacces.bridge', { host: '' }, { kind: 'operator', id: 'test', name: 'Test' })
      await rig.platform.settle()
      expect(await rig.drain(rig.names.in)).toEqual([])
      expect(await rig.drain(rig.names.out)).toEqual([])
    })

    test('[B29] poison goes to the dead-letter exchange with its reason, and holds nobody up', async () => {
      const rig = await start()
      await rig.route('in', rig.names.in, '')
      await rig.put('{not json')
      await rig.put(event('p-1', { child: 'a' }))
      await rig.put({ ...event('p-2', {}), type: 'fr.example.other/v1' })
      await rig.put({ ...event('p-3', {}), specversion: '9' })
      await rig.put(event('g-1', { child: 'a', number: 1 }))
      await expect.poll(async () => {
        await rig.platform.settle()
        return heard.map((one) => one.number)
      }, { timeout: 15_000 }).toEqual([1])
      const dead = await rig.drain(rig.names.deadQueue)
      expect(dead).toHaveLength(4)
      for (const message of dead) expect(message.properties.headers?.['x-liberacces-reason']).toMatch(/CloudEvent|fit|chose/)
    })

    test('[B29] without an exchange of ours poison goes where its queue says', async () => {
      const rig = await start({ deadLetters: false })
      await rig.route('in', rig.names.in, '')
      await rig.put('{not json')
      await rig.put(event('g-2', { child: 'a', number: 2 }))
      await expect.poll(async () => {
        await rig.platform.settle()
        return heard.map((one) => one.number)
      }, { timeout: 15_000 }).toEqual([2])
      await expect.poll(async () => (await rig.drain(rig.names.deadQueue)).length, { timeout: 5_000 }).toBe(1)
    })

    test('[B28] what was not dealt with when the link was cut comes again, and does once', async () => {
      const rig = await start()
      await rig.route('in', rig.names.in, '')
      for (let n = 0; n < 60; n += 1) await rig.put(event(`c-${n}`, { child: 'a', number: n }))
      for (let cuts = 0; cuts < 3; cuts += 1) {
        await new Promise((resolve) => { setImmediate(resolve) })
        rig.proxy.cut()
        await rig.platform.settle()
        rig.proxy.mend()
        for (let minute = 0; minute < 6; minute += 1) await rig.platform.advance(60_000)
      }
      await expect.poll(async () => {
        await rig.platform.advance(60_000)
        return heard.length
      }, { timeout: 20_000 }).toBe(60)
      expect(heard.map((one) => one.number)).toEqual(Array.from({ length: 60 }, (_, n) => n))
    }, 60_000)

    test('[B29] an exchange that is not there, or leads nowhere, makes a dead letter for the operator, and the link goes on', async () => {
      const rig = await start()
      await rig.route('out', `missing-${rig.names.exchange}`, '{type}')
      await rig.book([{ child: 'a', number: 1 }])
      await rig.platform.settle()
      for (let minute = 0; minute < 15; minute += 1) await rig.platform.advance(60_000)
      expect((await rig.platform.platform.events.list(rig.platform.tenant().id, { status: 'dead', limit: 10 })).map(({ subscriber }) => subscriber)).toEqual(['fr.liberacces.bridge'])
      expect(await rig.page()).toContain('Relié à')
    })

    test('[B19] a bus that takes nothing for now is waited for, without a try being used up', async (context) => {
      const { block } = broker
      if (block === undefined) {
        context.skip('this broker cannot be told to take nothing')
        return
      }
      const rig = await start()
      await rig.route('out', rig.names.exchange, '{type}')
      block('low on disk')
      await expect.poll(async () => {
        await rig.platform.advance(60_000)
        return rig.page()
      }).toContain('low on disk')
      await rig.book([{ child: 'a', number: 1 }])
      await rig.platform.advance(60_000)
      expect((await rig.platform.platform.events.list(rig.platform.tenant().id, { limit: 10 })).filter(({ subscriber }) => subscriber === 'fr.liberacces.bridge').map(({ status, attempts }) => [status, attempts])).toEqual([['pending', 0]])
      block(undefined)
      for (let minute = 0; minute < 15; minute += 1) await rig.platform.advance(60_000)
      expect(await rig.drain(rig.names.out)).toHaveLength(1)
    })

    test('[B18] the link goes by TLS, to a certificate of the authority that was named and of no other', async () => {
      const rig = await start()
      await rig.route('out', rig.names.exchange, '{type}')
      const { port, ca } = await startTlsFront({ host: broker.host, port: broker.port })
      const set = (authority: string | undefined) => rig.platform.platform.settings.set(rig.platform.tenant().id, 'fr.liberacces.bridge', { host: '127.0.0.1', port, tls: true, user: 'guest', password: 'guest', ...(authority === undefined ? {} : { ca: authority }) }, { kind: 'operator', id: 'test', name: 'Test' })
      await set(undefined)
      await rig.platform.settle()
      expect(await rig.page()).toContain('Pas de liaison')
      await set(ca)
      await rig.platform.settle()
      expect(await rig.page()).toContain('Relié à')
      await rig.book([{ child: 'a', number: 1 }])
      await rig.platform.settle()
      expect(await rig.drain(rig.names.out)).toHaveLength(1)
    })

    test('[B19] a wrong password is told to the administrator, who mends it', async () => {
      const rig = await start()
      const set = (password: string) => rig.platform.platform.settings.set(rig.platform.tenant().id, 'fr.liberacces.bridge', { host: '127.0.0.1', port: rig.proxy.port, tls: false, user: 'guest', password }, { kind: 'operator', id: 'test', name: 'Test' })
      await set('wrong')
      await rig.platform.settle()
      const page = await rig.page()
      expect(page).toContain('ACCESS_REFUSED')
      expect(page).not.toContain('wrong')
      await set('guest')
      await rig.platform.settle()
      expect(await rig.page()).toContain('Relié à')
    })
  })
}
