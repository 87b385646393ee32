import { defineEvent, definePlugin, defineService, Type } from '@liberacces/sdk'
import { BureauTile } from '@liberacces/sdk/slots'
import { Tile } from '@liberacces/sdk/ui'

// Bundled, and its letter replaced, for each member of a group: `fr.test.member-a`, `fr.test.member-b`…

interface Tables {
  note: { id: string; text: string }
}

const OWN = 'member-a'
const VERSION = '1.0.0'
const Said = Type.Object({ by: Type.String(), version: Type.String(), tenant: Type.String(), text: Type.String() })
const Noted = defineEvent(`fr.test.${OWN}-noted/v1`, Type.Object({ id: Type.String(), text: Type.String() }), { subject: 'id' })
/** What a test's every member hears of. */
const NotedByFirst = defineEvent('fr.test.member-first-noted/v1', Type.Object({ id: Type.String(), text: Type.String() }), { subject: 'id' })
const Echo = defineService(`fr.test.${OWN}-echo/v1`, { echo: { input: Type.Object({ text: Type.String() }), output: Said } })
const Other = defineService('fr.test.member-other-echo/v1', { echo: { input: Type.Object({ text: Type.String() }), output: Said } })
const How = Type.Object({ how: Type.Union([Type.Literal('exit'), Type.Literal('throw'), Type.Literal('loop'), Type.Literal('wait'), Type.Literal('denied')]) })

let calls = 0

/** A member of a group: it keeps notes, asks another one, hears what the first says, and ends its process where it is asked to. */
export default definePlugin<Tables>()({
  id: `fr.test.${OWN}`, version: VERSION, path: OWN, sdk: '*', license: 'MIT', title: { fr: OWN }, publisher: { name: 'Test', contact: 'x' },
  limits: { memoryMb: 64, callMs: 20_000 }, scopes: ['db'], optional: { 'fr.test.member-other-echo/v1': '*' }, emits: [Noted], privacy: { stores: [] }, messages: { fr: { title: OWN }, en: { title: OWN } },
  migrations: {
    '0001-note': {
      up: async (db) => { await db.schema.createTable('note').addColumn('id', 'text', (column) => column.primaryKey()).addColumn('text', 'text', (column) => column.notNull()).execute() },
      down: async (db) => { await db.schema.dropTable('note').execute() },
    },
  },
  setup(k) {
    k.route({ method: 'GET', path: '/work', audience: 'public', summary: 'Work', response: { 200: Type.Object({ calls: Type.Integer(), notes: Type.Integer(), said: Said }) } }, async (c) => {
      calls += 1
      const notes = await c.db.selectFrom('note').selectAll().execute()
      return c.reply(200, { calls, notes: notes.length, said: { by: OWN, version: VERSION, tenant: c.tenant.slug, text: '' } })
    })
    k.route({ method: 'GET', path: '/ask', audience: 'public', summary: 'Ask another one', response: { 200: Said } }, async (c) => c.reply(200, await c.useOptional(Other)?.echo({ text: 'à côté' }) ?? { by: '', version: '', tenant: '', text: '' }))
    k.route({ method: 'POST', path: '/notes', audience: 'public', summary: 'Note', response: { 200: Type.Object({}) } }, async (c) => {
      const id = c.id()
      await c.transaction(async (tx) => {
        await tx.insertInto('note').values({ id, text: OWN }).execute()
        await tx.emit(Noted, { id, text: OWN })
      })
      return c.reply(200, {})
    })
    k.route({ method: 'GET', path: '/end/:how', audience: 'public', summary: 'End it', timeoutMs: 3_000, params: How, response: { 200: Type.Object({}) } }, async (c, { params: { how } }) => {
      if (how === 'exit') process.exit(3)
      if (how === 'loop') for (;;);
      // When it is noticed, the call is over and nobody is at work.
      if (how === 'throw') setTimeout(() => { throw new Error('nobody catches this') }, 20)
      if (how === 'wait') await new Promise((resolve) => { setTimeout(resolve, 400) })
      if (how === 'denied') await import('node:fs').then(({ readFileSync }) => readFileSync('/etc/hostname')).catch(() => undefined)
      return c.reply(200, {})
    })
    k.on(NotedByFirst, async (c, { data }) => {
      await c.transaction(async (tx) => { await tx.insertInto('note').values({ id: `heard-${data.id}`, text: data.text }).execute() })
    })
    k.provide(Echo, (c) => ({ echo: ({ text }) => ({ by: OWN, version: VERSION, tenant: c.tenant.slug, text }) }))
    k.contribute(BureauTile, { title: 'title', icon: 'mail', render: async (c) => <Tile href={c.url('/')} linkLabel={c.t('title')}><p>{`${OWN} ${c.tenant.name}`}</p></Tile> })
  },
})
