import { definePlugin, Type } from '@liberacces/sdk'
import { Directory, MandateEnded, PersonChanged } from '../src/contract.ts'

/** What {@link listener} heard, as `event subject detail`. */
export const heard: string[] = []

const messages = { fr: { title: 'Écoute' }, en: { title: 'Listener' } } as const
const Answer = Type.Object({ answer: Type.Unknown() })

/** Another plugin as this one's users write them: listens to the events, hands on what the service answers. */
export const listener = definePlugin()({
  id: 'fr.example.listener', version: '1.0.0', path: 'ecoute', sdk: '^0.1.0', license: 'MIT', title: { fr: 'Écoute' },
  publisher: { name: 'Example', contact: 'https://example.fr' }, runtime: 'inline', scopes: [], privacy: { stores: [] }, messages,
  requires: { 'fr.liberacces.directory/v1': '*' },
  setup(k) {
    k.on(PersonChanged, async (_c, { data }) => { heard.push(`person ${data.personId} ${data.change}`) })
    k.on(MandateEnded, async (_c, { data }) => { heard.push(`mandate ${data.personId} ${data.lastDay}`) })
    const query = Type.Object({ id: Type.String({ default: 'none' }), email: Type.Optional(Type.String()), text: Type.String({ default: '' }) })
    const access = { method: 'GET', audience: 'public', query, response: { 200: Answer } } as const
    k.route({ ...access, path: '/person', summary: 'Person' }, async (c, input) => c.reply(200, { answer: await c.use(Directory).person({ id: input.query.id }) }))
    k.route({ ...access, path: '/account', summary: 'Account' }, async (c, { query: { id, email } }) =>
      c.reply(200, { answer: await c.use(Directory).personOfAccount({ accountId: id, ...(email === undefined ? {} : { email }) }) }))
    k.route({ ...access, path: '/search', summary: 'Search' }, async (c, input) => c.reply(200, { answer: await c.use(Directory).search({ text: input.query.text }) }))
    k.route({ ...access, path: '/services', summary: 'Services' }, async (c, input) => {
      const services = await c.use(Directory).services({})
      return c.reply(200, { answer: [services, await c.use(Directory).service({ id: services[0]?.id ?? input.query.id })] })
    })
  },
})
