import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { DataTable, Form, Page, Section, TextInput, Time } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** Posts `validFrom` (a day) and `population` to `/seuil`. */
export interface ConsoleThresholdPageProps {
  /** Oldest first. Days in ISO 8601; the first holds from the beginning. */
  readonly thresholds: readonly { readonly validFrom: string; readonly population: number; readonly current: boolean }[]
  readonly form?: { readonly values: Readonly<Record<string, string>>; readonly errors: Readonly<Record<string, string>> }
}

/** Up to how many inhabitants a commune is small, from which day on. */
export function ConsoleThresholdPage({ thresholds, form }: ConsoleThresholdPageProps): JSX.Element {
  const t = useTranslate()
  const [first] = thresholds
  const field = (name: 'validFrom' | 'population') => ({ value: form?.values[name] ?? '', ...(form?.errors[name] === undefined ? {} : { error: form.errors[name] }) })
  return (
    <Page title={t('threshold.title')} intro={<p>{t('threshold.intro')}</p>} breadcrumb={[{ label: t('console.title'), href: '/' }]}>
      <DataTable
        caption={t('threshold.caption')}
        rows={thresholds}
        rowKey={({ validFrom }) => validFrom}
        columns={[
          { key: 'validFrom', header: t('threshold.from'), cell: (row) => row === first ? t('threshold.always') : <Time date={row.validFrom} /> },
          { key: 'population', header: t('console.population'), cell: ({ population, current }) => <>{t('console.persons', { count: population })}{current && <> – {t('threshold.current')}</>}</> },
        ]}
      />
      <Section title={t('threshold.new')}>
        <Form action="/seuil">
          <TextInput name="validFrom" type="date" label={t('threshold.from')} {...field('validFrom')} />
          <TextInput name="population" label={t('console.population')} hint={t('threshold.hint')} {...field('population')} />
          <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('save')}</button></div>
        </Form>
      </Section>
    </Page>
  )
}
