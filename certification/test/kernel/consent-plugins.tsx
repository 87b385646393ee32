import { definePlugin, Type, Upload, type Plugin } from '@liberacces/sdk'
import { COMMON, NOTE_MIGRATIONS, type NoteTable } from './plugin-parts.ts'

const Tried = Type.Object({ came: Type.Unknown() })
const MISSING = { fr: 'Il manque quelque chose.', en: 'Something is missing.' } as const

/** A plugin that answers with what came of using each scope, or with the code of the error. */
export function askingPlugin(version: string, scopes: readonly ('db' | 'files' | 'net:api.example.fr')[], optional: readonly ('files' | 'mail:send' | 'net:maps.example.fr')[] = []): Plugin {
  return definePlugin<NoteTable>()({
    ...COMMON, id: 'fr.test.asking', path: 'asking', version, title: { fr: 'Demandeur' }, messages: { fr: {}, en: {} },
    scopes,
    ...(optional.length === 0 ? {} : { optionalScopes: Object.fromEntries(optional.map((scope) => [scope, MISSING])) as { 'files': typeof MISSING } }),
    ...(scopes.includes('db') ? { migrations: NOTE_MIGRATIONS } : {}),
    setup(k) {
      k.route({ method: 'GET', path: '/tries', audience: 'public', summary: 'Tries', response: { 200: Type.Record(Type.String(), Tried) } }, async (c) => {
        const tries: Readonly<Record<string, () => unknown>> = {
          db: async () => (await c.db.selectFrom('note').selectAll().execute()).length,
          files: async () => (await c.files.get('x')) ?? 'none',
          net: async () => (await c.fetch('https://maps.example.fr/')).status,
        }
        const answers: Record<string, { came: unknown }> = {}
        for (const [name, attempt] of Object.entries(tries)) {
          // An async function: some throw before there is a promise.
          answers[name] = { came: await (async () => attempt())().catch((error: unknown) => (error as { code?: string }).code ?? String(error)) }
        }
        return c.reply(200, answers)
      })
      k.route({ method: 'GET', path: '/granted', audience: 'public', summary: 'Says', response: { 200: Type.Record(Type.String(), Type.Boolean()) } }, (c) =>
        c.reply(200, Object.fromEntries(['db', 'files', 'mail:send', 'net:maps.example.fr'].map((scope) => [scope, c.granted(scope as never)]))))
    },
  })
}

/** Takes a text file where it may, and sends one. */
export const uploadPlugin = definePlugin()({
  ...COMMON, id: 'fr.test.uploads', path: 'uploads', title: { fr: 'Dépôts' }, messages: { fr: {}, en: {} }, scopes: [], optionalScopes: { files: MISSING },
  permissions: { send: { title: { fr: 'Déposer' }, roles: ['agent'] } },
  setup(k) {
    k.form({ path: '/new', audience: 'agent', permission: 'send', schema: Type.Object({ file: Upload({ accept: ['text/plain'], maxBytes: 1_000 }) }) }, async (c) => c.redirect('/'))
    k.route({ method: 'GET', path: '/file', audience: 'public', summary: 'Sends', response: { 200: Type.String() } }, async (c) => c.file('any'))
  },
})

/** Sends a mail where it may, by itself and in a transaction, and answers with what came of it. */
export const letterPlugin = definePlugin()({
  ...COMMON, id: 'fr.test.letters', path: 'letters', title: { fr: 'Lettres' }, messages: { fr: {}, en: {} }, scopes: ['db'], optionalScopes: { 'mail:send': MISSING },
  setup(k) {
    const mail = { to: 'camille@example.fr', subject: 'Bonjour', text: 'Un texte' }
    k.route({ method: 'POST', path: '/send', audience: 'public', summary: 'Sends', response: { 200: Type.Array(Type.String()) } }, async (c) => {
      const ways = [async () => c.mail.send(mail), async () => c.transaction((tx) => tx.mail.send(mail))]
      const answers: string[] = []
      for (const way of ways) answers.push(await way().then(() => 'sent', (error: unknown) => (error as { code?: string }).code ?? String(error)))
      return c.reply(200, answers)
    })
  },
})
