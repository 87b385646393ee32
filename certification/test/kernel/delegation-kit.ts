import { TestClient } from '../../src/testing/test-client.ts'
import { startKernel, OPERATOR, PASSWORD, type Kernel, type KernelOptions } from './kernel-kit.ts'

/** A kernel with Pool, two communes, and a satellite under the first: `ccas`. */
export async function startTree(options: KernelOptions): Promise<Kernel & { readonly ccasId: string; readonly poolId: string }> {
  const kernel = await startKernel({ tenants: 2, ...options })
  const { platform } = kernel
  const ccas = await platform.tenants.create({ kind: 'satellite', name: 'CCAS', slug: 'ccas', parent: 'commune-1' }, OPERATOR)
  return Object.assign(Object.create(kernel) as Kernel, { ccasId: ccas.id, poolId: platform.tenants.pool()?.id ?? '' })
}

let people = 0

/** Makes an account with a login one knows. */
export async function person(kernel: Kernel, tenantId: string, roles: readonly string[], name = `p${people += 1}`): Promise<{ readonly id: string; readonly login: string; readonly name: string }> {
  const login = name.toLowerCase().normalize('NFD').replaceAll(/[^a-z0-9]/g, '').padEnd(3, 'x')
  const { id } = await kernel.platform.accounts.create(tenantId, { login, name, password: PASSWORD, roles }, OPERATOR)
  return { id, login, name }
}

/** Someone at a host, without a session. */
export function at(kernel: Kernel, slug: string): TestClient {
  return new TestClient(kernel.port, `${slug}.localhost`)
}

/** Logs in with the password of the kit. */
export async function logIn(kernel: Kernel, slug: string, login: string): Promise<{ readonly client: TestClient; readonly status: number }> {
  const client = at(kernel, slug)
  return { client, status: (await client.post('/auth/login', { login, password: PASSWORD })).status }
}

/** The way of an operator, page by page: opens a grant in the console, takes the ticket, and enters at the tenant's host. */
export async function enterByConsole(kernel: Kernel, console: TestClient, slug: string, wish: { readonly role?: string; readonly writes?: 'yes' | 'no'; readonly minutes?: string; readonly reason?: string } = {}): Promise<{ readonly client: TestClient; readonly status: number; readonly ticket: string; readonly grantId: string }> {
  const tenantId = kernel.platform.tenants.bySlug(slug)?.id ?? ''
  const before = new Set(kernel.platform.grants.openOn(tenantId).map(({ id }) => id))
  await console.submit(`/collectivites/${slug}/interventions`, { role: 'tenant-admin', writes: 'no', minutes: '60', reason: 'Appel de Mme Morin', ...wish })
  const grantId = kernel.platform.grants.openOn(tenantId).find(({ id }) => !before.has(id))?.id ?? ''
  const ticket = await ticketOf(console, slug, grantId)
  const client = at(kernel, slug)
  return { client, status: await enter(kernel, client, ticket), ticket, grantId }
}

/** Presses « Entrer » and reads the ticket from the page that comes. */
export async function ticketOf(console: TestClient, slug: string, grantId: string): Promise<string> {
  const page = await console.submit(`/interventions/${grantId}/entrer`, {}, `/collectivites/${slug}/interventions`)
  return /name="ticket" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
}

/** Hands a ticket over as a browser does that comes from the console. */
export async function enter(kernel: Kernel, client: TestClient, ticket: string, origin = `http://pool.localhost:${kernel.port}`): Promise<number> {
  return (await client.send('POST', '/auth/intervention', { form: { ticket }, headers: { origin, 'sec-fetch-site': 'same-site', accept: 'text/html' } })).status
}
