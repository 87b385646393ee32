/** The sketch of the author's guide, and what must not compile. Checked by `pnpm check:types`; nothing here runs. */
import { Choice, defineEvent, definePlugin, defineService, defineWorker, RawBody, RetryLater, Secret, Type } from '@liberacces/sdk'
import { BureauTile, GuichetService } from '@liberacces/sdk/slots'

interface Database {
  booking: { id: string; child_id: string; day: string; guardian_id: string; paid: number }
}
const Booking = Type.Object({ id: Type.String(), childId: Type.String(), day: Type.String({ format: 'date' }) })
const BookingCreated = defineEvent('fr.example.canteen.booking-created/v1', Booking, { subject: 'childId' })
const MenuChanged = defineEvent('fr.example.canteen.menu-changed/v1', Type.Object({ day: Type.String() }))
const Canteen = defineService('fr.example.canteen/v1', {
  bookingsOf: { input: Type.Object({ childId: Type.String() }), output: Type.Array(Booking), permission: 'booking.read' },
})
const Directory = defineService('fr.example.directory/v1', {
  find: { input: Type.Object({ text: Type.String() }), output: Type.Array(Type.String()) },
})
const Cadastre = defineService('fr.example.cadastre/v1', { parcel: { input: Type.Object({}), output: Type.String() } })
const Foreign = defineService('fr.example.foreign/v1', {
  peek: { input: Type.Object({}), output: Type.String(), permission: 'foreign.read' },
})

// @ts-expect-error the subject must be a field of the data
defineEvent('fr.example.canteen.x/v1', Booking, { subject: 'nothing' })

const messages = {
  fr: { 'page.bookings': 'Réservations', 'tile.title': 'Cantine', 'service.title': 'Réserver' },
  en: { 'page.bookings': 'Bookings', 'tile.title': 'Canteen', 'service.title': 'Book' },
} as const

