import type { Service, ServiceClient } from '@liberacces/sdk'
import { PlatformError } from '../errors.ts'
import { misfit } from '../validation.ts'
import type { LoadedRelease } from './release.ts'
import type { Modules } from '../lifecycle/modules.ts'
import type { CallLimit } from './call-limit.ts'
import type { Gates } from './gates.ts'
import { inside } from './inside.ts'
import type { Origin, Runtime } from './runtime.ts'

interface Deps {
  readonly runtime: Runtime
  readonly gates: Gates
  readonly modules: (tenantId: string) => Modules
}

/**
 * A client of a service; `undefined` when nothing provides it. Each call goes through the door into whoever provides it at that
 * moment, as the same person on the same tenant, with input and output held against the contract of the provider.
 * @param limit - of the call that uses the service
 */
export function serviceClient(deps: Deps, service: Service, origin: Origin, limit: CallLimit): ServiceClient<Service> | undefined {
  const providerNow = (): LoadedRelease | undefined => deps.modules(origin.tenant.id).providers.get(service.id)
  const provider = providerNow()
  if (provider === undefined) return undefined
  const pluginId = provider.manifest.id
  const names = Object.keys(provided(provider, service).service.operations)
  return Object.fromEntries(names.map((name) => [name, (input: unknown) => inside(deps.gates, origin, pluginId, async (from) => {
    const current = providerNow()
    if (current?.manifest.id !== pluginId) throw new PlatformError('SERVICE_UNAVAILABLE', `Plugin "${pluginId}" no longer provides ${service.id}.`, { fix: 'Switch it on again.' })
    return call(deps.runtime, current, service, name, from, input)
  }, limit)] as const)) as ServiceClient<Service>
}

async function call(runtime: Runtime, provider: LoadedRelease, service: Service, name: string, origin: Origin, input: unknown): Promise<unknown> {
  const { service: contract, handlers } = provided(provider, service)
  const operation = contract.operations[name]
  const what = `service ${service.id} ${name}`
  if (operation === undefined) throw new PlatformError('SERVICE_UNAVAILABLE', `Plugin "${provider.manifest.id}" ${provider.manifest.version} no longer provides ${what}.`, { fix: 'Its publisher must keep what a contract promises.' })
  const { permission } = operation
  if (permission !== undefined && origin.principal.kind !== 'system' && !origin.principal.permissions.has(`${provider.manifest.id}/${permission}`)) {
    throw new PlatformError('PERMISSION_DENIED', `${origin.principal.name} may not call ${what}: it takes the permission "${permission}" of "${provider.manifest.id}".`, { fix: 'The administrator can grant it to a role.' })
  }
  const wrongInput = misfit(operation.input, input)
  if (wrongInput !== undefined) throw new PlatformError('SERVICE_INPUT_INVALID', `${what} was called with the wrong input: ${wrongInput}.`, { fix: 'Call it as its contract says.' })
  const output = await runtime.call(provider, origin, { what, limitMs: provider.manifest.limits.callMs }, (c) => {
    const handler = handlers(c as never)[name]
    if (handler === undefined) throw new Error(`The provider implements no "${name}".`)
    return handler(input as never)
  })
  const wrongOutput = misfit(operation.output, output)
  if (wrongOutput !== undefined) throw new PlatformError('PLUGIN_ANSWER_INVALID', `Plugin "${provider.manifest.id}" answered ${what} with something else than it declares: ${wrongOutput}.`, { fix: 'The plugin must be mended; tell its publisher.' })
  return output
}

function provided(provider: LoadedRelease, { id }: Service): LoadedRelease['registrations']['services'][number] {
  const found = provider.registrations.services.find((one) => one.service.id === id)
  if (found === undefined) throw new Error(`"${provider.manifest.id}" is listed as provider of ${id} but provides none.`)
  return found
}
