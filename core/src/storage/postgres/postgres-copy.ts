import { SomeTables } from '../exchange/joined-tables.ts'
import { isKernelTable } from '../exchange/table-source.ts'
import { migrationsHad } from '../sqlite/store-shapes.ts'
import type { CopySource, StoreCopy, StoreKey } from '../storage.ts'
import type { Connection } from './connection.ts'
import { fillFromFile, fillKernel, fillPlugin, STAGES, type PlacingPorts } from './place-store.ts'
import { copyPlace, readStore, type MomentPorts } from './postgres-moment.ts'
import type { PostgresStore } from './postgres-store.ts'
import { shapeOfSchema } from './schema-shape.ts'
import type { StoreMigrations } from './store-migrations.ts'
import { dropPlace } from './store-places.ts'
import type { StoreNames } from './store-role.ts'

/** What copies are made with. */
export interface CopyPorts {
  readonly placing: PlacingPorts
  readonly moment: MomentPorts
  readonly migrating: StoreMigrations
  /** A store object of that key on another place, which nobody watches or limits. */
  readonly storeAt: (key: StoreKey, names: StoreNames) => PostgresStore
  /** Ends the connections of a role. */
  readonly forget: (role: string) => Promise<void>
  /** This process among the nodes; left out where it is none. */
  readonly node: string | undefined
  readonly log: { warn(detail: object, message: string): void } | undefined
}

const REHEARSING = 'rehearsing'
/** Of the kernel's tables in a store a copy of it has this one: what a release may look at. Its events stay where they are. */
const FILES = 'liberacces_file'

/** Copies of stores in places of their own, with a role that may see nothing else, and that nothing else may see. */
export class PostgresCopies {
  readonly #ports: CopyPorts
  /** Those that are there for as long as this process has them. */
  readonly #open = new Set<string>()

  constructor(ports: CopyPorts) {
    this.#ports = ports
  }

  /** @throws PlatformError `STORE_INVALID` */
  async make(key: StoreKey, source: CopySource): Promise<StoreCopy> {
    const { placing: { make, outside, asKernel }, moment, migrating, storeAt } = this.#ports
    const stage = { tenantId: STAGES, pluginId: `${REHEARSING}.${this.#ports.node ?? ''}.${Buffer.from(outside.randomBytes(8)).toString('hex')}` }
    this.#open.add(stage.pluginId)
    try {
      const { names } = await make(stage)
      await outside.reached?.('rehearsal:made')
      await this.#fill(key, stage, names, source)
      const store = storeAt(key, names)
      return {
        store: () => store,
        kernelStore: () => store.kernel,
        migrate: async (migrations) => ({ applied: await migrating.fill(stage, names, store.owner, migrations) }),
        revert: async (migrations, wanted) => ({ reverted: await migrating.empty(stage, names, store.owner, migrations, wanted) }),
        shape: () => asKernel((connection) => shapeOfSchema(connection, names.own)),
        copyTo: (path) => copyPlace(moment, { key, names }, path),
        close: () => this.#leave(stage, names.role),
      }
    } catch (error) {
      await this.#leave(stage)
      throw error
    }
  }

  /** Takes away those that a process has left which is gone. */
  async sweep(): Promise<void> {
    const { asKernel } = this.#ports.placing
    const abandoned = await asKernel(async (connection) => {
      const { rows } = await connection.run({ sql: `select plugin_id from liberacces_internal.store where tenant_id = $1 and plugin_id like '${REHEARSING}.%' and split_part(plugin_id, '.', 2) not in (select id from liberacces.node)`, values: [STAGES] })
      return rows as readonly { readonly plugin_id: string }[]
    })
    for (const { plugin_id: pluginId } of abandoned) if (!this.#open.has(pluginId)) await this.#leave({ tenantId: STAGES, pluginId })
  }

  async #fill(key: StoreKey, stage: StoreKey, names: StoreNames, source: CopySource): Promise<void> {
    const { placing, moment } = this.#ports
    if (typeof source === 'object') await fillFromFile(placing, key, { stage, names }, source.path)
    if (source !== 'store') return
    await readStore(moment, key, async (tables, applied) => {
      await placing.migrate(stage, names, await migrationsHad(key, applied, placing.find()))
      await fillPlugin(placing, key, names, new SomeTables(tables, (name) => !isKernelTable(name)))
      await fillKernel(placing, names, new SomeTables(tables, (name) => name === FILES))
    })
  }

  /** What cannot be taken away now the next sweep takes, at a start or when a node has died. */
  async #leave(stage: StoreKey, role?: string): Promise<void> {
    const { placing: { asKernel, platform }, forget, log } = this.#ports
    try {
      if (role !== undefined) await forget(role)
      await asKernel((connection: Connection) => dropPlace(connection, stage, platform))
    } catch (err) {
      log?.warn({ err }, 'the copy of a rehearsal could not be taken away; the next start does it')
    } finally {
      this.#open.delete(stage.pluginId)
    }
  }
}
