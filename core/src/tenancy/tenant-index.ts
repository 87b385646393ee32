import type { Tenant } from './tenant.ts'
import { parseHost } from './host-name.ts'
import { slugOf } from './slug.ts'

/** All tenants in memory, found by what requests and administrators name. A change replaces a tenant as a whole. */
export class TenantIndex {
  readonly #suffix: string
  readonly #byId = new Map<string, Tenant>()
  readonly #bySlug = new Map<string, Tenant>()
  /** Hosts besides the one made of the slug. */
  readonly #byExtraHost = new Map<string, Tenant>()
  /** Made when first asked for: only who makes tenants asks, and most processes never do. */
  #codes: Codes | undefined
  readonly #childrenOf = new Map<string, Set<string>>()
  /** Those that are not complete yet: known by their names and codes, which nobody else may take, and at no address. */
  readonly #hidden = new Set<string>()
  #pool: Tenant | undefined
  #sorted: readonly Tenant[] | undefined
  /** What each is found by, for those that were looked through; it goes with the tenant. */
  readonly #texts = new WeakMap<Tenant, string>()

  /** @param baseDomain - lower case; a tenant answers at `<slug>.<baseDomain>` */
  constructor(baseDomain: string) {
    this.#suffix = `.${baseDomain}`
  }

  get pool(): Tenant | undefined {
    return this.#pool
  }

  /** The host that a slug gives. */
  ownHost(slug: string): string {
    return `${slug}${this.#suffix}`
  }

