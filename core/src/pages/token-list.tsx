import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ActionButton, DataTable, Time } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** An API token as pages show it. Instants in ISO 8601. */
export interface TokenItem {
  readonly id: string
  readonly label: string
  readonly createdAt: string
  /** Left out for never. */
  readonly expiresAt?: string
}

/** Tokens of one account; each button posts to `<path>/:id/revoquer`. */
export function TokenTable({ tokens, path }: { readonly tokens: readonly TokenItem[]; readonly path: string }): JSX.Element {
  const t = useTranslate()
  return (
    <DataTable
      caption={t('tokens.caption')}
      rows={tokens}
      rowKey={({ id }) => id}
      empty={t('tokens.empty')}
      columns={[
        { key: 'label', header: t('tokens.label') },
        { key: 'createdAt', header: t('tokens.created'), cell: ({ createdAt }) => <Time date={createdAt} /> },
        { key: 'expiresAt', header: t('tokens.expires'), cell: ({ expiresAt }) => expiresAt === undefined ? t('tokens.never') : <Time date={expiresAt} /> },
        { key: 'revoke', header: t('tokens.action'), cell: ({ id, label }) => <ActionButton action={`${path}/${id}/revoquer`} kind="danger" label={t('tokens.revoke')} subject={label} confirm={t('tokens.revoke.confirm', { label })} /> },
      ]}
    />
  )
}
