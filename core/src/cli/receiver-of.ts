import { PlatformError } from '../errors.ts'
import type { Platform } from '../platform.ts'

/**
 * The plugin that a handler belongs to, where only its own name was said.
 * @throws PlatformError `REPLAY_INVALID` where several plugins of the tenant have one of that name, or none has
 */
export function receiverOf(platform: Platform, tenantId: string, { plugin, handler }: { readonly plugin?: string | undefined; readonly handler?: string | undefined }): string | undefined {
  if (plugin !== undefined || handler === undefined) return plugin
  const owners = platform.installations.modules(tenantId).releases.filter(({ registrations }) => registrations.handlers.some(({ id }) => id === handler)).map(({ manifest }) => manifest.id)
  const [owner, ...others] = owners
  if (owner !== undefined && others.length === 0) return owner
  throw new PlatformError('REPLAY_INVALID', owner === undefined ? `No active plugin has a handler "${handler}".` : `Several plugins have a handler "${handler}": ${owners.join(', ')}.`, { fix: 'Say which with --plugin; see `liberacces events list` for both names.' })
}