  /** Whether a host could be made of some slug, so that it is nobody's to name. */
  isUnderBaseDomain(host: string): boolean {
    return host.endsWith(this.#suffix) || `.${host}` === this.#suffix
  }

  byId(id: string): Tenant | undefined {
    return this.#byId.get(id)
  }

  bySlug(slug: string): Tenant | undefined {
    return this.#bySlug.get(slug)
  }

  bySiren(siren: string): Tenant | undefined {
    return this.#byCode.siren.get(siren)
  }

  communeByInsee(insee: string): Tenant | undefined {
    return this.#byCode.insee.get(insee)
  }

  /** @param header - as a client sent it */
  byHost(header: string): Tenant | undefined {
    const host = parseHost(header)
    if (host === undefined) return undefined
    const found = host.endsWith(this.#suffix) ? this.#bySlug.get(host.slice(0, -this.#suffix.length)) : this.#byExtraHost.get(host)
    return found === undefined || this.#hidden.has(found.id) ? undefined : found
  }

  /** Keeps a tenant from being found by its hosts and in lists, until it is shown. */
  hide(id: string): void {
    this.#hidden.add(id)
    this.#sorted = undefined
  }

  show(id: string): void {
    this.#hidden.delete(id)
    this.#sorted = undefined
  }

  childrenOf(id: string): readonly Tenant[] {
    return [...(this.#childrenOf.get(id) ?? [])].flatMap((childId) => this.#byId.get(childId) ?? [])
  }

  /** From the parent up to the root. Ends also where damaged data go round in a circle. */
  ancestorsOf(id: string): readonly Tenant[] {
    const found = new Set<Tenant>()
    let next = this.#parentOf(this.#byId.get(id))
    while (next !== undefined && !found.has(next)) {
      found.add(next)
      next = this.#parentOf(next)
    }
    return [...found]
  }

  get size(): number {
    return this.#byId.size
  }

  /** In no particular order. */
  all(): IterableIterator<Tenant> {
    return this.#byId.values()
  }

  /** The Pool first, then by name as a French reader sorts them. Sorted when first asked for after a change. */
  get sorted(): readonly Tenant[] {
    this.#sorted ??= sortTenants(this.#hidden.size === 0 ? this.#byId.values() : [...this.#byId.values()].filter(({ id }) => !this.#hidden.has(id)))
    return this.#sorted
  }

  /** Those that fit, as {@link sorted}. */
  search({ text = '', kind }: TenantSearch): readonly Tenant[] {
    const wanted = slugOf(text)
    if (text.trim() !== '' && wanted === '') return []
    return this.sorted.filter((tenant) => (kind === undefined || tenant.info.kind === kind) && (wanted === '' || this.#searchable(tenant).includes(wanted)))
  }

  /** Adds a tenant, or replaces the one of the same id. */
  put(tenant: Tenant): void {
    if (this.#byId.has(tenant.id)) this.remove(tenant.id)
    this.#sorted = undefined
    this.#byId.set(tenant.id, tenant)
    this.#bySlug.set(tenant.info.slug, tenant)
    if (tenant.hosts.length > 1) for (const host of tenant.hosts.slice(1)) this.#byExtraHost.set(host, tenant)
    if (this.#codes !== undefined) addCodes(this.#codes, tenant)
    if (tenant.info.kind === 'pool') this.#pool = tenant
    if (tenant.parentId !== undefined) {
      const siblings = this.#childrenOf.get(tenant.parentId)
      if (siblings === undefined) this.#childrenOf.set(tenant.parentId, new Set([tenant.id]))
      else siblings.add(tenant.id)
    }
  }

  /** Forgets a tenant. Removing twice is harmless. */
  remove(id: string): void {
    this.#sorted = undefined
    const tenant = this.#byId.get(id)
    if (tenant === undefined) return
    this.#byId.delete(id)
    this.#bySlug.delete(tenant.info.slug)
    for (const host of tenant.hosts.slice(1)) this.#byExtraHost.delete(host)
    if (tenant.info.siren !== undefined) this.#codes?.siren.delete(tenant.info.siren)
    if (tenant.info.kind === 'commune' && tenant.info.insee !== undefined) this.#codes?.insee.delete(tenant.info.insee)
    if (this.#pool === tenant) this.#pool = undefined
    if (tenant.parentId !== undefined) this.#childrenOf.get(tenant.parentId)?.delete(id)
  }

  get #byCode(): Codes {
    if (this.#codes === undefined) {
      this.#codes = { siren: new Map(), insee: new Map() }
      for (const tenant of this.#byId.values()) addCodes(this.#codes, tenant)
    }
    return this.#codes
  }

  #parentOf(tenant: Tenant | undefined): Tenant | undefined {
    return tenant?.parentId === undefined ? undefined : this.#byId.get(tenant.parentId)
  }

  #searchable(tenant: Tenant): string {
    let text = this.#texts.get(tenant)
    if (text === undefined) {
      const { name, slug, insee = '', siren = '' } = tenant.info
      text = [slugOf(name), slug, insee.toLowerCase(), siren].join(' ')
      this.#texts.set(tenant, text)
    }
    return text
  }
}

/** Tenants by SIREN, communes by INSEE code. */
interface Codes {
  readonly siren: Map<string, Tenant>
  readonly insee: Map<string, Tenant>
}

function addCodes({ siren, insee }: Codes, tenant: Tenant): void {
  if (tenant.info.siren !== undefined) siren.set(tenant.info.siren, tenant)
  if (tenant.info.kind === 'commune' && tenant.info.insee !== undefined) insee.set(tenant.info.insee, tenant)
}

/** What to look for among tenants. */
export interface TenantSearch {
  /** Part of the name, slug, INSEE code or SIREN, compared as slugs are made: without accents, ligatures, case or apostrophes. */
  readonly text?: string
  readonly kind?: Tenant['info']['kind']
}

/** By keys: comparing tens of thousands of names by the rules of a language takes half a second. Those rules decide among equal keys. */
function sortTenants(tenants: Iterable<Tenant>): readonly Tenant[] {
  const { compare } = new Intl.Collator('fr', { numeric: true })
  return Object.freeze(Array.from(tenants, (tenant) => ({ tenant, key: tenant.info.kind === 'pool' ? '' : slugOf(tenant.info.name).replaceAll(/\d+/g, (digits) => digits.padStart(9, '0')) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : compare(a.tenant.info.name, b.tenant.info.name)))
    .map(({ tenant }) => tenant))
}
