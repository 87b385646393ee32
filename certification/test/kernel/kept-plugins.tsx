import { definePlugin, defineService, Type } from '@liberacces/sdk'
import { BureauTile, GuichetBlock } from '@liberacces/sdk/slots'
import { Form, Tile } from '@liberacces/sdk/ui'
import { COMMON, NOTE_MIGRATIONS, NO_MESSAGES, type NoteTable } from './plugin-parts.ts'

const Stock = defineService('fr.test.stock/v1', { level: { input: Type.Object({}), output: Type.Integer(), permission: 'read' } })

/** How often each tile of the plugins below was made, and what some of them wait for. */
export interface Making {
  readonly made: Map<string, number>
  /** Waited for by the tile `waits` after it has read. */
  gate: Promise<void> | undefined
  /** Told when it has come that far. */
  reached: (() => void) | undefined
}

const READ = { read: { title: { fr: 'Lire' }, roles: ['agent'] } } as const

/** Provides what another plugin's tile shows. */
export const stockPlugin = definePlugin<NoteTable>()({
  ...COMMON, id: 'fr.test.stock', path: 'stock', title: { fr: 'Stock' }, scopes: ['db'], migrations: NOTE_MIGRATIONS, messages: NO_MESSAGES, permissions: READ,
  setup(k) {
    k.provide(Stock, (c) => ({ level: async () => (await c.db.selectFrom('note').select('id').execute()).length }))
    k.route({ method: 'POST', path: '/', audience: 'public', summary: 'More', response: { 204: Type.Null() } }, async (c) => {
      await c.transaction(async (tx) => { await tx.insertInto('note').values({ id: c.id(), text: 'x', number: 1 }).execute() })
      return c.reply(204, null)
    })
  },
})

/** Tiles that read in every way that can be kept. */
export function keptPlugin({ made }: Making, making: Making) {
  const count = (name: string): void => { made.set(name, (made.get(name) ?? 0) + 1) }
  return definePlugin<NoteTable>()({
    ...COMMON, id: 'fr.test.kept', path: 'kept', title: { fr: 'Gardé' }, scopes: ['db'], migrations: NOTE_MIGRATIONS, permissions: READ,
    optional: { 'fr.test.stock/v1': '*' },
    settings: Type.Object({ heading: Type.String({ default: 'Titre' }) }),
    messages: { fr: { tile: 'Tuile', there: '{n, plural, one {une note} other {# notes}}' }, en: { tile: 'Tile', there: '{n, plural, one {one note} other {# notes}}' } },
    setup(k) {
      k.contribute(BureauTile, { title: 'tile', icon: 'home', order: 1, render: async (c) => {
        count('notes')
        const notes = await c.db.selectFrom('note').select(['id', 'text']).orderBy('id').execute()
        return <Tile count={notes.length} label={c.t('there', { n: notes.length })}><p>{c.settings.heading} {c.tenant.name} {c.actor.name} {notes.at(-1)?.text}</p></Tile>
      } })
      k.contribute(BureauTile, { title: 'tile', icon: 'home', order: 2, permission: 'read', render: async (c) => <p>{c.useOptional(Stock) === undefined ? 'none' : await c.useOptional(Stock)?.level({})}</p> })
      k.contribute(BureauTile, { title: 'tile', icon: 'home', order: 3, render: async (c) => <p>{c.today()} {c.format.date(c.today())}</p> })
      k.contribute(BureauTile, { title: 'tile', icon: 'home', order: 4, render: async (c) => {
        const now = c.now()
        const [sooner, later] = await Promise.all(['<=', '>'].map((side) => c.db.selectFrom('note').select('number').where('number', side === '<=' ? '<=' : '>', now.getTime()).orderBy('number').execute()))
        c.staysUntil(later?.[0] && new Date(later[0].number))
        return <p>{sooner?.length} past, {later?.length} to come</p>
      } })
      k.contribute(BureauTile, { title: 'tile', icon: 'home', order: 5, render: async () => <Form action={'/apps/kept/'}><p>form</p></Form> })
      k.contribute(BureauTile, { title: 'tile', icon: 'home', order: 6, render: async (c) => {
        const notes = await c.db.selectFrom('note').select('id').execute()
        making.reached?.()
        await making.gate
        return <p>{notes.length} waited for</p>
      } })
      k.contribute(GuichetBlock, { title: 'tile', order: 1, render: async (c) => {
        count('block')
        return <p>{(await c.db.selectFrom('note').select('id').execute()).length} {c.actor.name}</p>
      } })
      k.route({ method: 'POST', path: '/', audience: 'public', summary: 'Write', body: Type.Object({ text: Type.String(), number: Type.Integer() }), response: { 204: Type.Null() } }, async (c, { body }) => {
        await c.db.insertInto('note').values({ id: c.id(), ...body }).execute()
        return c.reply(204, null)
      })
      k.route({ method: 'POST', path: '/undone', audience: 'public', summary: 'Write and undo', response: { 204: Type.Null() } }, async (c) => {
        await c.transaction(async (tx) => {
          await tx.insertInto('note').values({ id: c.id(), text: 'undone', number: 0 }).execute()
          throw new Error('undone')
        }).catch(() => undefined)
        return c.reply(204, null)
      })
    },
  })
}

/** A tile that cannot be kept, one for each reason. */
export function fleetingPlugin({ made }: Making, reason: 'now' | 'id' | 'fetch' | 'log' | 'transaction' | 'signal' | 'throws') {
  return definePlugin<NoteTable>()({
    ...COMMON, id: 'fr.test.fleeting', path: 'fleeting', title: { fr: 'Fugace' }, scopes: ['db', 'net:example.fr'], migrations: NOTE_MIGRATIONS, messages: { fr: { tile: 'Tuile' }, en: { tile: 'Tile' } },
    setup(k) {
      k.contribute(BureauTile, { title: 'tile', icon: 'home', order: 1, render: async (c) => {
        made.set(reason, (made.get(reason) ?? 0) + 1)
        switch (reason) {
          case 'now': return <p>{c.now().toISOString()}</p>
          case 'id': return <p>{c.id()}</p>
          case 'fetch': return <p>{(await c.fetch('https://example.fr/')).status}</p>
          case 'log': c.log.info('looked at'); return null
          case 'transaction': await c.transaction(async (tx) => { await tx.insertInto('note').values({ id: c.id(), text: 'seen', number: 1 }).execute() }); return null
          case 'signal': return <p>{String(c.signal.aborted)}</p>
          case 'throws': throw new Error('broken today')
          default: return reason satisfies never
        }
      } })
    },
  })
}
