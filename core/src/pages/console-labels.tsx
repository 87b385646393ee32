import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { DataTable, Form, Notice, Page, Section, Select, TextInput, Time } from '@liberacces/sdk/ui'
import { GRADES } from '../labels/grade.ts'
import type { LabelPolicy } from '../labels/label-policy.ts'
import { KernelProblem, type ShownProblem } from './kernel-problem.tsx'
import { useTranslate } from './translate.ts'

/** What the Pool asks of labels, and whom it trusts. Posts to `/labels/regles` and, with a file, to `/labels/fichier`. */
export interface ConsoleLabelsPageProps {
  readonly policy: LabelPolicy
  readonly roots: readonly { readonly id: string; readonly name: string; readonly version: number; readonly expires: string; readonly fingerprint: string }[]
  readonly lists: readonly { readonly uri: string; readonly version: number; readonly issued: string }[]
  /** What was wrong with the number of days. */
  readonly daysError?: string
  /** Why a file was refused. */
  readonly refused?: ShownProblem
}

/** Labels: the policy, the certifiers, and the way in for newer lists. */
export function ConsoleLabelsPage({ policy, roots, lists, daysError, refused }: ConsoleLabelsPageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('labels.title')} intro={<p>{t('labels.intro')}</p>} breadcrumb={[{ label: t('console.title'), href: '/' }]}>
      {refused !== undefined && <Notice kind="error" title={t('labels.file.refused')}><KernelProblem {...refused} /></Notice>}
      <Section title={t('labels.policy')}>
        <p>{t(policy.require === 'none' ? 'labels.policy.none' : 'labels.policy.some')}</p>
        <Form action="/labels/regles">
          <Select name="require" label={t('labels.policy.require')} value={policy.require} options={[{ value: 'none', label: t('labels.policy.require.none') }, ...GRADES.map((grade) => ({ value: grade, label: t('labels.policy.require.grade', { grade: t(`labels.grade.${grade}`) }) }))]} />
          <TextInput name="statusMaxAgeDays" label={t('labels.policy.days')} value={String(policy.statusMaxAgeDays)} hint={t('labels.policy.days.hint')} {...(daysError === undefined ? {} : { error: daysError })} />
          <Select name="onStale" label={t('labels.policy.stale')} value={policy.onStale} options={(['warn', 'block'] as const).map((value) => ({ value, label: t(`labels.policy.stale.${value}`) }))} />
          <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('labels.policy.save')}</button></div>
        </Form>
      </Section>
      <Section title={t('labels.roots')}>
        <DataTable
          caption={t('labels.roots')} rows={roots} rowKey={({ id }) => id} empty={t('labels.roots.none')}
          columns={[
            { key: 'name', header: t('labels.roots.name') }, { key: 'version', header: t('plugin.version'), numeric: true },
            { key: 'expires', header: t('labels.roots.expires'), cell: ({ expires }) => <Time date={expires} /> },
            { key: 'fingerprint', header: t('labels.roots.fingerprint'), cell: ({ fingerprint }) => <code class="breakable">{fingerprint}</code> },
          ]}
        />
        <DataTable
          caption={t('labels.lists')} rows={lists} rowKey={({ uri }) => uri} empty={t('labels.lists.none')}
          columns={[{ key: 'uri', header: t('labels.lists.uri'), cell: ({ uri }) => <code class="breakable">{uri}</code> }, { key: 'version', header: t('plugin.version'), numeric: true }, { key: 'issued', header: t('labels.lists.issued'), cell: ({ issued }) => <Time date={issued} withTime /> }]}
        />
      </Section>
      <Section title={t('labels.file')}>
        <p>{t('labels.file.intro')}</p>
        <Form action="/labels/fichier" multipart>
          <div class="la-field"><label for="field-file">{t('labels.file.label')}</label><input type="file" id="field-file" name="file" accept=".json,application/json" /></div>
          <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('labels.file.send')}</button></div>
        </Form>
      </Section>
    </Page>
  )
}
