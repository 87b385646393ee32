import { defineEvent, definePlugin, defineService, Type } from '@liberacces/sdk'
import { BureauTile } from '@liberacces/sdk/slots'
import { ActionButton } from '@liberacces/sdk/ui'
import { COMMON, NOTE_MIGRATIONS, type NoteTable } from './plugin-parts.ts'

export const NoteWritten = defineEvent('fr.test.notes.written/v1', Type.Object({ id: Type.String(), who: Type.String(), number: Type.Integer() }), { subject: 'who' })
const Notes = defineService('fr.test.notes/v1', {
  count: { input: Type.Object({}), output: Type.Integer(), permission: 'read' },
  any: { input: Type.Object({}), output: Type.Boolean() },
})
const Note = Type.Object({ id: Type.String(), text: Type.String(), number: Type.Integer() })
const NewNote = Type.Object({ text: Type.String({ minLength: 1, maxLength: 200 }), number: Type.Integer({ default: 0 }) })
const ID = Type.Object({ id: Type.String({ maxLength: 100 }) })

/** Every way to read and change one table. */
export const notesPlugin = definePlugin<NoteTable>()({
  ...COMMON, id: 'fr.test.notes', path: 'notes', title: { fr: 'Notes' }, scopes: ['db', 'files'], migrations: NOTE_MIGRATIONS, emits: [NoteWritten],
  permissions: { 'read': { title: { fr: 'Lire les notes' }, roles: ['agent'] }, 'write': { title: { fr: 'Écrire des notes' }, roles: ['agent'] } },
  settings: Type.Object({ most: Type.Integer({ minimum: 1, maximum: 100, default: 10 }), heading: Type.String({ minLength: 3, default: 'Notes' }) }),
  messages: { fr: { home: 'Notes', first: 'Première', second: 'Seconde' }, en: { home: 'Notes', first: 'First', second: 'Second' } },
  setup(k) {
    k.page({ path: '/', audience: 'agent', permission: 'read', title: 'home', menu: 1 }, async (c) => (
      <div>{(await c.db.selectFrom('note').selectAll().execute()).map((note) => <p key={note.id}>{note.text}<ActionButton action={c.url(`/notes/${note.id}/remove`)} label="x" /></p>)}</div>
    ))
    k.page({ path: '/search', audience: 'agent', permission: 'read', title: 'home', query: Type.Object({ q: Type.String({ maxLength: 100, default: '' }) }) }, async (c, { query }) => (
      <p>{(await c.db.selectFrom('note').select('text').where('text', 'like', `%${query.q}%`).execute()).map(({ text }) => text).join(', ')}</p>
    ))
    k.form({ path: '/new', audience: 'agent', permission: 'write', schema: NewNote, title: 'home' }, async (c, data) => {
      await c.db.insertInto('note').values({ id: c.id(), ...data }).execute()
      return c.redirect('/')
    })
    k.action({ path: '/notes/:id/remove', audience: 'agent', permission: 'write', params: ID }, async (c, { params }) => {
      await c.db.deleteFrom('note').where('id', '=', params.id).execute()
      return c.redirect('/')
    })
    k.route({ method: 'GET', path: '/api/notes', audience: 'agent', permission: 'read', summary: 'All', response: { 200: Type.Array(Note) } }, async (c) =>
      c.reply(200, await c.db.selectFrom('note').selectAll().orderBy('id').execute()))
    k.route({ method: 'GET', path: '/api/notes/:id', audience: 'agent', permission: 'read', summary: 'One', params: ID, response: { 200: Note } }, async (c, { params }) => {
      const note = await c.db.selectFrom('note').selectAll().where('id', '=', params.id).executeTakeFirst()
      return note === undefined ? c.notFound() : c.reply(200, note)
    })
    k.route({ method: 'POST', path: '/api/notes', audience: 'agent', permission: 'write', summary: 'New', body: NewNote, response: { 201: ID } }, async (c, { body }) => {
      const id = c.id()
      await c.transaction(async (tx) => {
        await tx.insertInto('note').values({ id, ...body }).execute()
        await tx.emit(NoteWritten, { id, who: body.text, number: body.number })
      })
      return c.reply(201, { id })
    })
    k.route({ method: 'PUT', path: '/api/notes/:id', audience: 'agent', permission: 'write', summary: 'Change', params: ID, body: NewNote, response: { 204: Type.Null() } }, async (c, { params, body }) => {
      const { numUpdatedRows } = await c.db.updateTable('note').set(body).where('id', '=', params.id).executeTakeFirstOrThrow()
      return numUpdatedRows === 0n ? c.notFound() : c.reply(204, null)
    })
    k.route({ method: 'DELETE', path: '/api/notes/:id', audience: 'agent', permission: 'write', summary: 'Remove', params: ID, response: { 204: Type.Null() } }, async (c, { params }) => {
      await c.db.deleteFrom('note').where('id', '=', params.id).execute()
      return c.reply(204, null)
    })
    k.route({ method: 'POST', path: '/api/files', audience: 'agent', permission: 'write', summary: 'Keep', body: Type.Object({ text: Type.String() }), response: { 201: ID } }, async (c, { body }) =>
      c.reply(201, { id: (await c.files.put(new TextEncoder().encode(body.text), { name: 'note.txt', type: 'text/plain' })).id }))
    k.route({ method: 'GET', path: '/api/files/:id', audience: 'agent', permission: 'read', summary: 'Kept', params: ID, response: { 200: Type.String() } }, (c, { params }) => c.file(params.id))
    k.contribute(BureauTile, { title: 'first', icon: 'home', order: 1, permission: 'read', render: async (c) => <p>{(await c.db.selectFrom('note').select('text').execute()).map(({ text }) => text).join(', ')}</p> })
    k.contribute(BureauTile, { title: 'second', icon: 'star', order: 2, render: async () => <p>seconde tuile</p> })
    k.provide(Notes, (c) => ({ count: async () => (await c.db.selectFrom('note').select('id').execute()).length, any: () => true }))
  },
})

/** Asks the other for its notes, as whoever asks. */
export const readerPlugin = definePlugin()({
  ...COMMON, id: 'fr.test.reader', path: 'reader', title: { fr: 'Lecteur' }, scopes: [], requires: { 'fr.test.notes/v1': '*' }, messages: { fr: {}, en: {} },
  setup(k) {
    k.route({ method: 'GET', path: '/count', audience: 'public', summary: 'Count', response: { 200: Type.Integer() } }, async (c) => c.reply(200, await c.use(Notes).count({})))
    k.route({ method: 'GET', path: '/any', audience: 'public', summary: 'Any', response: { 200: Type.Boolean() } }, async (c) => c.reply(200, await c.use(Notes).any({})))
  },
})
