import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import { PlatformError } from '../errors.ts'
import type { Outside } from '../outside.ts'
import type { SharedFiles } from './shared-files.ts'
import type { Storage } from './storage.ts'
import { syncFolder } from './sync-folder.ts'

/** Bytes of one row. */
const CHUNK = 512 * 1_024
/** What was begun and not finished for so long is not going to be, in milliseconds. */
const ABANDONED_MS = 24 * 3_600_000

/** Files kept in the kernel's tables: reached by every node that reaches the database, and in each backup of it. */
export function createKeptFiles({ storage, outside }: { readonly storage: Storage; readonly outside: Outside }): SharedFiles {
  const { platform } = storage
  async function* chunksOf(fileId: string): AsyncGenerator<Uint8Array, void, undefined> {
    for (let number = 0; ; number += 1) {
      const chunk = await platform.selectFrom('kept_chunk').select('content').where('file_id', '=', fileId).where('number', '=', number).executeTakeFirst()
      if (chunk === undefined) return
      yield chunk.content
    }
  }
  return {
    isShared: true,

    async publish(name, path) {
      const id = v7({ msecs: outside.now(), random: outside.randomBytes(16) })
      await platform.deleteFrom('kept_file').where('name', 'is', null).where('created_at', '<', outside.now() - ABANDONED_MS).execute()
      await platform.insertInto('kept_file').values({ id, name: null, sha256: null, bytes: 0, created_at: outside.now() }).execute()
      const hash = createHash('sha256')
      let [number, bytes] = [0, 0]
      // Each row by itself: a transaction over all of them would hold up every change of the kernel's tables.
      for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
        const content = chunk as Buffer
        hash.update(content)
        bytes += content.length
        await platform.insertInto('kept_chunk').values({ file_id: id, number, content }).execute()
        number += 1
      }
      await outside.reached?.('kept:written')
      await storage.platformTransaction(async (tx) => {
        await tx.deleteFrom('kept_file').where('name', '=', name).execute()
        await tx.updateTable('kept_file').set({ name, bytes, sha256: hash.digest('hex') }).where('id', '=', id).execute()
      })
    },

    async fetch(name, path) {
      if (existsSync(path)) return true
      const file = await platform.selectFrom('kept_file').selectAll().where('name', '=', name).executeTakeFirst()
      if (file === undefined) return false
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const unfinished = `${path}.${process.pid}.part`
      const hash = createHash('sha256')
      try {
        const handle = await open(unfinished, 'w', 0o600)
        try {
          for await (const content of chunksOf(file.id)) {
            hash.update(content)
            await handle.write(content)
          }
          await handle.sync()
        } finally {
          await handle.close()
        }
        if (hash.digest('hex') !== file.sha256) throw damaged(name)
        await rename(unfinished, path)
        await syncFolder(dirname(path))
        return true
      } finally {
        await rm(unfinished, { force: true })
      }
    },

    async read(name) {
      const file = await platform.selectFrom('kept_file').selectAll().where('name', '=', name).executeTakeFirst()
      if (file === undefined) return undefined
      const content = await buffer(chunksOf(file.id))
      if (createHash('sha256').update(content).digest('hex') !== file.sha256) throw damaged(name)
      return content
    },

    async names(prefix) {
      const rows = await platform.selectFrom('kept_file').select('name').where(sql<boolean>`substr(name, 1, ${prefix.length}) = ${prefix}`).orderBy('name').execute()
      return rows.flatMap(({ name }) => name ?? [])
    },

    async remove(name) {
      const below = `${name}/`
      await platform.deleteFrom('kept_file').where((where) => where.or([where('name', '=', name), sql<boolean>`substr(name, 1, ${below.length}) = ${below}`])).execute()
    },
  }
}

function damaged(name: string): PlatformError {
  return new PlatformError('FILE_DAMAGED', `"${name}" in the database is not what was put there.`, { fix: 'Look at the database; restore a backup if it is damaged.' })
}
