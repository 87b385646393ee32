import type { Service, ServiceClient } from '@liberacces/sdk'
import { PlatformError } from '../errors.ts'
import { misfit } from '../validation.ts'
import type { LoadedRelease } from './release.ts'
import type { Modules } from '../lifecycle/modules.ts'
import type { CallLimit } from './call-limit.ts'
import type { CallTrail, NotedCall } from './call-trail.ts'
import type { Gates } from './gates.ts'
import { inside } from './inside.ts'
import type { Origin, Runtime } from './runtime.ts'

interface Deps {
  readonly runtime: Runtime
  readonly gates: Gates
  readonly modules: (tenantId: string) => Modules
  /** Where a contract is asked for that no plugin of the tenant provides; `undefined` where nobody shares it. */
  readonly shared: (contract: string, origin: Origin) => Origin | undefined
}

/**
 * A client of a service; `undefined` when nothing provides it. Each call goes through the door into whoever provides it at that
 * moment, as the same person on the same tenant, with input and output held against the contract of the provider. What no plugin of
 * the tenant provides may be shared by the tenant above: then the call is made there, as nobody, and reads only.
 * @param caller - plugin that uses the service
 * @param limit - of the call that uses it
 */
export function serviceClient(deps: Deps, service: Service, caller: string, origin: Origin, limit: CallLimit): ServiceClient<Service> | undefined {
  const providerAt = ({ tenant }: Origin): LoadedRelease | undefined => deps.modules(tenant.id).providers.get(service.id)
  const placeNow = (): Origin | undefined => (providerAt(origin) === undefined ? deps.shared(service.id, origin) : origin)
  const place = placeNow()
  const provider = place === undefined ? undefined : providerAt(place)
  if (place === undefined || provider === undefined) return undefined
  const pluginId = provider.manifest.id
  const names = Object.keys(provided(provider, service).service.operations)
  const ask = (name: string, input: unknown): Promise<unknown> => inside(deps.gates, placeNow() ?? place, pluginId, async (from) => {
    const now = placeNow()
    const current = now?.tenant === from.tenant ? providerAt(now) : undefined
    if (current?.manifest.id !== pluginId) throw new PlatformError('SERVICE_UNAVAILABLE', `Plugin "${pluginId}" no longer provides ${service.id} here.`, { fix: 'Switch it on again, or share it again.' })
    return call(deps.runtime, current, service, name, from, input)
  }, limit)
  const { trail } = origin
  const noted = trail === undefined ? ask : (name: string, input: unknown) => noting(trail, { from: caller, to: pluginId, what: `${service.id} ${name}` }, () => ask(name, input))
  return Object.fromEntries(names.map((name) => [name, (input: unknown) => noted(name, input)] as const)) as ServiceClient<Service>
}

async function noting(trail: CallTrail, about: Omit<NotedCall, 'ms' | 'error'>, ask: () => Promise<unknown>): Promise<unknown> {
  const startedAt = performance.now()
  const ms = (): number => Math.round(performance.now() - startedAt)
  try {
    const answer = await ask()
    trail.note({ ...about, ms: ms() })
    return answer
  } catch (error) {
    trail.note({ ...about, ms: ms(), error: error instanceof PlatformError ? error.code : 'INTERNAL' })
    throw error
  }
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
  const checked = (output: unknown): unknown => {
    const wrongOutput = misfit(operation.output, output)
    if (wrongOutput !== undefined) throw new PlatformError('PLUGIN_ANSWER_INVALID', `Plugin "${provider.manifest.id}" answered ${what} with something else than it declares: ${wrongOutput}.`, { fix: 'The plugin must be mended; tell its publisher.' })
    return output
  }
  // Looked at within the call: a wrong answer is the failure of who gave it, and not of who asked.
  return runtime.call(provider, origin, { what, limitMs: provider.manifest.limits.callMs }, (c) => {
    const handler = handlers(c as never)[name]
    if (handler === undefined) throw new Error(`The provider implements no "${name}".`)
    const answer: unknown = handler(input as never)
    return answer instanceof Promise ? answer.then(checked) : checked(answer)
  })
}

function provided(provider: LoadedRelease, { id }: Service): LoadedRelease['registrations']['services'][number] {
  const found = provider.registrations.services.find((one) => one.service.id === id)
  if (found === undefined) throw new Error(`"${provider.manifest.id}" is listed as provider of ${id} but provides none.`)
  return found
}
