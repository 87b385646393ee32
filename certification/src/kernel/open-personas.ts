import type { Platform } from '@liberacces/core'
import type { Manifest } from '@liberacces/sdk/host'
import { CERTIFIER } from './certifier.ts'
import type { GroundTenant } from './ground-tenant.ts'
import { derivedHex } from './chance.ts'
import { personaTexts, type Persona } from './persona.ts'

/** Holds what no role holds by itself, until somebody decides so. */
const SPARE_ROLE = 'certification-spare'

/** Makes an account for each role that the plugin names, a citizen, one of whom nothing is known, and one that may all. */
export async function openPersonas(platform: Platform, tenant: Pick<GroundTenant, 'slug' | 'id'>, manifest: Manifest, seed: number): Promise<Pick<GroundTenant, 'personas' | 'whoMay' | 'may' | 'persona'>> {
  const declared = Object.entries(manifest.permissions)
  const spare = declared.filter(([, { roles }]) => roles.length === 0)
  if (spare.length > 0) {
    await platform.roles.create(tenant.id, { id: SPARE_ROLE, title: 'Certification' }, CERTIFIER)
    await platform.roles.decide(tenant.id, spare.map(([name]) => ({ role: SPARE_ROLE, permission: `${manifest.id}/${name}`, granted: true })), CERTIFIER)
  }
  const roles = ['citizen', ...new Set([...declared.flatMap(([, { roles: named }]) => named), 'agent', 'tenant-admin'].filter((role) => role !== 'citizen')), ...(spare.length > 0 ? [SPARE_ROLE] : [])]
  const known = new Set((await platform.roles.list(tenant.id)).map(({ id }) => id))
  const wanted = [...roles.filter((role) => known.has(role)).map((role) => [role, [role]] as const), ['nobody', []] as const]
  const personas = await Promise.all(wanted.map(([who, held]) => openPersona(platform, tenant, seed, who, held)))
  const heldBy = new Map(await Promise.all(personas.map(async (persona) => [persona, await platform.roles.permissionsOf(tenant.id, persona.roles)] as const)))
  const persona = (who: string): Persona => {
    const found = personas.find(({ label }) => label === `${who} of ${tenant.slug}`)
    if (found === undefined) throw new Error(`There is no persona "${who}" at ${tenant.slug}.`)
    return found
  }
  return {
    personas, persona,
    may: (one, permission) => permission === undefined || (one !== undefined && heldBy.get(one)?.has(`${manifest.id}/${permission}`) === true),
    whoMay: (permission) => (permission === undefined ? undefined : personas.find((one) => heldBy.get(one)?.has(`${manifest.id}/${permission}`))),
  }
}

async function openPersona(platform: Platform, { slug, id: tenantId }: Pick<GroundTenant, 'slug' | 'id'>, seed: number, who: string, roles: readonly string[]): Promise<Persona> {
  const texts = personaTexts(seed, slug, who, roles)
  const account = await platform.accounts.create(tenantId, { login: `p-${derivedHex(seed, 10, slug, who)}`, name: texts.name, email: texts.email, password: derivedHex(seed, 40, slug, who, 'password'), roles }, CERTIFIER)
  const { token } = await platform.apiTokens.create(tenantId, account.id, { label: 'certification' }, CERTIFIER)
  return { ...texts, id: account.id, token }
}
