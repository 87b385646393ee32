import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BlobStore } from '../storage/files/blob-store.ts'
import { filesBelow } from '../storage/folder-content.ts'
import type { SharedFiles } from '../storage/shared-files.ts'
import type { StoreKey } from '../storage/storage.ts'
import { FILES_FOLDER, INDEX_FILE } from './archive-folder.ts'
import type { ArchiveName } from './archive-shelf.ts'

const ROOT = 'archives'

/**
 * Archives where every node finds them: bytes of files beside the files of plugins, all else in the kernel's tables. One is there once its
 * index is.
 */
export class SharedArchives {
  readonly #files: SharedFiles
  readonly #blobs: Pick<BlobStore, 'aside'>

  constructor(files: SharedFiles, blobs: Pick<BlobStore, 'aside'>) {
    this.#files = files
    this.#blobs = blobs
  }

  /** Puts the archive in a folder there: its index last. */
  async publish(name: ArchiveName, folder: string): Promise<void> {
    await this.#aside.copyIn(storeOf(name), join(folder, FILES_FOLDER))
    const blobs = join(folder, FILES_FOLDER)
    const others = (await filesBelow(folder)).filter((path) => !path.startsWith(blobs)).map((path) => path.slice(folder.length + 1))
    for (const file of others.toSorted((one, other) => Number(one === INDEX_FILE) - Number(other === INDEX_FILE))) await this.#files.publish(nameOf(name, file), join(folder, file))
  }

  /** Brings all that there is of one into a folder. @throws PlatformError `FILE_DAMAGED`, `FILES_UNAVAILABLE` */
  async bring(name: ArchiveName, folder: string, likewise?: string): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const below = nameOf(name, '')
    for (const file of await this.#files.names(below)) {
      const to = join(folder, file.slice(below.length))
      if (dirname(to) === folder) await this.#files.fetch(file, to)
    }
    await this.#aside.copyOut(storeOf(name), join(folder, FILES_FOLDER), { likewise: likewise === undefined ? undefined : join(likewise, FILES_FOLDER) })
  }

  /** @throws PlatformError `FILE_DAMAGED` */
  async index(name: ArchiveName): Promise<string | undefined> {
    const content = await this.#files.read(nameOf(name, INDEX_FILE))
    return content === undefined ? undefined : Buffer.from(content).toString('utf8')
  }

  /** Of all tenants, of one, or of one of its plugins. */
  async names(of: Partial<StoreKey> = {}): Promise<readonly ArchiveName[]> {
    return (await this.#entries(of)).filter(({ file }) => file === INDEX_FILE).map(({ name }) => name)
  }

  /** Twice is harmless. */
  async drop(name: ArchiveName): Promise<void> {
    // The index first: without it, what a crash leaves is no archive any more.
    await this.#files.remove(nameOf(name, INDEX_FILE))
    await this.#files.remove(nameOf(name, '').slice(0, -1))
    await this.#aside.removeStore(storeOf(name))
  }

  async dropTenant(tenantId: string): Promise<void> {
    await this.#files.remove(`${ROOT}/${tenantId}`)
    await this.#aside.removeTenant(tenantId)
  }

  /** Deletes what has no index and is not being made. */
  async sweep(making: () => Promise<ReadonlySet<string>>): Promise<void> {
    // First what there is, then what is under way, then what is whole: who makes one notes it before, and ends the note once the index is there.
    const parts = new Map<string, ArchiveName | Pick<ArchiveName, 'tenantId' | 'id'>>()
    for (const { name } of await this.#entries({})) parts.set(`${name.tenantId}/${name.id}`, name)
    for (const tenantId of await this.#aside.tenants()) {
      for (const id of await this.#aside.pluginsOf(tenantId)) if (!parts.has(`${tenantId}/${id}`)) parts.set(`${tenantId}/${id}`, { tenantId, id })
    }
    if (parts.size === 0) return
    const underWay = await making()
    const whole = new Set((await this.names()).map(({ tenantId, id }) => `${tenantId}/${id}`))
    for (const [key, part] of parts) {
      if (whole.has(key) || underWay.has(part.id)) continue
      if ('pluginId' in part) await this.drop(part)
      else await this.#aside.removeStore({ tenantId: part.tenantId, pluginId: part.id })
    }
  }

  get #aside(): ReturnType<BlobStore['aside']> {
    return this.#blobs.aside(ROOT)
  }

  async #entries({ tenantId, pluginId }: Partial<StoreKey>): Promise<readonly { readonly name: ArchiveName; readonly file: string }[]> {
    const prefix = [ROOT, ...(tenantId === undefined ? [] : [tenantId, ...(pluginId === undefined ? [] : [pluginId])]), ''].join('/')
    return (await this.#files.names(prefix)).flatMap((text) => {
      const [, tenant, plugin, id, file] = text.split('/')
      return tenant === undefined || plugin === undefined || id === undefined || file === undefined ? [] : [{ name: { tenantId: tenant, pluginId: plugin, id }, file }]
    })
  }
}

/** Bytes of an archive lie as those of a store would, with its id in the place of the plugin's. */
function storeOf({ tenantId, id }: Pick<ArchiveName, 'tenantId' | 'id'>): StoreKey {
  return { tenantId, pluginId: id }
}

function nameOf({ tenantId, pluginId, id }: ArchiveName, file: string): string {
  return `${ROOT}/${tenantId}/${pluginId}/${id}/${file}`
}
