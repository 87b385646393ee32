import type { Endpoint } from '@liberacces/sdk/host'
import { PlatformError } from '../../errors.ts'
import type { LoadedRelease } from '../../runtime/release.ts'
import { methodsOf, nameOf } from './endpoint-setup.ts'

/**
 * Refuses two endpoints at one address: same method, same path but for the names of its parameters.
 * @throws PlatformError `PLUGIN_PATH_TAKEN` naming both
 */
export function refuseConflicts({ manifest, registrations }: LoadedRelease): void {
  const taken = new Map<string, Endpoint>()
  for (const endpoint of registrations.endpoints) {
    for (const method of methodsOf(endpoint)) {
      const address = `${method} ${endpoint.path.replaceAll(/:[^/]+/g, ':')}`
      const first = taken.get(address)
      if (first !== undefined) {
        throw new PlatformError('PLUGIN_PATH_TAKEN', `Plugin "${manifest.id}" ${manifest.version}: "${nameOf(first)}" and "${nameOf(endpoint)}" claim the same address.`, { fix: 'Give one of them another path.' })
      }
      taken.set(address, endpoint)
    }
  }
}

/** Which methods an address takes, for telling 405 from 404. Asked only when nothing matched. */
export function allowedMethods({ manifest, registrations }: LoadedRelease): (path: string) => readonly string[] {
  const patterns = registrations.endpoints.map((endpoint) => ({
    methods: methodsOf(endpoint).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])),
    pattern: new RegExp(`^/apps/${manifest.path}${endpoint.path.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll(/[^\w-]/g, String.raw`\$&`))).join('/')}$`),
  }))
  return (path) => [...new Set(patterns.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))]
}
