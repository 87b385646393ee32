import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Badge, DataTable, Time } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** A grant as pages show it. Instants in ISO 8601. */
export interface GrantItem {
  readonly id: string
  readonly operator: string
  /** Name of the tenant. */
  readonly tenant: string
  readonly role: string
  readonly writes: boolean
  readonly reason: string
  readonly minutes: number
  readonly requestedAt: string
  readonly openedAt?: string
  /** When it ended, or will. */
  readonly endsAt?: string
  readonly state: 'requested' | 'open' | 'closed' | 'refused' | 'expired' | 'lapsed'
}

const KINDS = { requested: 'warning', open: 'info', closed: 'neutral', refused: 'neutral', expired: 'neutral', lapsed: 'neutral' } as const

/** Grants that are over or not, as a table: who, why, from when until when. */
export function GrantTable({ caption, grants, empty, withTenant = false }: { readonly caption: string; readonly grants: readonly GrantItem[]; readonly empty: string; readonly withTenant?: boolean }): JSX.Element {
  const t = useTranslate()
  return (
    <DataTable
      caption={caption}
      rows={grants}
      rowKey={({ id }) => id}
      empty={empty}
      columns={[
        { key: 'operator', header: t('grants.operator') },
        ...(withTenant ? [{ key: 'tenant', header: t('grants.tenant') }] : []),
        { key: 'reason', header: t('grants.reason'), cell: ({ reason }: GrantItem) => <span class="breakable">{reason}</span> },
        { key: 'role', header: t('grants.right'), cell: (grant: GrantItem) => t(grant.writes ? 'grants.right.writes' : 'grants.right.reads', { role: grant.role }) },
        { key: 'requestedAt', header: t('grants.from'), cell: ({ openedAt, requestedAt }: GrantItem) => <Time date={openedAt ?? requestedAt} withTime /> },
        { key: 'endsAt', header: t('grants.until'), cell: ({ endsAt }: GrantItem) => endsAt === undefined ? '—' : <Time date={endsAt} withTime /> },
        { key: 'state', header: t('grants.state'), cell: ({ state }: GrantItem) => <Badge kind={KINDS[state]}>{t(`grants.state.${state}`)}</Badge> },
      ]}
    />
  )
}
