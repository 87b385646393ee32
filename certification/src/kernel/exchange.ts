import type { Endpoint } from '@liberacces/sdk/host'

/** What a request was sent for. */
export type Purpose =
  /** To fill the tenant, or to look at what is there. */
  | 'visit'
  /** With ids or words of the other tenant. */
  | 'cross'
  /** While requests of the other tenant were under way. */
  | 'interleaved'

/** One request and what came of it. */
export interface Exchange {
  /** From 0, in the order in which they were sent. */
  readonly number: number
  readonly purpose: Purpose
  readonly tenant: 'alpha' | 'beta'
  /** Label of the persona, or `visitor`. */
  readonly persona: string
  /** `undefined` for a page of the platform itself. */
  readonly endpoint: Endpoint | undefined
  readonly method: string
  readonly path: string
  /** As it was sent, decoded. */
  readonly sent: string
  readonly status: number
  readonly contentType: string
  readonly text: string
  /** Where it leads on. */
  readonly location: string | undefined
  readonly traceId: string
  readonly ms: number
}

/** How an exchange is called in reports. */
export function describeExchange({ method, path, persona, status }: Pick<Exchange, 'method' | 'path' | 'persona' | 'status'>): string {
  return `${method} ${path.length > 140 ? `${path.slice(0, 140)}…` : path} as ${persona} → ${status}`
}

/** How an endpoint is called in reports: as its author wrote it. */
export function nameOfEndpoint(endpoint: Endpoint): string {
  return `${endpoint.kind === 'route' ? endpoint.method : endpoint.kind === 'page' ? 'GET' : 'POST'} ${endpoint.path}${endpoint.kind === 'route' ? '' : ` (${endpoint.kind})`}`
}
