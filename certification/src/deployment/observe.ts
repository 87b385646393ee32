import { ask, type Answer } from './ask.ts'
import type { Observed } from './dossier.ts'

const DAY_MS = 86_400_000
/** A certificate that ends sooner is about to be forgotten, in days. */
const LEAST_CERTIFICATE_DAYS = 14

/**
 * Looks at a platform from outside, as anybody can: transport, headers, what is open and what is not. Sends a handful of GET requests and changes nothing.
 * @throws Error when it does not answer at all
 */
export async function observe(url: URL, now: number): Promise<readonly Observed[]> {
  const home = await ask(url)
  return [...await transport(url, home, now), ...headers(home), ...await doors(url), ...await statements(url)]
}

async function transport(url: URL, { tls, headers: { 'strict-transport-security': hsts } }: Answer, now: number): Promise<readonly Observed[]> {
  if (tls === undefined) return [{ id: 'tls', ok: false, what: `${url.origin} is served without TLS.` }]
  const days = Math.floor((Date.parse(tls.validTo) - now) / DAY_MS)
  const age = Number(/max-age=(\d+)/.exec(hsts ?? '')?.[1] ?? 0)
  const bare = await ask(new URL(`http://${url.hostname}/`)).catch(() => undefined)
  return [
    { id: 'tls', ok: tls.protocol === 'TLSv1.3' || tls.protocol === 'TLSv1.2', what: `Connected by ${tls.protocol}.` },
    { id: 'certificate', ok: days >= LEAST_CERTIFICATE_DAYS, what: `The certificate ends on ${tls.validTo.slice(0, 10)}.` },
    { id: 'hsts', ok: age >= 15_552_000, what: age === 0 ? 'No Strict-Transport-Security is sent.' : `Strict-Transport-Security holds for ${Math.floor(age / 86_400)} days.` },
    { id: 'plain-http', ok: bare === undefined || (bare.status >= 300 && bare.status < 400 && (bare.headers.location ?? '').startsWith('https://')), what: bare === undefined ? 'Nothing answers without TLS.' : `Without TLS it answers ${bare.status}${bare.headers.location === undefined ? '' : `, on to ${bare.headers.location}`}.` },
  ]
}

function headers({ headers: found }: Answer): readonly Observed[] {
  const csp = String(found['content-security-policy'] ?? '')
  const says = (id: string, ok: boolean, name: string): Observed => ({ id, ok, what: found[name] === undefined ? `No ${name} is sent.` : `${name}: ${String(found[name]).slice(0, 300)}` })
  return [
    says('csp', csp !== '' && !/script-src[^;]*'unsafe-(inline|eval)'/.test(csp) && !/default-src[^;]*\*/.test(csp), 'content-security-policy'),
    says('nosniff', found['x-content-type-options'] === 'nosniff', 'x-content-type-options'),
    says('referrer', /no-referrer|same-origin|strict-origin/.test(String(found['referrer-policy'] ?? '')), 'referrer-policy'),
    says('frames', /frame-ancestors '(none|self)'/.test(csp) || /deny|sameorigin/i.test(String(found['x-frame-options'] ?? '')), /frame-ancestors/.test(csp) ? 'content-security-policy' : 'x-frame-options'),
    { id: 'banner', ok: found['x-powered-by'] === undefined && !/\d/.test(String(found.server ?? '')), what: `server: ${String(found.server ?? 'not told')}, x-powered-by: ${String(found['x-powered-by'] ?? 'not told')}` },
  ]
}

async function doors(url: URL): Promise<readonly Observed[]> {
  const status = async (path: string): Promise<number> => (await ask(new URL(path, url))).status
  const [health, ready, metrics, evidence, console] = [await status('/healthz'), await status('/readyz'), await status('/metrics'), await status('/evidence.json'), await status('/modules')]
  const isShut = (code: number): boolean => code === 401 || code === 403 || code === 404 || (code >= 300 && code < 400)
  return [
    { id: 'health', ok: health === 200 && ready === 200, what: `/healthz answers ${health}, /readyz ${ready}.` },
    { id: 'metrics-shut', ok: isShut(metrics), what: `/metrics answers ${metrics} to somebody without a token.` },
    { id: 'evidence-shut', ok: isShut(evidence), what: `/evidence.json answers ${evidence} to somebody without a token.` },
    { id: 'console-shut', ok: isShut(console), what: `The console answers ${console} to somebody without an account.` },
  ]
}

async function statements(url: URL): Promise<readonly Observed[]> {
  const [accessibility, legal] = [await ask(new URL('/accessibilite', url)), await ask(new URL('/mentions-legales', url))]
  const level = /(non|partiellement|totalement)\s+conforme/i.exec(accessibility.body.replace(/<[^>]+>/g, ' '))?.[0]
  return [
    { id: 'accessibility-statement', ok: accessibility.status === 200 && level !== undefined, what: accessibility.status === 200 ? `The accessibility statement says: ${level ?? 'nothing of the level'}.` : `/accessibilite answers ${accessibility.status}.` },
    { id: 'legal', ok: legal.status === 200, what: `/mentions-legales answers ${legal.status}.` },
  ]
}
