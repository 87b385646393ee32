/**
 * What a good plugin has, so that a plugin of the corpus shows nothing but its defect: residents leave notes, agents read and remove them.
 * Copied into every plugin of the corpus, which imports it as `#base` and changes a part.
 */
import { defineEvent, definePlugin, Type, type Context, type Migrations, type Plugin, type PluginTypes, type Privacy, type Registrar } from '@liberacces/sdk'
import { BureauTile, GuichetService } from '@liberacces/sdk/slots'
import { ActionButton, DataTable, Page, Tile, Time } from '@liberacces/sdk/ui'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }

export interface Tables {
  readonly note: { readonly id: string; readonly author_id: string; readonly text: string; readonly written_at: string }
  readonly tally: { readonly id: string; readonly count: number }
}
/** The types of a base plugin; a changed one may do more, so that names are plain texts. */
export interface BaseTypes extends PluginTypes {
  readonly db: Tables
}
export type BaseContext = Context<BaseTypes>
export type BaseRegistrar = Registrar<BaseTypes>

export const NoteWritten = defineEvent('fr.zz-vendor.notes.note-written/v1', Type.Object({ id: Type.String() }), { subject: 'id' })
const NewNote = Type.Object({ text: Type.String({ minLength: 1, maxLength: 2_000 }) })
const Note = Type.Object({ id: Type.String(), text: Type.String() })

export const migrations: Migrations = {
  '0001-note': {
    up: async (db) => {
      await db.schema.createTable('note')
        .addColumn('id', 'text', (column) => column.primaryKey()).addColumn('author_id', 'text', (column) => column.notNull())
        .addColumn('text', 'text', (column) => column.notNull()).addColumn('written_at', 'text', (column) => column.notNull()).execute()
      await db.schema.createIndex('note_author').on('note').column('author_id').execute()
      await db.schema.createTable('tally').addColumn('id', 'text', (column) => column.primaryKey()).addColumn('count', 'integer', (column) => column.notNull()).execute()
    },
    down: async (db) => {
      await db.schema.dropTable('tally').execute()
      await db.schema.dropTable('note').execute()
    },
  },
}

export const privacy = {
  stores: [{ table: 'note', subject: 'author_id', purpose: { fr: 'Répondre aux habitants', en: 'Answering residents' }, basis: 'public-task', retentionDays: 365 }],
  export: async (c, { id }) => ({ data: { notes: await c.db.selectFrom('note').selectAll().where('author_id', '=', id).orderBy('id').execute() } }),
  erase: async (c, { id }) => ({ erased: Number((await c.db.deleteFrom('note').where('author_id', '=', id).executeTakeFirstOrThrow()).numDeletedRows) }),
  expire: async (c, { before }) => ({ expired: Number((await c.db.deleteFrom('note').where('written_at', '<', before.toISOString()).executeTakeFirstOrThrow()).numDeletedRows) }),
} satisfies Privacy<Tables, BaseContext>

/** Writes a note, and says so. */
export async function writeNote(c: BaseContext, text: string): Promise<string> {
  const id = c.id()
  await c.transaction(async (tx) => {
    await tx.insertInto('note').values({ id, author_id: c.actor.id, text, written_at: c.now().toISOString() }).execute()
    await tx.emit(NoteWritten, { id })
  })
  return id
}

/** Removes a note. */
async function removeNote(c: BaseContext, id: string): Promise<void> {
  await c.transaction(async (tx) => { await tx.deleteFrom('note').where('id', '=', id).execute() })
  await c.audit('note.removed', id)
}

async function countNotes(c: BaseContext): Promise<number> {
  const { count } = await c.db.selectFrom('note').select((is) => is.fn.countAll().as('count')).executeTakeFirstOrThrow()
  return Number(count)
}

