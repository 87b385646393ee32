import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { DataTable, Page } from '@liberacces/sdk/ui'
import { LabelCell, type LabelItem } from './label-cell.tsx'
import { useTranslate } from './translate.ts'

/** A plugin of the Pool's catalogue. */
export interface CataloguePlugin {
  readonly id: string
  readonly title: string
  readonly publisher: string
  /** Newest first. */
  readonly versions: readonly string[]
  /** Of the newest version. */
  readonly label: LabelItem
  /** Tenants at which it is on. */
  readonly tenants: number
}

/** Every plugin that could run at the Pool's tenants. */
export function ConsolePluginsPage({ plugins }: { readonly plugins: readonly CataloguePlugin[] }): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('console.catalogue')} intro={<p>{t('console.catalogue.intro')}</p>} breadcrumb={[{ label: t('console.title'), href: '/' }]}>
      <DataTable
        caption={t('console.catalogue')} rows={plugins} rowKey={({ id }) => id} empty={t('plugins.empty')}
        columns={[
          { key: 'title', header: t('plugin.name'), cell: ({ id, title }) => <a href={`/modules/${id}`}>{title}</a> },
          { key: 'publisher', header: t('console.catalogue.publisher') },
          { key: 'versions', header: t('console.catalogue.versions'), cell: ({ versions }) => versions.join(', ') },
          { key: 'label', header: t('labels.column'), cell: ({ label }) => <LabelCell label={label} /> },
          { key: 'tenants', header: t('console.catalogue.tenants'), numeric: true },
        ]}
      />
    </Page>
  )
}
