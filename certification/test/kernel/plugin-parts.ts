import type { Migrations } from '@liberacces/sdk'

/** What every plugin of these tests says of itself. */
export const COMMON = {
  version: '1.0.0', sdk: '*', license: 'MIT', publisher: { name: 'Test', contact: 'x' }, runtime: 'inline', privacy: { stores: [] },
} as const

/** Messages for plugins whose texts nobody reads. */
export const NO_MESSAGES = { fr: {}, en: {} } as const

/** One table of an id, a text and a number. */
export interface NoteTable { note: { id: string; text: string; number: number } }

export const NOTE_MIGRATIONS: Migrations = {
  '0001-note': {
    up: async (db) => {
      await db.schema.createTable('note').addColumn('id', 'text', (column) => column.primaryKey()).addColumn('text', 'text').addColumn('number', 'integer').execute()
    },
    down: async (db) => { await db.schema.dropTable('note').execute() },
  },
}

/** A promise that never settles. */
export const never = (): Promise<never> => new Promise(() => undefined)
