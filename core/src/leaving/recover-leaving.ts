import { rm } from 'node:fs/promises'
import type { BlobStore } from '../storage/files/blob-store.ts'
import type { Storage } from '../storage/storage.ts'
import { undoPlacing } from './place-import.ts'
import { Staging } from './staging.ts'

/** What is needed to undo or finish. */
export interface RecoverPorts {
  readonly storage: Storage
  readonly blobs: Pick<BlobStore, 'removeTenant'>
  readonly dataFolder: string
  readonly log: { warn(detail: object, message: string): void }
}

/**
 * Undoes or finishes the exports and imports that a stop cut short, before anything else looks at the data. An import whose tenant is
 * there was complete: its plugins are switched on as after any other stop.
 */
export async function recoverLeaving({ storage, blobs, dataFolder, log }: RecoverPorts): Promise<void> {
  for (const { staging, journal } of await Staging.left(dataFolder)) {
    if (journal?.what === 'export') {
      await rm(`${journal.out}.part`, { force: true })
      log.warn({ tenant: journal.tenantId, file: journal.out }, 'an export was cut short by a stop; what it had written is deleted, the tenant is as it was')
    } else if (journal?.what === 'import' && journal.state === 'placing') {
      const tenant = await storage.platform.selectFrom('tenant').select('slug').where('id', '=', journal.tenantId).executeTakeFirst()
      if (tenant === undefined) {
        await undoPlacing({ storage, removeFiles: (id) => blobs.removeTenant(id) }, journal.tenantId, journal.auditAfter)
        log.warn({ tenant: journal.tenantId }, 'an import was cut short by a stop and is undone: import again')
      } else {
        log.warn({ tenant: journal.tenantId, slug: tenant.slug }, 'an import was cut short by a stop after the tenant was there, and is finished')
      }
    } else {
      log.warn({ folder: staging.folder }, 'an import was cut short by a stop before it touched anything: import again')
    }
    await staging.remove()
  }
}
