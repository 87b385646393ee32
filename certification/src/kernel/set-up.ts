import { CERTIFIER } from './certifier.ts'
import type { Ground } from './ground.ts'
import type { JsonSchema } from './schema-arbitrary.ts'

/** Sets what a plugin's settings give examples of, as an administrator would: the first commune takes the first, the second the second. */
export async function setUp({ platform, manifest, alpha, beta }: Ground): Promise<void> {
  const properties = Object.entries(((manifest.settings as JsonSchema | undefined)?.['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>)
  for (const [turn, tenant] of [alpha, beta].entries()) {
    const set = properties.flatMap(([name, { examples }]) => (Array.isArray(examples) && examples.length > 0 ? [[name, examples[turn % examples.length] as unknown] as const] : []))
    if (set.length > 0) await platform.settings.set(tenant.id, manifest.id, Object.fromEntries(set), CERTIFIER)
  }
}
