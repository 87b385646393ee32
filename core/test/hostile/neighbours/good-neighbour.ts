import { defineEvent, defineService, definePlugin, Type, type Plugin } from '@liberacces/sdk'

interface Tables {
  book: { id: string; title: string }
}

const Book = Type.Object({ id: Type.String(), title: Type.String(), tenant: Type.String() })
const Echoed = Type.Object({ text: Type.String(), tenant: Type.String() })

/** Where a neighbour lives. */
export type Home = 'inline' | 'process'

/** How many books each has at each tenant. */
export const BOOKS = 50

/** What it says of a book at a tenant: wrong as soon as two tenants, or two neighbours, are mixed up. */
export function titleOf(home: Home, tenant: string, number: number): string {
  return `${home} ${tenant} ${number}`
}

/** A plugin that behaves: it lends books, says what it hears, and hears what it says. */
export function goodNeighbour(home: Home): Plugin {
  const Noted = defineEvent(`fr.good.${home}-noted/v1`, Type.Object({ id: Type.String() }), { subject: 'id' })
  const Echo = defineService(`fr.good.${home}-echo/v1`, { echo: { input: Type.Object({ text: Type.String() }), output: Echoed } })
  const Other = defineService('fr.good.inline-echo/v1', { echo: { input: Type.Object({ text: Type.String() }), output: Echoed } })
  return definePlugin<Tables>()({
    id: `fr.good.${home}`, version: '1.0.0', path: `good-${home}`, sdk: '*', license: 'MIT', title: { fr: `Bon voisin (${home})` }, publisher: { name: 'Good', contact: 'https://good.example' },
    runtime: home, limits: { memoryMb: 128, callMs: 20_000 }, scopes: ['db'], requires: (home === 'process' ? { 'fr.good.inline-echo/v1': '*' } : {}) as { readonly 'fr.good.inline-echo/v1': string },
    emits: [Noted], privacy: { stores: [] }, messages: { fr: {}, en: {} },
    migrations: {
      '0001-book': {
        up: async (db) => {
          await db.schema.createTable('book').addColumn('id', 'text', (column) => column.primaryKey()).addColumn('title', 'text', (column) => column.notNull()).execute()
        },
        down: async (db) => { await db.schema.dropTable('book').execute() },
      },
    },
    setup(k) {
      k.route({ method: 'POST', path: '/books', audience: 'public', summary: 'Fill the shelves', response: { 200: Type.Object({ books: Type.Integer() }) } }, async (c) => {
        await c.transaction(async (tx) => {
          for (let number = 0; number < BOOKS; number += 1) await tx.insertInto('book').values({ id: String(number), title: titleOf(home, c.tenant.slug, number) }).execute()
        })
        return c.reply(200, { books: BOOKS })
      })
      k.route({ method: 'GET', path: '/books/:id', audience: 'public', summary: 'Look at a book', response: { 200: Book } }, async (c, { params }) => {
        const found = await c.db.selectFrom('book').selectAll().where('id', '=', params['id'] ?? '').executeTakeFirst()
        return found === undefined ? c.notFound() : c.reply(200, { ...found, tenant: c.tenant.slug })
      })
      k.route({ method: 'GET', path: '/echo/:id', audience: 'public', summary: 'Ask the other neighbour', response: { 200: Echoed } }, async (c, { params }) => {
        const text = params['id'] ?? ''
        return c.reply(200, home === 'process' ? await c.use(Other).echo({ text }) : { text, tenant: c.tenant.slug })
      })
      k.route({ method: 'POST', path: '/notes', audience: 'public', summary: 'Note something', response: { 200: Type.Object({ id: Type.String() }) } }, async (c) => {
        const id = c.id()
        await c.transaction(async (tx) => {
          await tx.insertInto('book').values({ id, title: titleOf(home, c.tenant.slug, -1) }).execute()
          await tx.emit(Noted, { id })
        })
        return c.reply(200, { id })
      })
      k.on(Noted, async (c, { data }) => {
        await c.transaction(async (tx) => { await tx.insertInto('book').values({ id: `heard-${data.id}`, title: data.id }).execute() })
      })
      k.provide(Echo, (c) => ({ echo: ({ text }) => ({ text, tenant: c.tenant.slug }) }))
    },
  })
}
