import { defineEvent, definePlugin, Type } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { startKernel } from './kernel-kit.ts'
import { COMMON, NO_MESSAGES, NOTE_MIGRATIONS, type NoteTable } from './plugin-parts.ts'

const ID = 'fr.test.counter.counted/v1'
const AsNumber = defineEvent(ID, Type.Object({ id: Type.String(), count: Type.Integer() }), { subject: 'id' })
const AsText = defineEvent(ID, Type.Object({ id: Type.String(), count: Type.String() }), { subject: 'id' })
const Second = defineEvent('fr.test.counter.counted/v2', Type.Object({ id: Type.String(), count: Type.String() }), { subject: 'id' })

const counter = definePlugin<NoteTable>()({
  ...COMMON, id: 'fr.test.counter', path: 'counter', title: { fr: 'Compteur' }, scopes: ['db'], migrations: NOTE_MIGRATIONS, emits: [AsNumber, Second], messages: NO_MESSAGES,
  setup(k) {
    k.route({ method: 'POST', path: '/count', audience: 'public', summary: 'Counts', response: { 204: Type.Null() } }, async (c) => {
      await c.transaction(async (tx) => {
        await tx.emit(AsNumber, { id: 'a', count: 7 })
        await tx.emit(Second, { id: 'a', count: 'sept' })
      })
      return c.reply(204, null)
    })
  },
})

/** What came, in words. */
const came: string[] = []
const reader = (version: string, event: typeof AsNumber | typeof AsText) => definePlugin<NoteTable>()({
  ...COMMON, version, id: 'fr.test.reader', path: 'reader', title: { fr: 'Lecteur' }, scopes: ['db'], migrations: NOTE_MIGRATIONS, messages: NO_MESSAGES,
  setup(k) {
    k.on(event, async (_c, { data }) => { came.push(`v1 ${data.count}`) })
    k.on(Second, async (_c, { data }) => { came.push(`v2 ${data.count}`) })
  },
})

test('[E61] an event that does not fit what its handler expects is a dead letter that names both releases, and the handler does not run', async () => {
  came.length = 0
  await using kernel = await startKernel({ plugins: [counter, reader('3.1.0', AsText)] })
  expect((await kernel.visitor().post('/apps/counter/count', undefined)).status).toBe(204)
  await kernel.settle()
  const [dead, ...more] = await kernel.platform.events.list(kernel.tenantId(), { status: 'dead', limit: 10 })
  expect(more).toEqual([])
  expect(dead).toMatchObject({ type: ID, subscriber: 'fr.test.reader', attempts: 1 })
  expect(dead?.lastError).toMatch(/^EVENT_UNFIT: .* of "fr\.test\.counter" wrote .*counted\/v1 .* release 3\.1\.0 of "fr\.test\.reader" does not understand: \/count: Expected string\.$/)
  expect(came).toEqual(['v2 sept'])
})

test('[E61] versions of a contract live side by side, each with its own schema', async () => {
  came.length = 0
  await using kernel = await startKernel({ plugins: [counter, reader('3.0.0', AsNumber)] })
  await kernel.visitor().post('/apps/counter/count', undefined)
  await kernel.settle()
  expect(came.toSorted()).toEqual(['v1 7', 'v2 sept'])
})
