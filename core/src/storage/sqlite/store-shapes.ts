import type { Migrations } from '@liberacces/sdk'
import { PlatformError } from '../../errors.ts'
import type { Outside } from '../../outside.ts'
import { storeName } from '../store-name.ts'
import type { FindMigrations, StoreKey } from '../storage.ts'
import { judgedStatements } from './judged-statements.ts'
import { StoreTemplates } from './store-templates.ts'

/** What a store that has had some migrations looks like as a SQLite file: the form in which data travels between databases of different kinds. */
export class StoreShapes {
  readonly #templates: StoreTemplates
  readonly #migration = judgedStatements('migration')

  constructor(outside: Outside) {
    const plugin = judgedStatements('plugin')
    this.#templates = new StoreTemplates(outside, (sql) => plugin.of(sql))
  }

  /** @param migrations - those that the store has had, and no others */
  async of(key: StoreKey, migrations: Migrations): Promise<Buffer> {
    return await this.#templates.make(migrations, storeName(key), (sql) => this.#migration.of(sql))
  }
}

/**
 * The migrations that a store has had, out of those of a release.
 * @throws PlatformError `STORE_INVALID` when no release here knows them all
 */
export async function migrationsHad(key: StoreKey, names: readonly string[], find: FindMigrations | undefined): Promise<Migrations> {
  if (names.length === 0) return {}
  const known = await find?.(key.pluginId, names)
  if (known === undefined) {
    throw new PlatformError('STORE_INVALID', `The data of plugin "${key.pluginId}" has had migrations that no release here knows: ${names.slice(-3).join(', ')}.`, {
      fix: 'Install the release of the plugin that the data is of; see `liberacces plugin list`.',
    })
  }
  return Object.keys(known).length === names.length ? known : Object.fromEntries(Object.entries(known).filter(([name]) => names.includes(name)))
}