/** What a base plugin registers, part by part, so that a changed one can leave one out and write its own. */
export const PARTS = {
  publicPage: (k) => { k.page({ path: '/', audience: 'public', title: 'page.public', menu: 10 }, async (c) => <Page title={c.t('page.public')}><p>{c.t('page.public.text', { count: await countNotes(c) })}</p></Page>) },
  form: (k) => {
    k.form({ path: '/ecrire', audience: 'citizen', permission: 'note.write', schema: NewNote, title: 'page.write', intro: 'form.intro' }, async (c, { text }) => {
      await writeNote(c, text)
      return c.redirect('/', 'notice.written')
    })
  },
  list: (k) => {
    k.page({ path: '/gestion', audience: 'agent', permission: 'note.read', title: 'page.list', menu: 20 }, async (c) => (
      <Page title={c.t('page.list')}>
        <DataTable caption={c.t('list.caption')} empty={c.t('list.empty')} rowKey={({ id }) => id} rows={await c.db.selectFrom('note').selectAll().orderBy('written_at', 'desc').orderBy('id').limit(100).execute()} columns={[
          { key: 'text', header: c.t('list.text') },
          { key: 'written_at', header: c.t('list.writtenAt'), cell: ({ written_at }) => <Time date={new Date(written_at)} /> },
          { key: 'action', header: c.t('list.action'), cell: ({ id }) => <ActionButton action={c.url(`/gestion/${id}/supprimer`)} label={c.t('action.remove')} confirm={c.t('action.remove.confirm')} /> },
        ]} />
      </Page>
    ))
  },
  action: (k) => {
    k.action({ path: '/gestion/:id/supprimer', audience: 'agent', permission: 'note.read' }, async (c, { params }) => {
      await removeNote(c, params['id'] ?? '')
      return c.redirect('/gestion', 'notice.removed')
    })
  },
  api: (k) => {
    k.route({ method: 'GET', path: '/api/notes', audience: 'agent', permission: 'note.read', summary: 'The latest notes', response: { 200: Type.Array(Note) } }, async (c) => c.reply(200, await c.db.selectFrom('note').select(['id', 'text']).orderBy('id').limit(100).execute()))
    k.route({ method: 'POST', path: '/api/notes', audience: 'citizen', permission: 'note.write', summary: 'Leaves a note', body: NewNote, response: { 201: Note } }, async (c, { body }) => c.reply(201, { id: await writeNote(c, body.text), text: body.text }))
  },
  tile: (k) => {
    k.contribute(BureauTile, { title: 'page.list', icon: 'mail', order: 50, permission: 'note.read', render: async (c) => <Tile count={await countNotes(c)} label={c.t('page.list')} href={c.url('/gestion')} linkLabel={c.t('page.list')} /> })
  },
  service: (k) => { k.contribute(GuichetService, { title: 'page.write', description: 'service.description', category: 'vie-locale', href: '/ecrire' }) },
  handler: (k) => {
    // One row for each note, so that a second delivery changes nothing.
    k.on(NoteWritten, async (c, { data }) => {
      await c.transaction(async (tx) => { await tx.insertInto('tally').values({ id: data.id, count: 1 }).onConflict((conflict) => conflict.column('id').doNothing()).execute() })
    })
  },
} as const satisfies Record<string, (k: BaseRegistrar) => void>

/** What is other in a changed plugin. */
export interface Changes extends Partial<Omit<Plugin, 'setup' | 'messages'>> {
  /** Parts that are left out. */
  readonly without?: readonly (keyof typeof PARTS)[]
  /** Registers more. */
  readonly also?: (k: BaseRegistrar) => void
  /** Messages besides those of the base; the same text in both languages. */
  readonly says?: Readonly<Record<string, string>>
}

/** A good plugin, but for what is changed. */
export function basePlugin({ without = [], also, says = {}, ...changes }: Changes = {}): Plugin {
  return definePlugin<Tables>()({
    id: 'fr.zz-vendor.notes', version: '1.0.0', path: 'messages', sdk: '^0.1.0', license: 'MIT',
    title: { fr: 'Messages des habitants', en: 'Messages of residents' },
    description: { fr: 'Les habitants écrivent à la mairie, les agents lisent leurs messages.', en: 'Residents write to the town hall, agents read their messages.' },
    publisher: { name: 'Bureau d’études Zz', contact: 'https://zz-vendor.fr' },
    scopes: ['db'],
    permissions: {
      'note.read': { title: { fr: 'Lire les messages des habitants', en: 'Read messages of residents' }, roles: ['agent', 'tenant-admin'] },
      'note.write': { title: { fr: 'Écrire à la mairie', en: 'Write to the town hall' }, roles: ['citizen'] },
    },
    migrations, emits: [NoteWritten], privacy,
    messages: { fr: { ...fr, ...says }, en: { ...en, ...says } },
    setup(k) {
      for (const [name, register] of Object.entries(PARTS)) if (!(without as readonly string[]).includes(name)) register(k as unknown as BaseRegistrar)
      also?.(k as unknown as BaseRegistrar)
    },
    ...(changes as object),
  })
}
