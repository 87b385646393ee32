import type { TObject } from '@liberacces/sdk'
import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Page, SchemaForm, type FieldLabels } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** The settings of one plugin. Posts to `/admin/modules/:id/reglages`. */
export interface AdminPluginSettingsPageProps {
  readonly plugin: { readonly id: string; readonly title: string }
  /** As in the manifest; plain JSON Schema will do. */
  readonly schema: TObject
  readonly values: Readonly<Record<string, unknown>>
  readonly errors?: Readonly<Record<string, string>>
  /** The plugin's messages `field.<name>`. */
  readonly label: FieldLabels
}

/** A form made from the schema of a plugin's settings. */
export function AdminPluginSettingsPage({ plugin, schema, values, errors = {}, label }: AdminPluginSettingsPageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('settings.plugin', { title: plugin.title })} breadcrumb={[{ label: t('admin.title'), href: '/admin' }, { label: t('admin.menu.plugins'), href: '/admin/modules' }]}>
      <SchemaForm schema={schema} values={values} errors={errors} label={label} submitLabel={t('save')} action={`/admin/modules/${plugin.id}/reglages`} cancelHref="/admin/modules" />
    </Page>
  )
}
