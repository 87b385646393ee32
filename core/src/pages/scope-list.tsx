import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { scopeText } from '../consent/scope-text.ts'
import { useTranslate } from './translate.ts'

/** What a plugin may do, said so that an administrator can decide. */
export function ScopeList({ scopes }: { readonly scopes: readonly string[] }): JSX.Element {
  const t = useTranslate()
  if (scopes.length === 0) return <p>{t('scope.none')}</p>
  return <ul class="scope-list">{scopes.map((scope) => <li key={scope}>{scopeText(scope, t)}</li>)}</ul>
}
