import { defineEvent, definePlugin, defineService, Type } from '@liberacces/sdk'
import { COMMON, NOTE_MIGRATIONS, type NoteTable } from './plugin-parts.ts'

const Done = defineEvent('fr.test.context.done/v1', Type.Object({ id: Type.String({ minLength: 1 }) }), { subject: 'id' })
const Undeclared = defineEvent('fr.test.context.undeclared/v1', Type.Object({}))
const Unnamed = defineService('fr.test.unnamed/v1', { do: { input: Type.Object({}), output: Type.String() } })
const Missing = defineService('fr.test.missing/v1', { do: { input: Type.Object({}), output: Type.String() } })
const Twice = defineEvent('fr.test.context.twice/v1', Type.Object({ id: Type.String() }))

/** What a handler may try; the answer is the code of the error, or what came out. */
export const contextPlugin = definePlugin<NoteTable>()({
  ...COMMON, id: 'fr.test.context', path: 'context', title: { fr: 'Contexte' }, scopes: ['db', 'net:api.example.fr'], migrations: NOTE_MIGRATIONS, emits: [Done, Twice],
  optional: { 'fr.test.missing/v1': '*' },
  settings: Type.Object({ hours: Type.Integer({ minimum: 0, default: 48 }), mode: Type.String({ default: 'open' }), note: Type.Optional(Type.String()) }),
  messages: {
    fr: { greeting: 'Bonjour {name}, {count, plural, =0 {rien} one {# avis} other {# avis}}', home: 'Accueil' },
    en: { greeting: 'Hello {name}, {count, plural, =0 {nothing} one {# notice} other {# notices}}', home: 'Home' },
  },
  setup(k) {
    const Tried = Type.Object({ came: Type.Unknown() })
    const tries: Readonly<Record<string, (c: Parameters<Parameters<typeof k.on>[1]>[0]) => unknown>> = {
      'files': (c) => c.files.get('x'),
      'host': (c) => c.fetch('https://elsewhere.example/'),
      'http': (c) => c.fetch('http://api.example.fr/'),
      'fetch': async (c) => (await c.fetch('https://api.example.fr/data')).text(),
      'undeclared service': (c) => c.use(Unnamed as never),
      'missing service': (c) => c.use(Missing as never),
      'optional service': (c) => (c.useOptional(Missing as never) === undefined ? 'none' : 'some'),
      'undeclared event': (c) => c.transaction((tx) => tx.emit(Undeclared as never, {} as never)),
      'wrong event': (c) => c.transaction((tx) => tx.emit(Done, { id: '' })),
      'db in transaction': (c) => c.transaction(async (tx) => {
        await (tx as never as typeof c.db & { insertInto(table: 'note'): ReturnType<typeof c.db.insertInto> }).insertInto('note' as never).values({ id: 'half', text: 'x', number: 1 } as never).execute()
        await c.db.selectFrom('note' as never).selectAll().execute()
      }),
      'rows': async (c) => (await c.db.selectFrom('note' as never).selectAll().execute()).length,
      'audit': (c) => c.audit('note.looked-at', 'n-1', { reason: 'curiosity' }),
      'unknown message': (c) => c.t('nothing' as never),
    }
    k.route({ method: 'POST', path: '/try', audience: 'public', summary: 'Tries', body: Type.Object({ what: Type.String() }), response: { 200: Tried } }, async (c, { body }) => {
      try {
        return c.reply(200, { came: (await tries[body.what]?.(c as never)) ?? null })
      } catch (error) {
        return c.reply(200, { came: (error as { code?: string }).code ?? String(error) })
      }
    })
    k.route({ method: 'GET', path: '/says', audience: 'public', summary: 'Says', response: { 200: Type.Record(Type.String(), Type.Unknown()) } }, (c) => {
      const frozen = Object.isFrozen(c.settings)
      return c.reply(200, {
        locale: c.locale, greeting: c.t('greeting', { name: 'Zoé', count: 2 }), nothing: c.t('greeting', { name: 'Zoé', count: 0 }),
        date: c.format.date('2026-05-02'), late: c.format.dateTime(new Date('2026-07-13T23:30:00Z')), winter: c.format.dateTime(new Date('2026-01-13T23:30:00Z')),
        number: c.format.number(1_234_567.5), money: c.format.money(123_456),
        url: c.url('/a', { page: 2, q: 'é&b', none: undefined }), home: c.url('/'), absolute: c.absoluteUrl('/feed.xml'),
        settings: c.settings, frozen, tenant: c.tenant.slug, actor: c.actor.kind, now: c.now().toISOString(),
        ids: [c.id(), c.id()],
      })
    })
    k.route({ method: 'POST', path: '/twice', audience: 'public', summary: 'Emits', response: { 204: Type.Null() } }, async (c) => {
      await c.transaction((tx) => tx.emit(Twice, { id: 'a' }))
      return c.reply(204, null)
    })
    k.on(Twice, async (c) => {
      await c.transaction(async (tx) => { await tx.insertInto('note').values({ id: c.id(), text: 'first', number: 1 }).execute() })
      await c.transaction(async (tx) => { await tx.insertInto('note').values({ id: c.id(), text: 'second', number: 1 }).execute() })
    })
  },
})

/** Asked for no scope at all. */
export const barePlugin = definePlugin<NoteTable>()({
  ...COMMON, id: 'fr.test.bare', path: 'bare', title: { fr: 'Nu' }, scopes: [], messages: { fr: {}, en: {} },
  setup(k) {
    k.route({ method: 'GET', path: '/db', audience: 'public', summary: 'Reads', response: { 200: Type.String() } }, async (c) => c.reply(200, `${(await c.db.selectFrom('note').selectAll().execute()).length}`))
    k.route({ method: 'GET', path: '/transaction', audience: 'public', summary: 'Writes', response: { 200: Type.String() } }, async (c) => c.reply(200, await c.transaction(async () => 'written')))
  },
})
