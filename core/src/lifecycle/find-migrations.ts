import type { Catalogue } from '../catalogue/catalogue.ts'
import type { FindMigrations } from '../storage/storage.ts'
import type { ActiveReleases } from './active-releases.ts'
import { migrationsOf } from './migrations-of.ts'

/** Finds migrations in the catalogue: those of a release that is loaded, or else of the newest that knows them all. */
export function findMigrationsIn(catalogue: Catalogue, active: ActiveReleases): FindMigrations {
  return async (pluginId, names) => {
    const fit = catalogue.find(pluginId).filter(({ migrations }) => names.every((name) => migrations.includes(name)))
    const chosen = fit.find(({ version }) => catalogue.release(pluginId, version) !== undefined) ?? fit[0]
    return chosen === undefined ? undefined : await active.withLoaded([chosen], async ([release]) => (release === undefined ? undefined : migrationsOf(release)))
  }
}
