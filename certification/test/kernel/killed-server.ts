// Loads, waits for a line on standard input, serves a platform on the data folder of its argument, prints the port, and runs until
// it is killed. What it serves: a plugin that writes and emits, and another that takes note of each event in a table of its own.
import { once } from 'node:events'
import { createPlatform, givenPlugin, readConfig, testEnvironment, type Platform } from '@liberacces/core'
import { definePlugin, Type } from '@liberacces/sdk'
import { notesPlugin, NoteWritten } from './notes-plugin.tsx'
import { COMMON, NO_MESSAGES } from './plugin-parts.ts'

interface SeenTable { seen: { place: number | null; event: string; who: string; number: number } }

const listenerPlugin = definePlugin<SeenTable>()({
  ...COMMON, id: 'fr.test.listener', path: 'listener', title: { fr: 'Auditeur' }, scopes: ['db'], messages: NO_MESSAGES,
  permissions: { read: { title: { fr: 'Lire' }, roles: ['agent'] } },
  migrations: {
    '0001-seen': {
      up: async (db) => {
        await db.schema.createTable('seen').addColumn('place', 'integer', (column) => column.primaryKey().autoIncrement()).addColumn('event', 'text').addColumn('who', 'text').addColumn('number', 'integer').execute()
      },
      down: async (db) => { await db.schema.dropTable('seen').execute() },
    },
  },
  setup(k) {
    k.on(NoteWritten, async (c, event) => {
      await c.transaction(async (tx) => { await tx.insertInto('seen').values({ event: event.id, who: event.data.who, number: event.data.number }).execute() })
    })
    k.route({ method: 'GET', path: '/seen', audience: 'agent', permission: 'read', summary: 'Seen', response: { 200: Type.Array(Type.Object({ who: Type.String(), number: Type.Integer() })) } }, async (c) =>
      c.reply(200, await c.db.selectFrom('seen').select(['who', 'number']).orderBy('place').execute()))
  },
})

/** The platform that is killed, on a data folder whose database the test has asked for. */
export async function openKilled(folder: string): Promise<Platform> {
  const config = readConfig({ PORT: '0', ...await testEnvironment(folder, notHere), LIBERACCES_LOG: 'fatal' }, folder)
  return createPlatform({ config, plugins: [notesPlugin, listenerPlugin].map(givenPlugin) })
}

function notHere(): never {
  throw new Error('The database goes with the test, which has not asked for it.')
}

const folder = process.argv[2]
if (folder !== undefined && process.argv[1] === import.meta.filename) {
  await once(process.stdin, 'data')
  const platform = await openKilled(folder)
  process.stdout.write(`${(await platform.listen()).port}\n`)
}
