import { attempts, evil } from '../evil-plugin.ts'
import { writeMessage, writeRaw, frame } from '../wire.ts'

const POISON = '{"__proto__":{"polluted":"yes","permissions":"*","admin":true},"constructor":{"prototype":{"polluted":"yes"}},"polluted-own":1}'
const poison = (): unknown => JSON.parse(POISON) as unknown

/** Puts keys into messages that a careless host would make its own prototypes from. */
export default evil('pollution', async (c) => {
  // As the host program writes it, and past it: what JavaScript's own JSON.stringify would leave out is in the text.
  writeRaw(frame(`{"kind":"log","call":1,"level":"warn","message":"poison","detail":${POISON}}`))
  writeRaw(frame('{"kind":"pong","id":1,"__proto__":{"polluted":"yes"}}'))
  writeRaw(frame('{"kind":"pong","id":1,"\\u005f_proto__":{"polluted":"yes"}}'))
  writeMessage({ kind: 'log', call: 1, level: 'warn', message: '__proto__', detail: { constructor: { prototype: { polluted: 'yes' } } } })
  c.log.warn('poison', poison() as Record<string, unknown>)
  return attempts({
    'audit': async () => { await c.audit('evil.done', '__proto__', poison() as never) },
    'a mail': async () => { await c.mail.send(poison() as never) },
    'headers of a request': async () => (await c.fetch('https://localhost/', { headers: poison() as never })).status,
    'a query': async () => c.db.selectFrom('__proto__' as never).selectAll().execute(),
    'own': () => `${String((Object.prototype as { readonly polluted?: unknown }).polluted)} here`,
  })
}, { scopes: ['db', 'mail:send', 'net:localhost'] })
