import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Principal } from '../identity/principal.ts'
import type { Outside } from '../outside.ts'
import type { Gates } from '../runtime/gates.ts'
import type { LoadedRelease } from '../runtime/release.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { Tracer } from '../tracing/tracer.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import type { CsrfPort, FilePort, PagePort } from './endpoints/endpoint-ports.ts'
import type { FailurePorts } from './failure.ts'
import type { KernelPorts } from './kernel/kernel-ports.ts'
import type { ReadyPage } from './ready-page.ts'
import type { RequestContext } from './request-context.ts'

/** All that the HTTP side asks of the rest of the kernel. */
export interface FrontPorts extends FailurePorts {
  readonly outside: Outside
  readonly runtime: Runtime
  /** Where requests wait while a plugin of their tenant is moved to another release. */
  readonly gates: Gates
  readonly files: FilePort
  readonly csrf: CsrfPort
  readonly pages: PagePort
  readonly kernel: KernelPorts
  /** The tenant that answers at a host. On every request: from memory. Never throws. @param header - as a client sent it: any case, port, final dot */
  tenantByHost(header: string): Tenant | undefined
  /** Who makes a request; the anonymous principal where nobody proved anything. Synchronous when it can be. */
  authenticate(request: IncomingMessage, tenant: Tenant): Principal | Promise<Principal>
  /**
   * A page outside of `/apps/` that can be sent as it is to who asks for it; `undefined` where one must be made. On nearly every GET: from memory.
   * @param path - without a query
   * @defaultValue none
   */
  readyPage?(request: IncomingMessage, path: string, context: RequestContext): ReadyPage | undefined
  /**
   * The release that serves `/apps/<path>/` for a tenant. On every request: from memory.
   * @throws PlatformError `UNAVAILABLE` while the installation takes no requests, such as during a migration
   */
  releaseAt(tenant: Tenant, path: string): LoadedRelease | undefined
  /**
   * Answers what an application that is being called asks: requests below `/remote/`, whatever the host. Never rejects.
   * @defaultValue nothing is there
   */
  readonly callback?: ((request: IncomingMessage, response: ServerResponse) => Promise<void>) | undefined
  /** `true` when the platform can serve, else why it cannot, in a word or two; `/readyz` and nothing else asks. */
  ready(): true | string
  /** Registers login, Bureau, Guichet, administration and console on the kernel's own instance. */
  kernelRoutes(instance: FastifyInstance): void | Promise<void>
  /** Signs what travels through the browser; the same on all nodes. At least 32 bytes. */
  readonly signingKey: Uint8Array
  /** Whether cookies are marked `Secure`. */
  readonly secureCookies: boolean
  readonly limits?: Partial<FrontLimits>
  /** Sends traces on. @defaultValue nobody */
  readonly tracer?: Tracer | undefined
  /** Addresses or ranges (CIDR) of reverse proxies whose `X-Forwarded-For` is believed. @defaultValue none */
  readonly trustedProxies?: readonly string[]
}

/** What one client may cost. */
export interface FrontLimits {
  /** Longest wait for the headers of a request, in milliseconds. @defaultValue 15 000 */
  readonly headersMs: number
  /** Longest wait for a whole request, uploads included, in milliseconds. @defaultValue 300 000 */
  readonly requestMs: number
  /** How long an idle connection is kept, in milliseconds. @defaultValue 30 000 */
  readonly keepAliveMs: number
  /** Largest body besides uploads, in bytes. @defaultValue 1 048 576 */
  readonly bodyBytes: number
  /** Largest header section, in bytes. @defaultValue 16 384 */
  readonly headerBytes: number
}

/** See {@link FrontLimits}. */
export const DEFAULT_LIMITS: FrontLimits = { headersMs: 15_000, requestMs: 300_000, keepAliveMs: 30_000, bodyBytes: 1_048_576, headerBytes: 16_384 }
