import type { Translate } from '../pages/translate.ts'

/** What a scope lets a plugin do, said so that an administrator can decide. The one place for these sentences. */
export function scopeText(scope: string, t: Translate): string {
  switch (scope) {
    case 'db': return t('scope.db')
    case 'files': return t('scope.files')
    case 'browser': return t('scope.browser')
    case 'mail:send': return t('scope.mail')
    case 'net:*': return t('scope.net.any')
    case 'tcp:*': return t('scope.tcp.any')
    case 'events:read:*': return t('scope.events.read')
    case 'events:write:*': return t('scope.events.write')
    default: return scope.startsWith('tcp:') ? t('scope.tcp', { host: scope.slice(4) }) : scope.startsWith('net:') ? t('scope.net', { host: scope.slice(4) }) : scope
  }
}
