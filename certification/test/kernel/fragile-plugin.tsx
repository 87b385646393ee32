import { defineEvent, definePlugin, defineService, Type } from '@liberacces/sdk'
import { BureauTile, GuichetBlock } from '@liberacces/sdk/slots'
import { COMMON, never } from './plugin-parts.ts'

const Asked = defineService('fr.test.fragile/v1', { ask: { input: Type.Object({}), output: Type.String() } })
const Rung = defineEvent('fr.test.rung/v1', Type.Object({ who: Type.String() }), { subject: 'who' })

const SETTINGS = Type.Object({ address: Type.String({ default: 'right' }) })

/** What happened in it, and how it is to behave. */
export interface FragileState {
  /** What ran, with the tenant. */
  readonly ran: string[]
  /** Whether all it does fails, for everybody. */
  readonly isDown?: boolean
}

/** Works as long as its settings are right: with the address `wrong` all it does fails, with `silent` nothing ever answers. */
export function fragilePlugin(state: FragileState, { version = '1.0.0' }: { readonly version?: string } = {}) {
  return definePlugin()({
    ...COMMON, version, id: 'fr.test.fragile', path: 'fragile', title: { fr: 'Fragile' }, scopes: [], limits: { callMs: 60 }, settings: SETTINGS,
    messages: { fr: { title: 'Fragile' }, en: { title: 'Fragile' } },
    setup(k) {
      const work = async (c: { readonly settings: { readonly address: string }; readonly tenant: { readonly slug: string } }, what: string): Promise<string> => {
        if (c.settings.address === 'silent') return never()
        if (c.settings.address === 'wrong' || state.isDown === true) throw new Error('nobody answers at that address')
        state.ran.push(`${what} ${c.tenant.slug}`)
        return what
      }
      k.route({ method: 'GET', path: '/work', audience: 'public', summary: 'Works', response: { 200: Type.String() } }, async (c) => c.reply(200, await work(c, 'route')))
      k.route({ method: 'GET', path: '/refuse', audience: 'public', summary: 'Refuses', response: { 200: Type.String(), 404: Type.Unknown() } }, (c) => c.notFound())
      k.page({ path: '/', audience: 'public', title: 'title' }, async (c) => <p>{await work(c, 'page')}</p>)
      k.contribute(GuichetBlock, { title: 'title', render: async (c) => <p>bloc {await work(c, 'block')}</p> })
      k.contribute(BureauTile, { title: 'title', icon: 'home', render: async (c) => <p>tuile {await work(c, 'tile')}</p> })
      k.provide(Asked, (c) => ({ ask: () => work(c, 'service') }))
      k.on(Rung, async (c, event) => { await work(c, `event ${event.data.who}`) })
      k.schedule({ id: 'hourly', cron: '0 * * * *', timeoutMs: 60 }, async (c) => { await work(c, 'schedule') })
    },
  })
}

/** Uses the fragile one, rings it, and has pages of its own. */
export function callerPlugin() {
  return definePlugin()({
    ...COMMON, id: 'fr.test.caller', path: 'caller', title: { fr: 'Appelant' }, scopes: ['db'], migrations: {}, emits: [Rung], optional: { 'fr.test.fragile/v1': '*' },
    messages: { fr: { title: 'Appelant' }, en: { title: 'Caller' } },
    setup(k) {
      k.route({ method: 'GET', path: '/ask', audience: 'public', summary: 'Asks', response: { 200: Type.String() } }, async (c) => {
        const client = c.useOptional(Asked)
        return c.reply(200, client === undefined ? 'nobody' : await client.ask({}))
      })
      k.route({ method: 'POST', path: '/ring', audience: 'public', summary: 'Rings', body: Rung.schema as typeof RungBody, response: { 204: Type.Null() } }, async (c, { body }) => {
        await c.transaction((tx) => tx.emit(Rung, body))
        return c.reply(204, null)
      })
      k.contribute(GuichetBlock, { title: 'title', render: async () => <p>bloc de l’appelant</p> })
      k.contribute(BureauTile, { title: 'title', icon: 'key', render: async () => <p>tuile de l’appelant</p> })
    },
  })
}

const RungBody = Type.Object({ who: Type.String() })
