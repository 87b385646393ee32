import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Badge } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** State of a plugin for a tenant; `available` is in the catalogue and was never switched on. */
export type PluginStateName = 'available' | 'activating' | 'active' | 'degraded' | 'upgrading' | 'rolling-back' | 'draining' | 'inactive' | 'migration-failed' | 'archived' | 'purged'

const KINDS = {
  'available': 'neutral', 'activating': 'info', 'active': 'success', 'degraded': 'warning', 'upgrading': 'info', 'rolling-back': 'info', 'draining': 'info', 'inactive': 'neutral',
  'migration-failed': 'error', 'archived': 'neutral', 'purged': 'neutral',
} as const

/** The state in words. */
export function PluginState({ state }: { readonly state: PluginStateName }): JSX.Element {
  const t = useTranslate()
  return <Badge kind={KINDS[state]}>{t(`plugin.state.${state}`)}</Badge>
}
