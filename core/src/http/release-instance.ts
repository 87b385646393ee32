import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import type { FastifyInstance } from 'fastify'
import type { Endpoint } from '@liberacces/sdk/host'
import { PlatformError } from '../errors.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import { addScripts } from './browser/add-scripts.ts'
import { addAction } from './endpoints/action.ts'
import { addForm } from './endpoints/form.ts'
import { addPage } from './endpoints/page.ts'
import { allowedMethods, refuseConflicts } from './endpoints/path-conflicts.ts'
import { addRoute } from './endpoints/route.ts'
import { rawOptions, takeRawBodies } from './endpoints/raw-body.ts'
import type { EndpointSetup } from './endpoints/endpoint-setup.ts'
import type { FrontPorts } from './front-ports.ts'
import type { HttpMetrics } from './http-metrics.ts'
import { createInstance } from './instance.ts'

/**
 * Builds the server instance of one release: its endpoints, ready to take requests.
 * @throws PlatformError `PLUGIN_PATH_TAKEN` when two endpoints claim one address, `PLUGIN_LOAD_FAILED` when one cannot be registered
 */
export async function createReleaseInstance(release: LoadedRelease, ports: FrontPorts, metrics: HttpMetrics): Promise<FastifyInstance> {
  refuseConflicts(release)
  const { id, version } = release.manifest
  const instance = await createInstance(ports, { blame: { plugin: id, release: version }, allowedMethods: allowedMethods(release), failed: (code, error) => { metrics.failed(id, code, error) } })
  try {
    const takesForm = (endpoint: Endpoint): boolean => endpoint.kind === 'form' || endpoint.kind === 'action'
    const rawOf = (endpoint: Endpoint) => (endpoint.kind === 'route' ? rawOptions(endpoint.body) : undefined)
    for (const endpoint of release.registrations.endpoints) {
      const raw = rawOf(endpoint)
      if (raw !== undefined) {
        // In a context of its own: what it takes, the rest of the API does not.
        await instance.register(async (own) => {
          takeRawBodies(own, raw)
          addEndpoint({ instance: own, release, ports }, endpoint)
        })
      } else if (!takesForm(endpoint)) addEndpoint({ instance, release, ports }, endpoint)
    }
    // Forms in a context of their own: the API must not take the content types that any site's form can send.
    if (release.registrations.endpoints.some(takesForm)) {
      await instance.register(async (forms) => {
        forms.removeAllContentTypeParsers()
        await forms.register(formbody, { parser: (text: string) => new URLSearchParams(text) as unknown as Record<string, unknown> })
        await forms.register(multipart, { throwFileSizeLimit: false, limits: { fieldNameSize: 200, fieldSize: 1_048_576, fields: 1_000, files: 20, parts: 1_020, fileSize: Number.MAX_SAFE_INTEGER } })
        for (const endpoint of release.registrations.endpoints) if (takesForm(endpoint)) addEndpoint({ instance: forms, release, ports }, endpoint)
      })
    }
    await addScripts({ instance, release, ports })
    await instance.ready()
    return instance
  } catch (cause) {
    await instance.close()
    if (cause instanceof PlatformError) throw cause
    throw new PlatformError('PLUGIN_LOAD_FAILED', `Plugin "${id}" ${version}: an endpoint cannot be registered. ${cause instanceof Error ? cause.message : ''}`, { fix: 'Correct the path or schema that the cause names.', cause })
  }
}

function addEndpoint(setup: EndpointSetup, endpoint: Endpoint): void {
  switch (endpoint.kind) {
    case 'route': addRoute(setup, endpoint); break
    case 'page': addPage(setup, endpoint); break
    case 'form': addForm(setup, endpoint); break
    case 'action': addAction(setup, endpoint); break
    default: endpoint satisfies never
  }
}
