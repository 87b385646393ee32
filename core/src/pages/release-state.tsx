import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Badge } from '@liberacces/sdk/ui'
import type { ReleaseState } from '../health/health.ts'
import { useTranslate } from './translate.ts'

const KINDS = { 'ready': 'success', 'starting': 'info', 'backing-off': 'warning', 'quarantined': 'error', 'stopped': 'error' } as const satisfies Record<ReleaseState, string>

/** How a release is, in words. */
export function ReleaseStateBadge({ state, paused }: { readonly state: ReleaseState; /** Tenants for which it is not tried just now. */ readonly paused: number }): JSX.Element {
  const t = useTranslate()
  return (
    <>
      <Badge kind={KINDS[state]}>{t(`health.state.${state}`)}</Badge>
      {paused > 0 && <> <Badge kind="warning">{t('health.paused.count', { count: paused })}</Badge></>}
    </>
  )
}
