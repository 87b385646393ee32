import type { Endpoint } from '@liberacces/sdk/host'

/** Whether an endpoint is for changing something. */
export function changes(endpoint: Endpoint): boolean {
  return endpoint.kind === 'form' || endpoint.kind === 'action' || (endpoint.kind === 'route' && endpoint.method !== 'GET')
}

/** Whether it takes something away, as far as its address says so. */
export function removes(endpoint: Endpoint): boolean {
  return (endpoint.kind === 'route' && endpoint.method === 'DELETE') || (endpoint.kind === 'action' && /delet|remov|suppr|retir|archiv|withdraw/i.test(endpoint.path))
}
