import type { Catalogue } from '../catalogue/catalogue.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import { loadSeveral } from './load-several.ts'
import { modulesOf, type Modules } from './modules.ts'

const NONE = modulesOf([])

/** What runs where, in memory, and which releases must therefore stay loaded. */
export class ActiveReleases {
  readonly #catalogue: Catalogue
  readonly #log: { warn(detail: object, message: string): void }
  readonly #changed: (tenantId: string) => void
  readonly #active = new Map<string, Modules>()
  readonly #shared = new Map<string, Modules>()
  /** How many tenants run each set: what nobody runs is found without asking tens of thousands of them. */
  readonly #users = new Map<Modules, number>()
  /** Changes under way that were given a release, by `id@version`: it must stay until they are over. */
  readonly #holders = new Map<string, number>()

  /** @param changed - told after what runs for a tenant has changed. @defaultValue nobody is */
  constructor(catalogue: Catalogue, log: { warn(detail: object, message: string): void }, changed: (tenantId: string) => void = () => undefined) {
    this.#catalogue = catalogue
    this.#changed = changed
    this.#log = log
    // What is no longer loaded must not come back through an index that still knows it, nor be kept in memory by one.
    catalogue.onUnloaded((gone) => {
      for (const [signature, known] of this.#shared) if (known.releases.includes(gone)) this.#shared.delete(signature)
    })
  }

  modules(tenantId: string): Modules {
    return this.#active.get(tenantId) ?? NONE
  }

  /** Tenants that run, or ran, something. */
  tenants(): readonly string[] {
    return [...this.#active.keys()]
  }

  /** @param releases - providers before those who need them */
  set(tenantId: string, releases: readonly LoadedRelease[]): void {
    this.setShared(tenantId, this.share(releases))
  }

  setShared(tenantId: string, modules: Modules): void {
    this.#count(this.#active.get(tenantId), -1)
    this.#count(modules, 1)
    this.#active.set(tenantId, modules)
    this.#changed(tenantId)
  }

  /** The index of a set of releases; the same for all tenants that run these. */
  share(releases: readonly LoadedRelease[]): Modules {
    const signature = releases.map(keyOf).join(' ')
    const known = this.#shared.get(signature) ?? modulesOf(releases)
    this.#shared.set(signature, known)
    return known
  }

  /** Puts a release in the place of whatever ran under its id. @param order - ids, providers first */
  put(tenantId: string, release: LoadedRelease, order: readonly string[]): void {
    const others = this.modules(tenantId).releases.filter((other) => other.manifest.id !== release.manifest.id)
    this.set(tenantId, [...others, release].sort((a, b) => order.indexOf(a.manifest.id) - order.indexOf(b.manifest.id)))
  }

  remove(tenantId: string, pluginId: string): void {
    this.set(tenantId, this.modules(tenantId).releases.filter((release) => release.manifest.id !== pluginId))
  }

  forget(tenantId: string): void {
    this.#count(this.#active.get(tenantId), -1)
    this.#active.delete(tenantId)
    this.#changed(tenantId)
  }

  /**
   * Loads releases and keeps them loaded while `body` runs; those that nobody runs then are let go.
   * @throws PlatformError `PLUGIN_UNKNOWN`, `PLUGIN_LOAD_FAILED`
   */
  async withLoaded<Result>(wanted: readonly { readonly id: string; readonly version: string }[], body: (loaded: readonly LoadedRelease[]) => Promise<Result>): Promise<Result> {
    const keys = wanted.map(({ id, version }) => `${id}@${version}`)
    for (const key of keys) this.#hold(key, 1)
    const loading = Promise.allSettled(loadSeveral(this.#catalogue, wanted))
    try {
      const outcomes = await loading
      return await body(outcomes.map((outcome) => {
        if (outcome.status === 'rejected') throw outcome.reason
        return outcome.value
      }))
    } finally {
      for (const key of keys) this.#hold(key, -1)
      for (const outcome of await loading) if (outcome.status === 'fulfilled') await this.letGo(outcome.value)
    }
  }

  /** Unloads a release that nobody runs or is about to run. A failure of its closing is told and costs nothing else. */
  async letGo(release: LoadedRelease): Promise<void> {
    const { id, version } = release.manifest
    if ((this.#holders.get(keyOf(release)) ?? 0) > 0) return
    for (const { byId } of this.#users.keys()) if (byId.get(id)?.manifest.version === version) return
    await this.#catalogue.unload(id, version).catch((error: unknown) => { this.#log.warn({ plugin: id, version, err: error }, 'a release did not close in good order') })
  }

  #count(modules: Modules | undefined, by: 1 | -1): void {
    if (modules === undefined) return
    const users = (this.#users.get(modules) ?? 0) + by
    if (users > 0) this.#users.set(modules, users)
    else this.#users.delete(modules)
  }

  #hold(key: string, by: 1 | -1): void {
    const holders = (this.#holders.get(key) ?? 0) + by
    if (holders > 0) this.#holders.set(key, holders)
    else this.#holders.delete(key)
  }
}

function keyOf({ manifest: { id, version } }: LoadedRelease): string {
  return `${id}@${version}`
}
