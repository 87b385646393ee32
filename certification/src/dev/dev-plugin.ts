import { fillPlugin, PlatformError, type Platform } from '@liberacces/core'
import type { Plugin } from '@liberacces/sdk'
import { packPlugin, type PackedPlugin } from '../pack/pack-plugin.ts'
import { changedMigrations } from './changed-migrations.ts'
import { problemLines } from './problem-lines.ts'

/** How a reload went. */
export type Reloaded =
  /** `notes`: what the author should know although all went well. */
  | { readonly kind: 'serving'; readonly version: string; readonly ms: number; readonly migrations: readonly string[]; readonly notes: readonly string[] }
  | { readonly kind: 'failed'; readonly serving: string | undefined; readonly problems: readonly string[] }

interface Options {
  /** Of its package. */
  readonly folder: string
  readonly platform: Platform
  /** The first build, which was made before there was a platform. */
  readonly first: PackedPlugin
}

const DEVELOPER = { kind: 'operator', id: 'development', name: 'Development' } as const

/** The label of the n-th release that a platform for development sees. */
export function developmentLabel(number: number): string {
  return `dev.${number}`
}

/** A plugin under development on a running platform: each reload is a release of its own, installed and moved to as in production. */
export class DevPlugin {
  readonly id: string
  readonly #folder: string
  readonly #platform: Platform
  #next: PackedPlugin | undefined
  #serving: { readonly version: string; readonly plugin: Plugin } | undefined
  #number: number
  #problems: readonly string[] = []

  constructor({ folder, platform, first }: Options) {
    this.#folder = folder
    this.#platform = platform
    this.#next = first
    this.id = first.manifest.id
    this.#number = Number(/-dev\.(\d+)$/.exec(first.manifest.version)?.[1] ?? 0)
  }

  /** What the pages say: what is wrong with the sources, and what goes on serving. */
  get announcement(): string | undefined {
    if (this.#problems.length === 0) return undefined
    return [`${this.id}: the sources cannot be used as they are. ${this.#serving === undefined ? 'Nothing of it is served.' : `Version ${this.#serving.version} goes on serving.`}`, ...this.#problems].join('\n')
  }

  /** Builds the sources, installs them as a release, and moves the tenants to it. Never rejects: what is wrong is in the answer, and what served before serves on. */
  async reload(): Promise<Reloaded> {
    const start = performance.now()
    try {
      const packed = this.#next ?? await packPlugin(this.#folder, { development: developmentLabel(this.#number + 1) })
      if (this.#next === undefined) this.#number += 1
      this.#next = undefined
      if (packed.manifest.id !== this.id) throw new Error(`The id is ${packed.manifest.id} now, and was ${this.id}: another id is another plugin. Stop this command and start it again.`)
      const { version } = packed.manifest
      await this.#platform.releases.take(packed.archive, `development of ${this.#folder}`, DEVELOPER)
      const migrations = await this.#move(version)
      const notes = changedMigrations(this.#serving?.plugin, packed.plugin)
      this.#serving = { version, plugin: packed.plugin }
      this.#problems = []
      await this.#forgetOlder(version)
      return { kind: 'serving', version, ms: Math.round(performance.now() - start), migrations, notes }
    } catch (error) {
      this.#problems = problemLines(error)
      return { kind: 'failed', serving: this.#serving?.version, problems: this.#problems }
    }
  }

  /** @returns the migrations that ran */
  async #move(version: string): Promise<readonly string[]> {
    const { tenants, installations } = this.#platform
    const ran = new Set<string>()
    for (const tenant of tenants.list()) {
      if (tenant.info.kind === 'pool') continue
      const known = (await installations.list(tenant.id)).find(({ pluginId }) => pluginId === this.id)
      if (known?.state === 'active') {
        const { migrations } = await installations.upgrade(tenant.id, this.id, { range: version, acceptScopes: true, by: DEVELOPER })
        for (const name of migrations) ran.add(name)
      } else if (known === undefined) {
        await installations.enable(tenant.id, this.id, version, DEVELOPER)
        const release = installations.modules(tenant.id).byId.get(this.id)
        if (release !== undefined) await fillPlugin(this.#platform, tenant, release)
      }
      // What the developer switched off stays off.
    }
    return [...ran]
  }

  /** Removes the releases that nobody runs or can go back to any more. */
  async #forgetOlder(version: string): Promise<void> {
    const { releases, catalogue } = this.#platform
    for (const older of catalogue.find(this.id)) {
      if (older.version === version || !/-dev\.\d+$/.test(older.version)) continue
      try {
        await releases.remove(this.id, older.version, DEVELOPER)
      } catch (error) {
        if (!(error instanceof PlatformError) || error.code !== 'RELEASE_IN_USE') throw error
      }
    }
  }
}
