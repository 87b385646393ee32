import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Type, type Static } from '@sinclair/typebox'
import { namesIn } from '../storage/folder-content.ts'
import { syncFile, syncFolder } from '../storage/sync-folder.ts'
import { fits } from '../validation.ts'

/** What stands in a staging folder's `journal.json`: enough to undo or finish after a crash. */
const Journal = Type.Union([
  Type.Object({ what: Type.Literal('export'), tenantId: Type.String(), out: Type.String() }),
  // Nothing outside of the folder was touched.
  Type.Object({ what: Type.Literal('import'), state: Type.Literal('reading') }),
  // Files of the tenant may lie in their places, and lines of its audit trail after this one.
  Type.Object({
    what: Type.Literal('import'), state: Type.Literal('placing'),
    tenantId: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$' }), auditAfter: Type.Integer({ minimum: 0 }),
  }),
])
/** See {@link Journal}. */
export type Journal = Static<typeof Journal>

/** Where exports and imports are prepared: on the disk of the data, so that files can be linked and moved. */
function stagingRoot(dataFolder: string): string {
  return join(dataFolder, 'leaving')
}

/** A folder of one export or import. */
export class Staging {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async create(dataFolder: string, id: string, journal: Journal): Promise<Staging> {
    const staging = new Staging(join(stagingRoot(dataFolder), id))
    await mkdir(staging.folder, { recursive: true, mode: 0o700 })
    await staging.note(journal)
    await syncFolder(stagingRoot(dataFolder))
    return staging
  }

  /** All that a stop left behind, with what it was about; `undefined` where not even that was written. */
  static async left(dataFolder: string): Promise<readonly { readonly staging: Staging; readonly journal: Journal | undefined }[]> {
    const names = await namesIn(stagingRoot(dataFolder))
    return Promise.all(names.map(async (name) => {
      const staging = new Staging(join(stagingRoot(dataFolder), name))
      return { staging, journal: await staging.#read() }
    }))
  }

  at(...parts: readonly string[]): string {
    return join(this.folder, ...parts)
  }

  /** Writes down, durably, how far it is. */
  async note(journal: Journal): Promise<void> {
    const draft = this.at('journal.json.new')
    await writeFile(draft, JSON.stringify(journal), { mode: 0o600 })
    await syncFile(draft)
    await rename(draft, this.at('journal.json'))
    await syncFolder(this.folder)
  }

  /** Deletes it: what it was for is done or undone. Twice is harmless. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }

  async #read(): Promise<Journal | undefined> {
    try {
      const journal: unknown = JSON.parse(await readFile(this.at('journal.json'), 'utf8'))
      return fits(Journal, journal) ? journal : undefined
    } catch {
      return undefined
    }
  }
}
