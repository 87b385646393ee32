import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Container } from '../container.ts'
import { PlatformError } from '../errors.ts'
import { deriveKey } from '../identity/server-secret.ts'
import type { Progress } from '../leaving/leaving-ports.ts'
import { otherLiving } from '../nodes/node.ts'
import { moveStorage, type Moved } from '../moving/move-storage.ts'
import { forgetMoved } from '../storage/moved-file.ts'
import { openFolderStorage, openStorage } from '../storage/open-storage.ts'
import { parseDatabaseUrl } from '../storage/postgres/database-address.ts'
import type { Base } from './base.ts'
import { INSTALLATIONS } from './tokens.ts'

/** Moves a platform that is not served to another database. @param databaseUrl - where to; `undefined` for SQLite in the data folder */
export type MoveTo = (databaseUrl: string | undefined, progress?: Progress) => Promise<Moved & { readonly to: string }>

/** How a platform changes its database. */
export function movingOf(services: Container, { config, storage, secret, outside, log, life }: Base): MoveTo {
  const { dataFolder: folder } = config
  return async (databaseUrl, progress) => {
    if (config.databaseUrl === undefined && databaseUrl === undefined) throw refused('The data lies in SQLite already.', 'Name a PostgreSQL database: --to postgres://user:password@host/database.')
    const other = otherLiving(await life?.nodes() ?? [])
    if (other !== undefined) throw refused(`The node ${other.host} (process ${other.pid}) works on the database.`, 'Stop every node, then move.')
    if (databaseUrl === undefined && existsSync(join(folder, 'platform.sqlite'))) throw refused(`${join(folder, 'platform.sqlite')} is there: data of before.`, 'Move it away together with the folder "tenants", then move again.')
    const to = databaseUrl === undefined ? `SQLite in ${folder}` : parseDatabaseUrl(databaseUrl).name
    const target = databaseUrl === undefined ? openFolderStorage({ folder, outside, log }) : await openStorage({ folder, outside, log, databaseUrl, secret: deriveKey(secret, 'database') })
    try {
      target.findMigrations(services.get(INSTALLATIONS).findMigrations)
      const moved = await moveStorage({ from: storage, to: target, folder, ...(progress === undefined ? {} : { progress }), ...(outside.reached === undefined ? {} : { reached: outside.reached }) })
      await storage.retire(to)
      if (databaseUrl === undefined) forgetMoved(folder)
      return { ...moved, to }
    } finally {
      await target.close()
    }
  }
}

function refused(what: string, fix: string): PlatformError {
  return new PlatformError('MOVE_REFUSED', what, { fix })
}
