import type { LoadedRelease } from '../../runtime/release.ts'

/** Where a release's scripts and its offline worker lie, below the plugin's own address. */
export function scriptAddresses({ manifest }: Pick<LoadedRelease, 'manifest'>): { readonly base: string; readonly scripts: string; readonly worker: string } {
  const base = `/apps/${manifest.path}/`
  return { base, scripts: `${base}_browser/`, worker: `${base}_offline.js` }
}

/** Name of the one Trusted Types policy that the platform's own script makes, and nobody after it. */
const OWN_POLICY = 'liberacces-offline'

interface Asked {
  readonly release: Pick<LoadedRelease, 'manifest'>
  /** As the client wrote it: sources with a path need it. */
  readonly host: string
  /** Address of the platform's script that keeps pages; `undefined` for a page that is not kept. */
  readonly keeper: string | undefined
}

/**
 * What a page of a plugin with a script of its own may do. All plugins of a tenant share its origin, so that what "self" allows is every page of the commune,
 * with the session of who is logged in. Hence each source names the plugin's own path; no window but this one can be reached; and nothing is made of text that runs.
 */
export function scriptPolicy({ release, host, keeper }: Asked): string {
  const { base, scripts, worker } = scriptAddresses(release)
  const at = (path: string): string => `${host}${path}`
  return [
    "default-src 'none'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    `script-src ${at(scripts)}${keeper === undefined ? '' : ` ${at(keeper)}`}`,
    `connect-src ${at(base)}`,
    `worker-src ${keeper === undefined ? "'none'" : at(worker)}`,
    `form-action ${at(base)} ${at('/auth/logout')}`,
    "base-uri 'none'", "frame-src 'none'", "frame-ancestors 'none'",
    // Without "allow-popups": a window that it opened could be read, whatever its own policy.
    'sandbox allow-scripts allow-same-origin allow-forms allow-downloads',
    "require-trusted-types-for 'script'", `trusted-types ${keeper === undefined ? "'none'" : OWN_POLICY}`,
  ].join('; ')
}

/** What the offline worker itself may fetch: the plugin's pages, and what the platform puts around them. */
export function workerPolicy(release: Pick<LoadedRelease, 'manifest'>, host: string): string {
  const { base } = scriptAddresses(release)
  return `default-src 'none'; connect-src ${[base, '/assets/', '/theme.css'].map((path) => host + path).join(' ')}`
}

/** As every other page has it, with the camera for a page that asks for it. */
export function permissionsPolicy(camera: boolean): string {
  return `camera=(${camera ? 'self' : ''}), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()`
}
