import type { Service, ServiceClient } from '@liberacces/sdk'
import { PlatformError } from '../errors.ts'
import { misfit } from '../validation.ts'
import type { LoadedRelease } from './release.ts'
import type { Origin, Runtime } from './runtime.ts'

/**
 * A client of a service: each call goes through the door into the provider, as the same person on the same tenant, with input
 * and output held against the contract of the provider.
 */
export function serviceClient(runtime: Runtime, provider: LoadedRelease, service: Service, origin: Origin): ServiceClient<Service> {
  const provided = provider.registrations.services.find((one) => one.service.id === service.id)
  if (provided === undefined) throw new Error(`"${provider.manifest.id}" is listed as provider of ${service.id} but provides none.`)
  const operations = Object.entries(provided.service.operations).map(([name, operation]) => {
    const what = `service ${service.id} ${name}`
    const call = async (input: unknown): Promise<unknown> => {
      const { permission } = operation
      if (permission !== undefined && origin.principal.kind !== 'system' && !origin.principal.permissions.has(`${provider.manifest.id}/${permission}`)) {
        throw new PlatformError('PERMISSION_DENIED', `${origin.principal.name} may not call ${what}: it takes the permission "${permission}" of "${provider.manifest.id}".`, { fix: 'The administrator can grant it to a role.' })
      }
      const wrongInput = misfit(operation.input, input)
      if (wrongInput !== undefined) throw new PlatformError('SERVICE_INPUT_INVALID', `${what} was called with the wrong input: ${wrongInput}.`, { fix: 'Call it as its contract says.' })
      const output = await runtime.call(provider, origin, { what, limitMs: provider.manifest.limits.callMs }, (c) => {
        const handler = provided.handlers(c as never)[name]
        if (handler === undefined) throw new Error(`The provider implements no "${name}".`)
        return handler(input as never)
      })
      const wrongOutput = misfit(operation.output, output)
      if (wrongOutput !== undefined) throw new PlatformError('PLUGIN_ANSWER_INVALID', `Plugin "${provider.manifest.id}" answered ${what} with something else than it declares: ${wrongOutput}.`, { fix: 'The plugin must be mended; tell its publisher.' })
      return output
    }
    return [name, call] as const
  })
  return Object.fromEntries(operations) as ServiceClient<Service>
}