export default definePlugin<Database>()({
  id: 'fr.example.canteen', version: '1.4.0', path: 'cantine', sdk: '^0.1.0', license: 'MIT',
  title: { fr: 'Restauration scolaire', en: 'School canteen' }, publisher: { name: 'Example', contact: 'https://example.fr' },
  runtime: 'process', limits: { memoryMb: 128, callMs: 5_000 },
  scopes: ['db', 'files', 'net:api.payfip.example'],
  optionalScopes: { 'mail:send': { fr: 'Les familles ne sont pas prévenues par courriel.', en: 'Families are not told by email.' }, 'net:adresse.example': { fr: 'Les adresses ne sont pas vérifiées.' } },
  requires: { 'fr.example.directory/v1': '*' },
  optional: { 'fr.example.cadastre/v1': '*' },
  settings: Type.Object({ cutoffHours: Type.Integer({ minimum: 0, default: 48 }), mode: Choice(['open', 'closed'], { default: 'open' }) }),
  permissions: {
    'booking.read': { title: { fr: 'Consulter les réservations' }, roles: ['agent.school'] },
    'booking.write': { title: { fr: 'Réserver un repas' }, roles: ['citizen'] },
  },
  migrations: { '0001-booking': { up: async (db) => { await db.schema.createTable('booking').execute() }, down: async (db) => { await db.schema.dropTable('booking').execute() } } },
  emits: [BookingCreated],
  check: async (c) => {
    const lost = await c.db.selectFrom('booking').select('id').where('day', '=', '').execute()
    if (lost.length > c.settings.cutoffHours) throw new Error(c.t('page.bookings'))
    // @ts-expect-error no such table
    await c.db.selectFrom('nothing').selectAll().execute()
  },
  privacy: {
    stores: [{ table: 'booking', subject: 'guardian_id', purpose: { fr: 'Facturation des repas' }, basis: 'public-task', retentionDays: 1095 }],
    export: async (c, subject) => ({ data: { booking: await c.db.selectFrom('booking').selectAll().where('guardian_id', '=', subject.id).execute() } }),
    erase: async () => ({ erased: 0 }),
  },
  messages,
  setup(k) {
    k.route({ method: 'POST', path: '/bookings', audience: 'citizen', permission: 'booking.write', summary: 'Réserver un repas', body: Type.Omit(Booking, ['id']), response: { 201: Booking } },
      async (c, { body }) => {
        const row = { id: c.id(), ...body }
        await c.transaction(async (tx) => {
          await tx.insertInto('booking').values({ id: row.id, child_id: row.childId, day: row.day, guardian_id: c.actor.id, paid: 0 }).execute()
          await tx.emit(BookingCreated, row)
          // @ts-expect-error not among `emits`
          await tx.emit(MenuChanged, { day: '2026-01-01' })
          // @ts-expect-error the data does not fit
          await tx.emit(BookingCreated, { id: 1 })
          // @ts-expect-error no such column
          await tx.insertInto('booking').values({ nothing: 1 }).execute()
        })
        // @ts-expect-error an event leaves only from a transaction
        await c.emit(BookingCreated, row)
        // @ts-expect-error no such table
        c.db.selectFrom('nothing')
        // @ts-expect-error no schema changes outside migrations
        void c.db.schema
        // @ts-expect-error a status that the route does not declare
        c.reply(200, row)
        // @ts-expect-error a body that the route does not declare
        c.reply(201, { id: row.id })
        // @ts-expect-error no such permission
        c.actor.can('booking.delete')
        // @ts-expect-error no such message
        c.t('page.nothing')
        const hours: number = c.settings.cutoffHours
        const mode: 'open' | 'closed' = c.settings.mode
        void [hours, mode]
        await c.use(Directory).find({ text: 'a' })
        // @ts-expect-error not required by this plugin
        c.use(Cadastre)
        const parcel: string | undefined = await c.useOptional(Cadastre)?.parcel({})
        void parcel
        const granted: boolean = c.granted('mail:send') && c.granted('net:adresse.example') && c.granted('db')
        void granted
        // @ts-expect-error a host that this plugin does not declare
        c.granted('net:evil.example')
        // @ts-expect-error no such scope
        c.granted('mail:read')
        // @ts-expect-error no tenant can be named
        c.use(Directory, 'la-rochelle')
        return c.reply(201, row)
      })
    // @ts-expect-error a page that is not public names a permission
    k.page({ path: '/x', audience: 'agent', title: 'page.bookings' }, async () => <p />)
    // @ts-expect-error no such permission
    k.page({ path: '/x', audience: 'agent', permission: 'nothing', title: 'page.bookings' }, async () => <p />)
    // @ts-expect-error a registrar cannot query
    void k.db
    k.page({ path: '/', audience: 'agent', permission: 'booking.read', title: 'page.bookings', query: Type.Object({ page: Type.Integer({ default: 1 }) }) },
      async (c, { query }) => {
        const page: number = query.page
        const rows = await c.db.selectFrom('booking').selectAll().execute()
        return <p>{page} {rows.map((row) => row.day)}</p>
      })
    k.form({ path: '/reserver', audience: 'citizen', permission: 'booking.write', schema: Type.Omit(Booking, ['id']) }, async (c, data) =>
      data.day === '' ? c.invalid({ day: 'Jour manquant' }) : c.redirect('/'))
    // @ts-expect-error errors are about fields of the form
    k.form({ path: '/reserver2', audience: 'citizen', permission: 'booking.write', schema: Booking }, async (c) => c.invalid({ nothing: 'x' }))
    k.contribute(BureauTile, { title: 'tile.title', icon: 'utensils', order: 20, permission: 'booking.read', render: async (c) => <p>{c.t('tile.title')}</p> })
    // @ts-expect-error a rendered slot wants a render
    k.contribute(BureauTile, { title: 'tile.title', icon: 'utensils' })
    // @ts-expect-error no such icon
    k.contribute(BureauTile, { title: 'tile.title', icon: 'skull', render: async () => null })
    k.contribute(GuichetService, { title: 'service.title', category: 'enfance', href: '/reserver' })
    k.on(BookingCreated, async (c, event) => { c.log.info(event.data.childId) })
    k.schedule({ id: 'close-orders', cron: '0 10 * * *', timeoutMs: 60_000 }, async (c) => { c.log.info('closed') })
    k.provide(Canteen, (c) => ({ bookingsOf: async ({ childId }) => (await c.db.selectFrom('booking').selectAll().where('child_id', '=', childId).execute()).map((row) => ({ id: row.id, childId: row.child_id, day: row.day })) }))
    // @ts-expect-error the service asks for a permission that this plugin does not declare
    k.provide(Foreign, () => ({ peek: async () => '' }))
  },
})

// @ts-expect-error privacy is missing
definePlugin<Database>()({ id: 'fr.example.a', version: '1.0.0', path: 'aa', sdk: '*', license: 'MIT', title: { fr: 'A' }, publisher: { name: 'E', contact: 'x' }, scopes: [], messages, setup() {} })

definePlugin()({
  id: 'fr.example.c', version: '1.0.0', path: 'cc', sdk: '*', license: 'MIT', title: { fr: 'C' }, publisher: { name: 'E', contact: 'x' }, scopes: [],
  privacy: { stores: [] }, messages: { fr: {}, en: {} },
  // @ts-expect-error what is missing must be said, in French at least
  optionalScopes: { files: {} },
  setup(k) {
    k.schedule({ id: 'any', cron: '0 10 * * *', timeoutMs: 1_000 }, async (c) => {
      // @ts-expect-error it declares no such scope
      c.granted('db')
    })
  },
})

