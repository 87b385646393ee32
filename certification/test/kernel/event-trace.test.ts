import { definePlugin } from '@liberacces/sdk'
import type { Platform } from '@liberacces/core'
import { expect, test } from 'vitest'
import { Asked, desk, office, Register, register } from './event-plugins.ts'
import { startKernel } from './kernel-kit.ts'
import { COMMON, NO_MESSAGES, type NoteTable } from './plugin-parts.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
type Tree = NonNullable<Awaited<ReturnType<Platform['eventRecords']['tree']>>>
type EventNode = Tree['root']
const shape = ({ event, caused }: EventNode): unknown => [event.type, event.traceId, event.deliveries.map(({ handler }) => handler), caused.map(shape)]

test('[E62] one trace leads from a request through events, services, mails and requests to the outside, in the log and in the records; what others noted about it goes along', async () => {
  await using kernel = await startKernel({ plugins: [desk, register, office] })
  kernel.outside.answer(() => new Response('ok'))
  await kernel.visitor().post('/apps/desk/ask', undefined, { headers: { traceparent: `00-${TRACE}-b7ad6b7169203331-01`, tracestate: 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE' } })
  await kernel.settle()
  const { events: [asked] } = await kernel.platform.eventRecords.search(kernel.tenantId(), { type: 'asked', limit: 10 })
  const tree = await kernel.platform.eventRecords.tree(kernel.tenantId(), asked?.id ?? '')
  expect(tree && shape(tree.root)).toEqual(['fr.test.desk.asked/v1', TRACE, ['file it'], [['fr.test.register.noted/v1', TRACE, ['fr.test.register.noted/v1'], [['fr.liberacces.kernel.mail/v1', TRACE, ['mail'], []]]]]])
  expect(asked).toMatchObject({ release: '1.0.0', cause: undefined, deliveries: [{ state: 'delivered', trail: { calls: [{ from: 'fr.test.office', to: 'fr.test.register', what: 'fr.test.register/v1 note' }], more: 0 } }] })
  expect(tree?.root.caused[0]?.event.cause).toEqual({ kind: 'handler', pluginId: 'fr.test.office', handlerId: 'file it', eventId: asked?.id })
  const outgoing = kernel.outside.requests[0]?.headers
  expect([outgoing?.get('traceparent')?.slice(3, 35), outgoing?.get('tracestate')]).toEqual([TRACE, 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE'])
  expect(kernel.log.filter(({ msg }) => msg === 'asked' || msg === 'noted').map(({ traceId }) => traceId)).toEqual([TRACE, TRACE])
})

test('[E64] each run of a schedule begins a trace of its own, and what it sets off says so', async () => {
  await using kernel = await startKernel({ plugins: [desk, register, office] })
  for (let night = 0; night < 2; night += 1) {
    kernel.outside.advance(24 * 60 * 60 * 1_000)
    await kernel.settle()
  }
  const { events } = await kernel.platform.eventRecords.search(kernel.tenantId(), { type: 'asked', limit: 10 })
  expect(events.map(({ cause }) => cause)).toEqual([1, 2].map(() => ({ kind: 'schedule', pluginId: 'fr.test.desk', scheduleId: 'nightly' })))
  const [first, second] = events.map(({ traceId }) => traceId)
  expect(first).not.toBe(second)
  const { events: noted } = await kernel.platform.eventRecords.search(kernel.tenantId(), { type: 'noted', limit: 10 })
  expect(noted.map(({ traceId }) => traceId)).toEqual([first, second])
})

test('[E62] a service that a handler calls in vain is in the records with its error', async () => {
  let isBroken = true
  const broken = definePlugin<NoteTable>()({
    ...COMMON, id: 'fr.test.register', path: 'register', title: { fr: 'Registre' }, scopes: [], messages: NO_MESSAGES,
    setup(k) { k.provide(Register, () => ({ note: async () => { if (isBroken) throw new Error('no'); return { number: 1 } } })) },
  })
  const patient = definePlugin<NoteTable>()({
    ...COMMON, id: 'fr.test.office', path: 'office', title: { fr: 'Bureau' }, scopes: [], messages: NO_MESSAGES, requires: { 'fr.test.register/v1': '*' },
    setup(k) { k.on(Asked, async (c, { data }) => { await c.use(Register).note(data).catch(() => undefined); isBroken = false; for (let call = 0; call < 21; call += 1) await c.use(Register).note(data) }) },
  })
  await using kernel = await startKernel({ plugins: [desk, broken, patient] })
  await kernel.visitor().post('/apps/desk/ask', undefined)
  await kernel.settle()
  const { events: [asked] } = await kernel.platform.eventRecords.search(kernel.tenantId(), { type: 'asked', limit: 1 })
  const trail = asked?.deliveries[0]?.trail
  expect([trail?.calls[0]?.error, trail?.calls[1]?.error, trail?.calls.length, trail?.more]).toEqual(['PLUGIN_CALL_FAILED', undefined, 20, 2])
})
