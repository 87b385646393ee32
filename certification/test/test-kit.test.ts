import { defineEvent, definePlugin, defineService, Type } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { startTestPlatform } from '../src/testing/index.ts'

const Noted = defineEvent('fr.test.notes.noted/v1', Type.Object({ id: Type.String(), text: Type.String() }), { subject: 'id' })
const Notes = defineService('fr.test.notes/v1', { count: { input: Type.Object({}), output: Type.Integer() } })

interface Database { note: { id: string; text: string; seen: number } }

const notes = definePlugin<Database>()({
  id: 'fr.test.notes', version: '1.0.0', path: 'notes', sdk: '*', license: 'MIT', title: { fr: 'Notes' }, publisher: { name: 'Test', contact: 'x' },
  runtime: 'inline', scopes: ['db'], emits: [Noted], privacy: { stores: [] }, messages: { fr: {}, en: {} },
  permissions: { read: { title: { fr: 'Lire' }, roles: ['agent'] } },
  migrations: {
    '0001-note': {
      up: async (db) => { await db.schema.createTable('note').addColumn('id', 'text', (column) => column.primaryKey()).addColumn('text', 'text').addColumn('seen', 'integer').execute() },
      down: async (db) => { await db.schema.dropTable('note').execute() },
    },
  },
  setup(k) {
    k.route({ method: 'POST', path: '/notes', audience: 'agent', permission: 'read', summary: 'Noter', body: Type.Object({ text: Type.String() }), response: { 201: Type.Object({ id: Type.String() }) } }, async (c, { body }) => {
      const id = c.id()
      await c.transaction(async (tx) => {
        await tx.insertInto('note').values({ id, text: body.text, seen: 0 }).execute()
        await tx.emit(Noted, { id, text: body.text })
      })
      return c.reply(201, { id })
    })
    k.route({ method: 'GET', path: '/notes', audience: 'agent', permission: 'read', summary: 'Lire', response: { 200: Type.Array(Type.Object({ text: Type.String(), seen: Type.Integer() })) } }, async (c) =>
      c.reply(200, await c.db.selectFrom('note').select(['text', 'seen']).orderBy('id').execute()))
    k.on(Noted, async (c, event) => {
      await c.transaction(async (tx) => {
        await tx.updateTable('note').set((eb) => ({ seen: eb('seen', '+', 1) })).where('id', '=', event.data.id).execute()
      })
    })
    k.provide(Notes, (c) => ({ count: async () => (await c.db.selectFrom('note').select('id').execute()).length }))
  },
})

test('[K1] the kit boots the real kernel: what is written is there, events arrive once, other tenants see nothing', async () => {
  await using platform = await startTestPlatform({ plugins: [notes], tenants: 2 })
  const agent = await platform.as('agent')
  expect((await platform.tenant().visitor.get('/apps/notes/notes')).status).toBe(401)
  expect((await agent.post('/apps/notes/notes', { text: 'un' })).status).toBe(201)
  await platform.settle()
  expect((await agent.get('/apps/notes/notes')).json()).toEqual([{ text: 'un', seen: 1 }])
  expect((await (await platform.tenant(1).as('agent')).get('/apps/notes/notes')).json()).toEqual([])
})

test('[K2] an event that comes twice is dealt with once', async () => {
  await using platform = await startTestPlatform({ plugins: [notes] })
  const agent = await platform.as('agent')
  const { id } = (await agent.post('/apps/notes/notes', { text: 'un' })).json<{ id: string }>()
  await platform.settle()
  await platform.tenant().deliver(Noted, { id, text: 'un' }, { twice: true })
  expect((await agent.get('/apps/notes/notes')).json()).toEqual([{ text: 'un', seen: 2 }])
})

test('[K3] what was acknowledged before a crash is there after it, and its events arrive', async () => {
  await using platform = await startTestPlatform({ plugins: [notes] })
  const before = await platform.as('agent')
  expect((await before.post('/apps/notes/notes', { text: 'un' })).status).toBe(201)
  await platform.crash()
  await platform.settle()
  const after = await platform.as('agent')
  expect((await after.get('/apps/notes/notes')).json()).toEqual([{ text: 'un', seen: 1 }])
})