definePlugin<Database>()({
  // @ts-expect-error a scope of no known family
  scopes: ['disk'],
  id: 'fr.example.d', version: '1.0.0', path: 'dd', sdk: '*', license: 'MIT', title: { fr: 'D' }, publisher: { name: 'E', contact: 'x' },
  privacy: { stores: [] }, messages: { fr: {}, en: {} },
  setup() {},
})

definePlugin<Database>()({
  id: 'fr.example.b', version: '1.0.0', path: 'bb', sdk: '*', license: 'MIT', title: { fr: 'B' }, publisher: { name: 'E', contact: 'x' }, scopes: [],
  privacy: { stores: [] },
  // @ts-expect-error English is incomplete
  messages: { fr: { a: 'A', b: 'B' }, en: { a: 'A' } },
  setup() {},
})

const Link = defineWorker<{ send(text: string): void }>('link')
// @ts-expect-error a worker has a name of its own, not a number
defineWorker(1)

/** What exchanges with the outside look like, and what must not compile there. */
export const exchange = definePlugin()({
  id: 'fr.example.exchange', version: '1.0.0', path: 'echange', sdk: '^0.1.0', license: 'MIT', title: { fr: 'Échange' }, publisher: { name: 'Example', contact: 'https://example.fr' },
  scopes: ['net:*', 'tcp:*', 'events:read:*', 'events:write:*', 'mail:send'],
  settings: Type.Object({ host: Type.String({ default: '' }), password: Type.Optional(Secret({ title: 'Mot de passe' })) }),
  permissions: { receive: { title: { fr: 'Recevoir' }, roles: ['tenant-admin'] } },
  privacy: { stores: [] }, messages: { fr: { up: 'Relié.' }, en: { up: 'Connected.' } },
  setup(k) {
    k.onAny(async (c, event) => {
      const data: unknown = event.data
      c.held(Link)?.send(`${event.type} ${event.source} ${String(data)}`)
      // @ts-expect-error what a worker holds has a type
      c.held(Link)?.receive()
      c.wake(Link)
      const state: 'resting' | 'working' | 'troubled' | 'stopped' = c.health(Link).state
      void state
      throw new RetryLater('Away.')
    }, { id: 'all' })
    // @ts-expect-error a handler of everything has a name
    k.onAny(async () => undefined)
    k.worker(Link, async (w) => {
      const socket = await w.connect({ host: w.settings.host, port: 5671, tls: {} })
      // @ts-expect-error a connection leads to a port
      await w.connect({ host: 'x' })
      w.hold({ send: (text) => { socket.write(text) } })
      // @ts-expect-error a worker holds what it was defined to hold
      w.hold({ read: () => undefined })
      w.health('working', 'up')
      // @ts-expect-error no such message
      w.health('working', 'nothing')
      // @ts-expect-error whether it rests or is stopped, the platform says
      w.health('stopped', 'up')
      // @ts-expect-error a worker queries within a piece of work
      void w.db
      const count: number = await w.run('count', async (c) => (await c.knownEvents()).length)
      const woken: boolean = await w.pause(1_000)
      void [count, woken]
    })
    k.route({ method: 'POST', path: '/in', audience: 'admin', permission: 'receive', summary: 'Receive', body: RawBody({ types: ['application/cloudevents+json'], headers: ['ce-*'] }), response: { 204: Type.Null() } }, async (c, { body }) => {
      const bytes: Uint8Array = body.bytes
      const password: string | undefined = c.settings.password
      const sealed: string = await c.secrets.seal(password ?? '')
      const opened: string | undefined = await c.secrets.open(sealed)
      await c.transaction(async (tx) => {
        const id: string = await tx.publish({ type: 'fr.example.other/v1', data: bytes.length })
        await tx.mail.send({ to: { administrators: true }, subject: id, text: opened ?? '-' })
        // @ts-expect-error nobody else is named this way
        await tx.mail.send({ to: { citizens: true }, subject: id, text: '-' })
      })
      // @ts-expect-error events come in within a transaction only
      await c.publish({ type: 'x', data: 1 })
      return c.reply(204, null)
    })
    k.command({ name: 'list', summary: 'list', input: Type.Object({ limit: Type.Integer({ default: 10 }) }), output: Type.Array(Type.Object({ id: Type.String() })) }, async (_c, { limit }) => [{ id: String(limit + 1) }])
    // @ts-expect-error it answers what it declares
    k.command({ name: 'wrong', summary: 'wrong', output: Type.Object({ id: Type.String() }) }, async () => ({ id: 1 }))
  },
})
