import { domainToASCII } from 'node:url'
import type { TenantInfo } from '@liberacces/sdk'
import { PlatformError } from '../errors.ts'
import type { Communes } from './communes.ts'
import { parseHost } from './host-name.ts'
import { departementOf, parseInseeCode } from './insee-code.ts'
import { isSiren } from './siren.ts'
import { isSlug, POOL_SLUG, RESERVED_SLUGS, slugOf } from './slug.ts'
import type { Tenant } from './tenant.ts'
import type { TenantIndex } from './tenant-index.ts'

/** How an administrator describes a tenant that is to be made. */
export interface NewTenant {
  /** 1 to 200 characters. May be left out where the register knows it: a commune by INSEE code, a Pool or groupement by its SIREN. */
  readonly name?: string
  /** Made of the name when left out. The Pool's is always `pool`. */
  readonly slug?: string
  readonly kind: TenantInfo['kind']
  /** Slug of the tenant above. The Pool when left out. */
  readonly parent?: string
  readonly insee?: string
  readonly siren?: string
  /** Persons, 0 or more. */
  readonly population?: number
  /** Host names besides `<slug>.<base domain>`. */
  readonly hosts?: readonly string[]
}

/**
 * Completes and checks the description of a new tenant.
 * @throws PlatformError `TENANT_INVALID` with every field that is wrong; `TENANT_UNKNOWN` for the parent; `TENANT_EXISTS`
 */
export async function planTenant(wish: NewTenant, id: string, index: TenantIndex, communes: Communes): Promise<Tenant> {
  const problems: Record<string, string> = {}
  const insee = wish.insee === undefined ? undefined : parseInseeCode(wish.insee)
  if (wish.insee !== undefined && insee === undefined) problems['insee'] = `"${wish.insee}" is no INSEE code: five characters, such as 17300, 2A004 or 97411.`
  const register = await askRegister(wish, insee, communes)
  const siren = wish.siren?.replaceAll(/\s/g, '') ?? register.siren
  if (siren !== undefined && !isSiren(siren)) problems['siren'] = `"${siren}" is no SIREN: nine digits, the last of which checks the others.`
  const name = (wish.name ?? register.name ?? '').trim()
  if (name === '' || name.length > 200) problems['name'] = name === '' ? missingName(wish) : 'The name is longer than 200 characters.'
  const population = wish.population ?? register.population
  if (population !== undefined && !(Number.isSafeInteger(population) && population >= 0)) problems['population'] = 'The population is no whole number of persons.'
  const slug = slugFor(wish, name, problems)
  const hosts = (wish.hosts ?? []).flatMap((host) => checkExtraHost(host, index, problems) ?? [])
  if (wish.kind === 'pool' && wish.parent !== undefined) problems['parent'] = 'The Pool is the root and has no parent.'
  if (Object.keys(problems).length > 0) {
    throw new PlatformError('TENANT_INVALID', `Tenant "${name}" cannot be made: ${Object.values(problems).join(' ')}`, { fix: 'Correct what is named and try again.', fields: problems })
  }
  const parent = wish.kind === 'pool' ? undefined : parentOf(wish, index)
  const misplaced = parent === undefined ? undefined : placeProblem(wish.kind, parent)
  if (misplaced !== undefined) throw new PlatformError('TENANT_INVALID', `Tenant "${name}" cannot be made: ${misplaced}`, { fix: 'Choose another parent.', fields: { parent: misplaced } })
  refuseTaken({ kind: wish.kind, slug, insee, siren, hosts }, index)
  return freezeTenant(id, parent?.id, [index.ownHost(slug), ...new Set(hosts)], { slug, name, kind: wish.kind, siren, insee, population })
}

/** Why a tenant of a kind cannot stand directly below another; `undefined` when it can. */
export function placeProblem(kind: TenantInfo['kind'], parent: Tenant): string | undefined {
  return kind === 'epci' && parent.info.kind !== 'pool' ? 'A groupement (epci) stands directly below the Pool.' : undefined
}

/** A tenant as the kernel hands it round. */
export function freezeTenant(id: string, parentId: string | undefined, hosts: readonly string[], info: TenantInfo): Tenant {
  return Object.freeze({ id, parentId, hosts: Object.freeze(hosts), info: Object.freeze(info) })
}

/**
 * A further host name as it is stored, or `undefined` with the reason in `problems`.
 * Names under the base domain are made of slugs alone; another's could be taken by giving it here.
 */
