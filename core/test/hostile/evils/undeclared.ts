import { defineEvent, defineService, Type } from '@liberacces/sdk'
import { attempts, evil } from '../evil-plugin.ts'

const Stranger = defineService('fr.good.echo/v1', { echo: { input: Type.Object({ text: Type.String() }), output: Type.Object({ text: Type.String(), tenant: Type.String() }) } })
const Unsaid = defineEvent('fr.evil.unsaid/v1', Type.Object({ text: Type.String() }))
const Others = defineEvent('fr.good.noted/v1', Type.Object({ text: Type.String() }))
const Said = defineEvent('fr.evil.said/v1', Type.Object({ text: Type.String() }))

/** Uses what it did not declare: scopes, services, events; and breaks the contract of the one event that it declared. */
export default evil('undeclared', (c) => attempts({
  'a table, without db': async () => c.db.selectFrom('deed' as never).selectAll().execute(),
  'a file, without files': async () => c.files.put(Buffer.from('evil'), { name: 'evil', type: 'text/plain' }),
  'a mail, without mail:send': async () => c.mail.send({ to: 'evil@evil.example', subject: 'evil', text: 'evil' }),
  'a request, without net': async () => (await c.fetch('https://evil.example/')).status,
  'a service that it did not require': async () => (c.use(Stranger as never) as { echo(input: object): Promise<unknown> }).echo({ text: 'evil' }),
  'the events of others': () => c.knownEvents(),
  'an event that it did not declare': async () => c.transaction(async (tx) => tx.emit(Unsaid as never, { text: 'evil' } as never)),
  'an event of another plugin': async () => c.transaction(async (tx) => tx.emit(Others as never, { text: 'evil' } as never)),
  'an event that breaks its contract': async () => c.transaction(async (tx) => tx.emit(Said as never, { number: 1 } as never)),
  'an event of the outside': async () => c.transaction(async (tx) => tx.publish({ type: 'fr.good.noted/v1', data: { text: 'evil' } })),
}), { scopes: [], emits: [Said] })
