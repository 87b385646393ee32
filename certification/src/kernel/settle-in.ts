import { toFormFields } from '@liberacces/sdk/host'
import type { JsonSchema } from './schema-arbitrary.ts'
import type { Traveller } from './traveller.ts'

/** Tries of one form; the later ones are made with what its schema gives as examples. */
const TRIES = 4

/**
 * A resident fills the forms of the plugins beside the one under test that can be begun with nothing known: links the account to a family, puts a name down. What there is for residents in a plugin
 * that requires others often hangs on what they did there.
 */
export async function settleIn(traveller: Traveller, signal: AbortSignal): Promise<void> {
  const { ground, tenant } = traveller
  const resident = tenant.persona('citizen')
  for (const { manifest, registrations } of ground.platform.installations.modules(tenant.id).releases) {
    if (manifest.id === ground.manifest.id) continue
    for (const endpoint of registrations.endpoints) {
      if (endpoint.kind !== 'form' || endpoint.audience !== 'citizen' || endpoint.path.includes(':')) continue
      const schema = endpoint.schema as JsonSchema
      for (let variant = 0; variant < TRIES && !signal.aborted; variant += 1) {
        const form = toFormFields(schema, traveller.input(schema, `${manifest.id} ${endpoint.path}`, variant, resident), 'fr')
        const { status } = await ground.send(tenant, resident, 'POST', `/apps/${manifest.path}${endpoint.path}`, { form })
        // Taken; or not for this person, whatever the input.
        if (status < 400 || (status !== 422 && status !== 400)) break
      }
    }
  }
  await ground.settle()
}
