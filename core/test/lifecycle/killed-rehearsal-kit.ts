import { randomBytes } from 'node:crypto'
import { definePlugin, type Migrations, type Plugin } from '@liberacces/sdk'
import { givenPlugin } from '../../src/catalogue/plugin-source.ts'
import { readConfig } from '../../src/config.ts'
import { createPlatform, type Platform } from '../../src/platform.ts'
import { TIMES } from '../nodes/node-kit.ts'
import { NOTES } from '../storage/temporary-storage.ts'

export const ID = 'fr.test.rehearsed'

/** Told of when a migration has changed something and not committed it. */
type Reached = (point: string) => void

function plugin(version: string, reached: Reached): Plugin {
  const more: Migrations = { '0002-colour': {
    up: async (db) => {
      await db.schema.alterTable('note').addColumn('colour', 'text').execute()
      reached('rehearsal:migrating')
    },
    down: async (db) => { await db.schema.alterTable('note').dropColumn('colour').execute() },
  } }
  return definePlugin()({
    id: ID, version, path: 'rehearsed', sdk: '*', license: 'MIT', title: { fr: 'Répété' }, publisher: { name: 'Test', contact: 'x' },
    runtime: 'inline', scopes: ['db'], privacy: { stores: [] }, messages: { fr: {}, en: {} }, migrations: version === '1.0.0' ? NOTES : { ...NOTES, ...more }, setup: () => undefined,
  }) as Plugin
}

/** A node on a data folder, with two releases of a plugin. */
export async function openNode(folder: string, env: Readonly<Record<string, string>>, reached: Reached = () => undefined): Promise<Platform> {
  return createPlatform({
    config: readConfig({ PORT: '0', LIBERACCES_LOG: 'silent', LIBERACCES_DATA: folder, ...env }, folder), plugins: [plugin('1.0.0', reached), plugin('1.1.0', reached)].map(givenPlugin), nodeTimes: TIMES,
    outside: { now: Date.now, randomBytes: (length) => randomBytes(length), fetch: () => Promise.reject(new Error('The network is cut.')), reached },
  })
}
