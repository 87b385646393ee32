import { KERNEL_ID } from '../identity/kernel-permissions.ts'
import type { AuditActor } from '../audit/audit.ts'
import type { Settings } from '../settings/settings.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { seededChance } from './demo-chance.ts'

/** Colours on which white text is easy to read. */
const ACCENTS = ['#1f4e79', '#0b5d4e', '#7a2e3a', '#5b3a8c', '#8a4b08', '#14532d', '#9d174d', '#1d4ed8', '#374151', '#155e75'] as const

/** Gives a tenant a colour of its own, always the same one. What an administrator has set stays. */
export async function dressTenant(settings: Settings, { id, info }: Tenant, by: AuditActor): Promise<void> {
  const current = await settings.kernel(id)
  if (current.contact !== '') return
  const accent = ACCENTS[Math.floor(seededChance(`${info.slug} look`)() * ACCENTS.length)] ?? ACCENTS[0]
  await settings.set(id, KERNEL_ID, { ...current, accent, contact: `accueil@${info.slug}.example` }, by)
}
