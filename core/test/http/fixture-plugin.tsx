// A plugin with one of everything, for the tests of the HTTP side.
import { Choice, defineEvent, definePlugin, LongText, TextBody, Type, Upload } from '@liberacces/sdk'

const Item = Type.Object({ id: Type.String(), title: Type.String({ maxLength: 50 }), size: Type.Optional(Type.Integer()) })
const NewItem = Type.Object(
  { title: Type.String({ minLength: 1, maxLength: 50 }), kind: Choice(['big', 'small'], { default: 'small' }), count: Type.Optional(Type.Integer({ minimum: 1 })) },
  { additionalProperties: false },
)
const Entry = Type.Object({
  title: Type.String({ minLength: 3, maxLength: 40 }), text: Type.Optional(LongText({ maxLength: 200 })), day: Type.String({ format: 'date' }),
  picture: Type.Optional(Upload({ accept: ['image/*'], maxBytes: 1_000 })),
})
interface Tree { children: Tree[] }
const Tree = Type.Recursive((This) => Type.Object({ children: Type.Array(This) }), { $id: 'Tree' })

export const ItemMade = defineEvent('fr.example.items.item-made/v1', Item, { subject: 'id' })

/** What the handlers were called with. */
export interface Calls {
  readonly inputs: unknown[]
  /** Awaited by `GET /slow`. */
  gate: Promise<void>
  /** What the form shows first. */
  initial: Readonly<Record<string, unknown>> | undefined
}

export function itemsPlugin(calls: Calls, version = '1.0.0') {
  const messages = {
    'page.home': 'Accueil', 'form.title': 'Nouvelle fiche', 'saved': 'La fiche est enregistrée.', 'field.title': 'Titre', 'field.day': 'Jour', 'field.picture': 'Image',
  }
  return definePlugin()({
    id: 'fr.example.items', version, path: 'items', sdk: '*', license: 'MIT', title: { fr: 'Fiches', en: 'Items' }, publisher: { name: 'Example', contact: 'x' },
    runtime: 'inline', limits: { callMs: 2_000 }, scopes: ['files'], privacy: { stores: [] }, emits: [ItemMade],
    permissions: { 'item.read': { title: { fr: 'Lire' }, roles: [] }, 'item.write': { title: { fr: 'Écrire' }, roles: [] } },
    messages: { fr: messages, en: { ...messages, 'page.home': 'Home', 'saved': 'The item is saved.' } },
    setup(k) {
      k.route({ method: 'GET', path: '/api/items/:id', audience: 'public', summary: 'One item', response: { 200: Item } }, (c, { params }) => {
        calls.inputs.push(params)
        if (params['id'] === 'none') return c.notFound()
        if (params['id'] === 'boom') throw new Error('secret database password in this message')
        if (params['id'] === 'denied') throw Object.assign(new Error('x'), { name: 'Error' })
        if (params['id'] === 'long') return c.reply(200, { id: 'x', title: 'y'.repeat(51) })
        if (params['id'] === 'undeclared') return c.reply(201 as 200, { id: 'x', title: 'y' })
        if (params['id'] === 'extra') return c.reply(200, { id: 'x', title: 'y', hash: 'never shown' } as { id: string; title: string })
        if (params['id'] === 'cookie') return c.reply(200, { id: 'x', title: 'y' }, { 'set-cookie': 'a=b' })
        if (params['id'] === 'nothing') return undefined as never
        if (params['id'] === 'away') return c.redirect('//evil.example')
        if (params['id'] === 'home') return c.redirect('/café?q=a%26b')
        return c.reply(200, { id: params['id'] ?? '', title: c.locale }, { 'cache-control': 'public, max-age=60', etag: '"v1"' })
      })
      k.route({ method: 'GET', path: '/api/slow', audience: 'public', summary: 'Waits', response: { 200: Type.Object({ version: Type.String() }) } }, async (c) => {
        calls.inputs.push('slow')
        await calls.gate
        return c.reply(200, { version })
      })
      k.route({ method: 'GET', path: '/api/tree', audience: 'public', summary: 'A tree', response: { 200: Tree } }, (c) => c.reply(200, { children: [{ children: [] }] }))
      k.route({ method: 'GET', path: '/api/late', audience: 'public', summary: 'Never ends', timeoutMs: 20, response: { 200: Type.String() } }, () => new Promise(() => undefined))
      k.route({ method: 'GET', path: '/feed.xml', audience: 'public', summary: 'Feed', response: { 200: TextBody('application/atom+xml') } }, (c) => c.reply(200, '<feed>é</feed>'))
      k.route({ method: 'GET', path: '/api/files/:id', audience: 'public', summary: 'A file', response: { 200: Type.String() }, query: Type.Object({ shown: Type.Boolean({ default: false }) }) },
        (c, { params, query }) => c.file(params['id'] ?? '', { disposition: query.shown ? 'inline' : 'attachment' }))
      k.route({ method: 'GET', path: '/api/items', audience: 'agent', permission: 'item.read', summary: 'Items', response: { 200: Type.Array(Item) },
        query: Type.Object({ page: Type.Integer({ minimum: 1, default: 1 }), done: Type.Optional(Type.Boolean()), tag: Type.Optional(Type.Array(Type.String())) }) },
      (c, { query }) => { calls.inputs.push(query); return c.reply(200, []) })
      k.route({ method: 'POST', path: '/api/items', audience: 'agent', permission: 'item.write', summary: 'New item', body: NewItem, response: { 201: Item, 204: Type.Null() } },
        (c, { body }) => { calls.inputs.push(body); return c.reply(201, { id: '1', title: body.title }) })
      k.page({ path: '/', audience: 'public', title: 'page.home' }, (c) => { calls.inputs.push(c.tenant.slug); return <p>Bonjour {c.actor.name}</p> })
      k.page({ path: '/broken', audience: 'public', title: 'page.home' }, () => { const Broken = () => { throw new Error('component') }; return <Broken /> })
      k.page({ path: '/inside', audience: 'agent', permission: 'item.read', title: 'page.home' }, () => <p>inside</p>)
      k.form({ path: '/new', audience: 'agent', permission: 'item.write', title: 'form.title', schema: Entry }, (c, data) => {
        calls.inputs.push(data)
        if (data.title === 'taken') return c.invalid({ title: 'Ce titre est déjà pris.' })
        if (data.title === 'throws') throw new Error('no')
        return c.redirect('/', 'saved')
      }, async () => calls.initial)
      // A kernel takes no such form in; none is handed the field all the same.
      k.form({ path: '/sly', audience: 'agent', permission: 'item.write', title: 'form.title', schema: Type.Object({ _csrf: Type.Optional(Type.String()), title: Type.String() }) }, (c, data) => {
        calls.inputs.push(data)
        return c.redirect('/', 'saved')
      })
      k.action({ path: '/items/:id/remove', audience: 'agent', permission: 'item.write' }, (c, { params }) => {
        calls.inputs.push(params)
        return params['id'] === 'used' ? { kind: 'invalid', errors: { '': 'Cette fiche sert encore.' } } : c.redirect('/', 'saved')
      })
    },
  })
}

export function newCalls(): Calls {
  return { inputs: [], gate: Promise.resolve(), initial: {} }
}