export function checkExtraHost(text: string, index: TenantIndex, problems: Record<string, string>): string | undefined {
  const host = parseHost(domainToASCII(text.trim()))
  if (host === undefined || !host.includes('.') || /^[\d.]+$/.test(host)) problems['hosts'] = `"${text}" is no host name, such as www.mairie-exemple.fr.`
  else if (index.isUnderBaseDomain(host)) problems['hosts'] = `"${host}" lies under the platform's own domain, where the slug alone decides.`
  else return host
  return undefined
}

async function askRegister(wish: NewTenant, insee: string | undefined, communes: Communes): Promise<{ readonly name?: string; readonly siren?: string | undefined; readonly population?: number | undefined }> {
  const complete = wish.name !== undefined && wish.siren !== undefined && wish.population !== undefined
  if (complete) return {}
  if (wish.kind === 'commune' && insee !== undefined) return (await communes.find(insee)) ?? {}
  if ((wish.kind === 'pool' || wish.kind === 'epci') && wish.siren !== undefined) {
    const epci = await communes.findEpci(wish.siren.replaceAll(/\s/g, ''))
    return epci === undefined ? {} : { name: epci.name, population: epci.population }
  }
  return {}
}

function missingName(wish: NewTenant): string {
  return wish.kind === 'commune' && wish.insee !== undefined ? `The register knows no commune ${wish.insee}; give the name too.` : 'The name is missing.'
}

function slugFor(wish: NewTenant, name: string, problems: Record<string, string>): string {
  if (wish.kind === 'pool') {
    if (wish.slug !== undefined && wish.slug !== POOL_SLUG) problems['slug'] = `The Pool's slug is always "${POOL_SLUG}".`
    return POOL_SLUG
  }
  const slug = wish.slug ?? slugOf(name)
  if (RESERVED_SLUGS.has(slug)) problems['slug'] = `The slug "${slug}" is reserved for the platform; give another.`
  else if (slug === '' && name !== '') problems['slug'] = 'The name holds nothing that an address can hold; give a slug.'
  else if (slug !== '' && !isSlug(slug)) problems['slug'] = `"${slug}" is no slug: letters a to z, digits and single dashes, at most 63, such as la-rochelle.`
  return slug
}

function parentOf(wish: NewTenant, index: TenantIndex): Tenant {
  const parent = wish.parent === undefined ? index.pool : index.bySlug(wish.parent)
  if (parent !== undefined) return parent
  throw wish.parent === undefined
    ? new PlatformError('TENANT_INVALID', 'There is no Pool yet, and every other tenant stands below it.', { fix: 'Make the tenant of kind "pool" first.', fields: { parent: 'There is no Pool yet.' } })
    : new PlatformError('TENANT_UNKNOWN', `There is no tenant "${wish.parent}" to stand below.`, { fix: 'See `liberacces tenant list` for the slugs.' })
}

interface Identifiers {
  readonly kind: TenantInfo['kind']
  readonly slug: string
  readonly insee: string | undefined
  readonly siren: string | undefined
  readonly hosts: readonly string[]
}

function refuseTaken({ kind, slug, insee, siren, hosts }: Identifiers, index: TenantIndex): void {
  if (kind === 'pool' && index.pool !== undefined) throw taken(`There is a Pool already, "${index.pool.info.name}".`, 'A platform has one Pool.')
  const sameInsee = kind === 'commune' && insee !== undefined ? index.communeByInsee(insee) : undefined
  if (sameInsee !== undefined) throw taken(`The commune ${insee} is the tenant "${sameInsee.info.slug}" already.`, 'Use that one.')
  const sameSiren = siren === undefined ? undefined : index.bySiren(siren)
  if (sameSiren !== undefined) throw taken(`The SIREN ${siren} belongs to the tenant "${sameSiren.info.slug}" already.`, 'Check the number.')
  const sameSlug = index.bySlug(slug)
  if (sameSlug !== undefined) {
    const example = `${slug}-${insee === undefined ? '2' : departementOf(insee).toLowerCase()}`
    throw taken(`The slug "${slug}" is taken by "${sameSlug.info.name}".`, `Give another slug, such as "${example}".`)
  }
  for (const host of hosts) refuseTakenHost(host, index)
}

/** @throws PlatformError `TENANT_EXISTS` when the host is another tenant's */
export function refuseTakenHost(host: string, index: TenantIndex): void {
  const owner = index.byHost(host)
  if (owner !== undefined) throw taken(`The host "${host}" leads to the tenant "${owner.info.slug}" already.`, 'Take it away there first.')
}

function taken(message: string, fix: string): PlatformError {
  return new PlatformError('TENANT_EXISTS', message, { fix })
}
