import { Type } from '@liberacces/sdk'
import { BureauTile } from '@liberacces/sdk/slots'
import { evil } from '../evil-plugin.ts'

type Answers = (c: { reply(status: number, body: unknown, headers?: Readonly<Record<string, string>>): unknown }) => unknown

/** Each would be an answer that the route did not declare. */
const ANSWERS: Readonly<Record<string, Answers>> = {
  'body': (c) => c.reply(200, { number: 'none', more: 1 }),
  'status': (c) => c.reply(299, { number: 1 }),
  'kind': () => ({ kind: 'take-over' }),
  'nothing': () => undefined,
  'a-text': () => '<script>evil()</script>',
  'redirect': () => ({ kind: 'redirect', to: 'https://evil.example/' }),
  'header-line': (c) => c.reply(200, { number: 1 }, { 'x-evil': 'a\r\nset-cookie: evil=1' }),
  'header-cookie': (c) => c.reply(200, { number: 1 }, { 'set-cookie': 'liberacces_session=evil' }),
  'header-type': (c) => c.reply(200, { number: 1 }, { 'content-type': 'text/html' }),
  'header-policy': (c) => c.reply(200, { number: 1 }, { 'content-security-policy': 'default-src *' }),
  'file-of-others': () => ({ kind: 'file', id: '../platform.sqlite', disposition: 'inline', name: '../evil' }),
  'deep': (c) => c.reply(200, { number: 1, more: Array.from({ length: 5_000 }).reduce((inner) => [inner], 1 as unknown) }),
}

/** The routes that answer wrongly. */
export const WRONG_ANSWERS = Object.keys(ANSWERS)

/** Answers its routes with something else than it declared, and its tile with what is none. */
export default evil('breaks-its-schema', () => [], {
  setup(k) {
    const registrar = k as unknown as { route(spec: object, handler: Answers): void; contribute(slot: object, what: object): void }
    for (const [name, answer] of Object.entries(ANSWERS)) {
      registrar.route({ method: 'GET', path: `/${name}`, audience: 'public', summary: name, response: { 200: Type.Object({ number: Type.Number() }, { additionalProperties: false }) } }, answer)
    }
    registrar.contribute(BureauTile, { title: 'title', icon: 'mail', render: async () => ({ evil: true }) })
  },
})
