import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { useTranslate, type Translate } from './translate.ts'

/** What a plugin may do, said so that an administrator can decide. */
export function ScopeList({ scopes }: { readonly scopes: readonly string[] }): JSX.Element {
  const t = useTranslate()
  if (scopes.length === 0) return <p>{t('scope.none')}</p>
  return <ul class="scope-list">{scopes.map((scope) => <li key={scope}>{scopeText(scope, t)}</li>)}</ul>
}

function scopeText(scope: string, t: Translate): string {
  switch (scope) {
    case 'db': return t('scope.db')
    case 'files': return t('scope.files')
    case 'mail:send': return t('scope.mail')
    default: return scope.startsWith('net:') ? t('scope.net', { host: scope.slice(4) }) : scope
  }
}
