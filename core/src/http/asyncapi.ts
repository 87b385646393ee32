import type { EventContract } from '@liberacces/sdk'
import type { LoadedRelease } from '../runtime/release.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { CLOUD_EVENT, componentSchemas } from './asyncapi-schemas.ts'
import { versionOf } from './openapi.ts'

type Json = Readonly<Record<string, unknown>>

/** Where the tenant is reached. */
export interface AsyncApiServer {
  /** Host, with the port where it is not the usual one. */
  readonly host: string
  readonly isSecure: boolean
}

/** Who emits a contract, and who listens to it. */
interface Channel {
  readonly contract: EventContract
  readonly emitters: LoadedRelease[]
  readonly listeners: { readonly release: LoadedRelease; readonly handlerId: string }[]
}

const MEDIA_TYPE = 'application/cloudevents+json'

/**
 * The events of a tenant's applications, as an AsyncAPI 3.0 document: each contract a channel, each emitting and each listening
 * application an operation. Pure: same input, same document.
 */
export function asyncApiOf(tenant: Tenant, releases: readonly LoadedRelease[], server: AsyncApiServer): Json {
  const channels = channelsOf(releases)
  const taken = new Set<string>()
  return {
    asyncapi: '3.0.0',
    id: `urn:liberacces:${tenant.info.slug}`,
    info: {
      title: `LiberAccès – ${tenant.info.name}`, version: versionOf(releases),
      description: 'The events of the applications that this organisation has enabled. Applications here send and receive them; each is delivered at least once, in order per type and subject, and has the same id when it comes again.',
      tags: releases.map(({ manifest }) => ({ name: manifest.id, description: `${manifest.title.fr} ${manifest.version}` })),
    },
    defaultContentType: MEDIA_TYPE,
    servers: {
      tenant: {
        host: server.host, protocol: server.isSecure ? 'https' : 'http', description: `${tenant.info.name}: CloudEvents 1.0 over HTTP.`,
        security: [{ $ref: '#/components/securitySchemes/token' }],
      },
    },
    channels: Object.fromEntries(channels.map(({ contract, emitters }) => {
      const key = keyOf(contract.id)
      return [key, {
        address: contract.id, title: contract.id,
        description: emitters.length === 0 ? 'No application that is enabled here emits it.' : `Emitted by ${emitters.map(({ manifest }) => manifest.title.fr).join(', ')}.`,
        servers: [{ $ref: '#/servers/tenant' }],
        messages: { event: { $ref: `#/components/messages/${key}` } },
      }]
    })),
    operations: Object.fromEntries(channels.flatMap(({ contract, emitters, listeners }) => [
      ...emitters.map((release) => operation(taken, 'send', contract, release, `${release.manifest.title.fr} emits ${contract.id}.`)),
      ...listeners.map(({ release, handlerId }) => operation(taken, 'receive', contract, release, `${release.manifest.title.fr} receives ${contract.id}, handler ${handlerId}.`, handlerId)),
    ])),
    components: {
      messages: Object.fromEntries(channels.map(({ contract, emitters }) => [keyOf(contract.id), {
        name: contract.id, title: contract.id,
        ...(contract.schema.description === undefined ? {} : { summary: contract.schema.description }),
        traits: [{ $ref: '#/components/messageTraits/cloudEvent' }],
        payload: {
          allOf: [
            { $ref: '#/components/schemas/CloudEvent' },
            {
              type: 'object',
              ...(contract.subject === undefined ? {} : { required: ['subject'] }),
              properties: {
                type: { type: 'string', const: contract.id },
                ...(emitters.length === 0 ? {} : { source: { type: 'string', enum: emitters.map(({ manifest }) => manifest.id) } }),
                data: { $ref: `#/components/schemas/${keyOf(contract.id)}` },
              },
            },
          ],
        },
      }])),
      messageTraits: {
        cloudEvent: {
          contentType: MEDIA_TYPE,
          headers: { type: 'object', required: ['content-type'], properties: { 'content-type': { type: 'string', pattern: '^application/cloudevents\\+json' } } },
          correlationId: { description: 'The trace that the event belongs to (W3C Trace Context).', location: '$message.payload#/traceparent' },
        },
      },
      schemas: { CloudEvent: CLOUD_EVENT, ...Object.assign({}, ...channels.map(({ contract }) => componentSchemas(keyOf(contract.id), contract.schema))) as Json },
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'An API token.' } },
    },
  }
}

/** All contracts that are emitted or listened to, by their ids. The schema is the emitter's where there is one. */
function channelsOf(releases: readonly LoadedRelease[]): readonly Channel[] {
  const found = new Map<string, Channel>()
  const at = (contract: EventContract): Channel => {
    const known = found.get(contract.id) ?? { contract, emitters: [], listeners: [] }
    found.set(contract.id, known)
    return known
  }
  for (const release of releases) for (const contract of release.plugin.emits ?? []) at(contract).emitters.push(release)
  for (const release of releases) {
    for (const { id, event } of release.registrations.handlers) {
      // Who hears everything may hand it on, which its own pages say: here stands who understands what.
      if (event !== 'any') at(event).listeners.push({ release, handlerId: id })
    }
  }
  return [...found.values()].toSorted((a, b) => a.contract.id.localeCompare(b.contract.id))
}

function operation(taken: Set<string>, action: 'send' | 'receive', contract: EventContract, { manifest }: LoadedRelease, summary: string, handlerId?: string): [string, Json] {
  const channel = `#/channels/${keyOf(contract.id)}`
  const wanted = [action, manifest.id, keyOf(contract.id), ...(handlerId === undefined || handlerId === contract.id ? [] : [keyOf(handlerId)])].join('_')
  let key = wanted
  for (let number = 2; taken.has(key); number += 1) key = `${wanted}_${number}`
  taken.add(key)
  return [key, { action, channel: { $ref: channel }, summary, messages: [{ $ref: `${channel}/messages/event` }], tags: [{ name: manifest.id }] }]
}

/** An id as a key of the document, which takes letters, digits, `.`, `-` and `_`. */
function keyOf(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9._-]+/g, '.')
}
