import { readyPage, type ReadyPage } from '../http/ready-page.ts'
import type { RequestContext } from '../http/request-context.ts'
import type { Principal } from '../identity/principal.ts'
import type { Modules } from '../lifecycle/modules.ts'
import type { Outside } from '../outside.ts'
import { Reads, type Source } from '../runtime/reads.ts'
import type { Tenant } from '../tenancy/tenant.ts'

/** No page is kept longer, in milliseconds: a plugin that asks the machine's clock instead of the platform's is wrong for this long at most. */
const LIFE_MS = 60_000
/** Memory that kept pages may take, in bytes; what was not asked for longest goes first. */
const MOST_BYTES = 16 * 1024 * 1024
/** A larger page is not kept, in bytes. */
const LARGEST = 256 * 1024

interface Kept {
  readonly principal: Principal
  readonly tenant: Tenant
  readonly modules: Modules
  readonly reads: Reads
  readonly page: ReadyPage
}

/** What pages are kept by. */
interface KeptPagesOptions {
  /** The kernel's own tables, from which settings, arrangements and the like come. */
  readonly platform: Source
  readonly modules: (tenantId: string) => Modules
  readonly outside: Pick<Outside, 'now'>
  /** What every page says; while there is something, no page is kept. @defaultValue nothing */
  readonly announcement?: () => string | undefined
}

/**
 * Pages with slots, as they were made before, as long as they would be made the same again: for the same person with the same rights, in the same
 * language, with the same plugins, and with nothing changed in what was read to make them. Never more than that one person's.
 */
export class KeptPages {
  readonly #options: KeptPagesOptions
  readonly #kept = new Map<string, Kept>()
  #bytes = 0

  constructor(options: KeptPagesOptions) {
    this.#options = options
  }

  get bytes(): number {
    return this.#bytes
  }

  /** The page as this person would get it if it were made. Nobody gets here who was not let in when it was made: another permission makes another principal. */
  find(path: string, context: RequestContext): ReadyPage | undefined {
    if (this.#options.announcement?.() !== undefined) return undefined
    const key = keyOf(path, context)
    const kept = this.#kept.get(key)
    if (kept === undefined) return undefined
    const { principal, tenant } = context
    this.#kept.delete(key)
    if (kept.principal === principal && kept.tenant === tenant && kept.modules === this.#options.modules(tenant.id) && kept.reads.hold(this.#options.outside.now())) {
      // Behind all others: it was asked for last.
      this.#kept.set(key, kept)
      return kept.page
    }
    this.#bytes -= kept.page.length
    return undefined
  }

  /**
   * Makes a page, and keeps it where that can be done.
   * @param make - gets the context in which all that is read is noted; what it reads by other ways, the kernel's tables aside, is not
   */
  async make(path: string, context: RequestContext, make: (reads: Reads) => Promise<string>): Promise<string> {
    const { outside, platform, announcement } = this.#options
    const { tenant, principal } = context
    const modules = this.#options.modules(tenant.id)
    const reads = new Reads(outside.now(), LIFE_MS)
    reads.source(platform)
    const html = await make(reads)
    if (reads.canHold && announcement?.() === undefined) {
      const page = readyPage(html)
      if (page.length <= LARGEST) this.#keep(keyOf(path, context), { principal, tenant, modules, reads, page })
    }
    return html
  }

  #keep(key: string, kept: Kept): void {
    this.#forget(key)
    this.#kept.set(key, kept)
    this.#bytes += kept.page.length
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= MOST_BYTES) break
      this.#forget(oldest)
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#kept.get(key)?.page.length ?? 0
    this.#kept.delete(key)
  }
}

function keyOf(path: string, { tenant, principal, locale }: RequestContext): string {
  return `${tenant.id} ${principal.id} ${locale} ${path}`
}
