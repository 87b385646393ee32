import { defineEvent, definePlugin, defineService, Type } from '@liberacces/sdk'
import { BureauTile, GuichetBlock } from '@liberacces/sdk/slots'
import { COMMON, never, NOTE_MIGRATIONS, type NoteTable } from './plugin-parts.ts'

/** How a piece of plugin code misbehaves. */
export const FAULTS = ['throws', 'rejects', 'hangs', 'nonsense'] as const

/** Misbehaves. `nonsense` is an answer of no kind at all. */
async function misbehave(fault: string): Promise<never> {
  if (fault === 'hangs') return never()
  if (fault === 'nonsense') return { surprise: true } as never
  throw new Error(`the plugin's own secret text about ${fault}`)
}

function misbehaveNow(fault: string): never {
  if (fault === 'throws') throw new Error(`the plugin's own secret text about ${fault}`)
  return misbehave(fault) as never
}

const Counted = defineService('fr.test.faulty/v1', { count: { input: Type.Object({ how: Type.String() }), output: Type.Integer() } })
const Poked = defineEvent('fr.test.poked/v1', Type.Object({ who: Type.String(), how: Type.String() }), { subject: 'who' })

const FIELD = Type.Object({ text: Type.String() })

/** Does everything wrong that inline code can do without blocking the process. */
export function faultyPlugin(state: { readonly handled: string[]; tileGate?: Promise<void> }) {
  return definePlugin()({
    ...COMMON, id: 'fr.test.faulty', path: 'faulty', title: { fr: 'Fautif' }, scopes: [], limits: { callMs: 60 },
    messages: { fr: { title: 'Tuile', slow: 'Tuile lente' }, en: { title: 'Tile', slow: 'Slow tile' } },
    setup(k) {
      for (const fault of FAULTS) {
        k.route({ method: 'GET', path: `/route/${fault}`, audience: 'public', summary: 'Fails', response: { 200: Type.String() } }, () => misbehaveNow(fault))
        k.page({ path: `/page/${fault}`, audience: 'public', title: 'title' }, () => misbehaveNow(fault))
        k.form({ path: `/form/${fault}`, audience: 'public', schema: FIELD, title: 'title' }, () => misbehaveNow(fault))
        k.form({ path: `/initial/${fault}`, audience: 'public', schema: FIELD, title: 'title' }, (c) => c.redirect('/'), () => misbehaveNow(fault))
        k.action({ path: `/action/${fault}`, audience: 'public' }, () => misbehaveNow(fault))
        k.contribute(GuichetBlock, { title: 'title', render: () => misbehaveNow(fault) })
        k.contribute(BureauTile, { title: 'title', icon: 'home', render: () => misbehaveNow(fault) })
      }
      k.contribute(BureauTile, { title: 'title', icon: 'home', render: async () => { const Broken = () => { throw new Error('in a component') }; return <Broken /> } })
      k.contribute(BureauTile, { title: 'slow', icon: 'star', order: 1, render: async () => { await state.tileGate; return <p>enfin là</p> } })
      k.provide(Counted, () => ({ count: ({ how }) => (how === 'wrong' ? ('many' as never) : misbehaveNow(how)) }))
      k.on(Poked, async (_c, event) => {
        state.handled.push(`${event.data.who} ${event.attempt}`)
        if (event.data.how !== 'well') await misbehave(event.data.how)
      })
      k.schedule({ id: 'every-minute', cron: '* * * * *', timeoutMs: 30 }, async () => misbehave('rejects'))
      k.schedule({ id: 'hourly', cron: '0 * * * *', timeoutMs: 30 }, never)
    },
  })
}

/** Lives beside the faulty one, uses it, and must notice nothing but what it asked for. */
export function neighbourPlugin(runs: string[] = []) {
  return definePlugin<NoteTable>()({
    ...COMMON, id: 'fr.test.neighbour', path: 'neighbour', title: { fr: 'Voisin' }, scopes: ['db'], migrations: NOTE_MIGRATIONS, emits: [Poked], optional: { 'fr.test.faulty/v1': '*' },
    messages: { fr: { title: 'Voisin' }, en: { title: 'Neighbour' } },
    setup(k) {
      k.page({ path: '/', audience: 'public', title: 'title' }, () => <p>tout va bien</p>)
      k.contribute(GuichetBlock, { title: 'title', render: async () => <p>bloc du voisin</p> })
      k.contribute(BureauTile, { title: 'title', icon: 'key', render: async () => <p>tuile du voisin</p> })
      k.route({ method: 'GET', path: '/ask', audience: 'public', summary: 'Asks', query: Type.Object({ how: Type.String() }), response: { 200: Type.String() } }, async (c, { query }) => {
        try {
          return c.reply(200, String(await c.useOptional(Counted)?.count({ how: query.how })))
        } catch (error) {
          return c.reply(200, (error as { code?: string }).code ?? 'no code')
        }
      })
      k.route({ method: 'POST', path: '/poke', audience: 'public', summary: 'Pokes', body: Poked.schema as typeof PokedBody, response: { 204: Type.Null() } }, async (c, { body }) => {
        await c.transaction((tx) => tx.emit(Poked, body))
        return c.reply(204, null)
      })
      k.schedule({ id: 'every-minute', cron: '* * * * *', timeoutMs: 1_000 }, async () => { runs.push('neighbour') })
    },
  })
}

const PokedBody = Type.Object({ who: Type.String(), how: Type.String() })
