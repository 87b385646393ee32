import { defineEvent, definePlugin, defineService, Type } from '@liberacces/sdk'
import { COMMON, NO_MESSAGES, NOTE_MIGRATIONS, type NoteTable } from './plugin-parts.ts'

/** What tests break. */
export const trouble = { isOffice: false }

export const Asked = defineEvent('fr.test.desk.asked/v1', Type.Object({ id: Type.String() }), { subject: 'id' })
const Noted = defineEvent('fr.test.register.noted/v1', Type.Object({ id: Type.String() }), { subject: 'id' })
export const Register = defineService('fr.test.register/v1', { note: { input: Type.Object({ id: Type.String() }), output: Type.Object({ number: Type.Integer() }) } })

/** Emits on a request and on a schedule. */
export const desk = definePlugin<NoteTable>()({
  ...COMMON, id: 'fr.test.desk', path: 'desk', title: { fr: 'Accueil' }, scopes: ['db'], migrations: NOTE_MIGRATIONS, emits: [Asked], messages: NO_MESSAGES,
  setup(k) {
    k.route({ method: 'POST', path: '/ask', audience: 'public', summary: 'Asks', query: Type.Object({ id: Type.String({ default: 'a' }) }), response: { 204: Type.Null() } }, async (c, { query }) => {
      await c.transaction((tx) => tx.emit(Asked, { id: query.id }))
      return c.reply(204, null)
    })
    k.schedule({ id: 'nightly', cron: '0 3 * * *', timeoutMs: 1_000 }, async (c) => { await c.transaction((tx) => tx.emit(Asked, { id: 'b' })) })
  },
})
/** Hears of it, and asks the register through its service. */
export const office = definePlugin<NoteTable>()({
  ...COMMON, id: 'fr.test.office', path: 'office', title: { fr: 'Bureau' }, scopes: ['db'], migrations: NOTE_MIGRATIONS, messages: NO_MESSAGES, requires: { 'fr.test.register/v1': '*' },
  setup(k) {
    k.on(Asked, async (c, { data }) => {
      c.log.info('asked')
      if (trouble.isOffice) throw new Error('The cupboard is locked.')
      await c.use(Register).note(data)
    }, { id: 'file it' })
  },
})
/** Emits in its service, hears its own event, writes a mail and asks outside. */
export const register = definePlugin<NoteTable>()({
  ...COMMON, id: 'fr.test.register', path: 'register', title: { fr: 'Registre' }, scopes: ['db', 'mail:send', 'net:api.example.fr'], migrations: NOTE_MIGRATIONS, emits: [Noted], messages: NO_MESSAGES,
  setup(k) {
    k.provide(Register, (c) => ({ note: async ({ id }) => { await c.transaction((tx) => tx.emit(Noted, { id })); return { number: 1 } } }))
    k.on(Noted, async (c) => {
      c.log.info('noted')
      await c.fetch('https://api.example.fr/noted')
      await c.transaction((tx) => tx.mail.send({ to: 'a@example.fr', subject: 'Noté', text: 'Noté.' }))
    })
  },
})
