import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ActionButton, ButtonLink, DataTable, Form, Notice, Page, Section, Time, useReader } from '@liberacces/sdk/ui'
import { TRACE_KINDS, type TraceCounts } from '../removal/plugin-traces.ts'
import { quotaAmount } from './quota-amount.ts'
import { useTranslate } from './translate.ts'

/** An archive that a removal made. */
export interface ArchiveItem {
  readonly id: string
  readonly version: string
  /** ISO 8601. */
  readonly takenAt: string
}

/** What would go, and what did. Posts `understood` to `/admin/modules/:id/suppression`, and to `…/suppression/:archive/remettre` and `…/supprimer`. */
export interface AdminPluginRemovalPageProps {
  readonly plugin: { readonly id: string; readonly title: string; readonly version: string }
  /** What keeps it from being removed: it is on. */
  readonly isOn: boolean
  readonly counts: TraceCounts
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly bytes: number }[]
  readonly files: { readonly count: number; readonly bytes: number }
  /** Sentences: what personal data goes. */
  readonly personalData: readonly string[]
  /** Titles of plugins that use it. */
  readonly usedBy: readonly string[]
  readonly archives: readonly ArchiveItem[]
  /** After the removal: what was left, looked up afresh. */
  readonly residue?: TraceCounts
  /** The box that says so was not ticked. */
  readonly mustConfirm?: boolean
}

/** Removal of a plugin's data: what goes, the button, the report, and the archives. */
export function AdminPluginRemovalPage({ plugin, isOn, counts, tables, files, personalData, usedBy, archives, residue, mustConfirm = false }: AdminPluginRemovalPageProps): JSX.Element {
  const t = useTranslate()
  const { locale } = useReader()
  const size = (bytes: number): string => quotaAmount(locale, 'storage', bytes)
  const { title } = plugin
  const path = `/admin/modules/${plugin.id}/suppression`
  const isEmpty = TRACE_KINDS.every((kind) => counts[kind] === 0)
  return (
    <Page title={t('removal.title', { title })} intro={<p>{t('removal.intro')}</p>} breadcrumb={[{ label: t('admin.title'), href: '/admin' }, { label: t('admin.menu.plugins'), href: '/admin/modules' }]}>
      {residue !== undefined && <Residue title={title} residue={residue} />}
      {residue === undefined && !isEmpty && (
        <Section title={t('removal.preview')}>
          <div class="short-table">
            <DataTable
              caption={t('removal.tables')} rows={tables} rowKey={({ table }) => table} empty={t('removal.tables.empty')}
              columns={[
                { key: 'table', header: t('removal.table'), cell: ({ table }) => <code>{table}</code> },
                { key: 'rows', header: t('removal.rows'), numeric: true },
                { key: 'bytes', header: t('removal.size'), numeric: true, cell: ({ bytes }) => size(bytes) },
              ]}
            />
          </div>
          <p>{t('removal.files', { count: files.count })} {files.count > 0 && `(${size(files.bytes)})`}</p>
          <Counts caption={t('removal.counts')} counts={counts} kinds={TRACE_KINDS.filter((kind) => counts[kind] > 0)} />
          {personalData.length > 0 && <Section title={t('removal.personal')} level={3}><ul>{personalData.map((line) => <li key={line}>{line}</li>)}</ul></Section>}
          {usedBy.length > 0 && <Notice kind="warning"><p>{t('removal.used-by', { names: usedBy.join(', ') })}</p></Notice>}
          {isOn
            ? <><p>{t('removal.on', { title })}</p><ButtonLink href="/admin/modules">{t('admin.menu.plugins')}</ButtonLink></>
            : (
              <Form action={path}>
                {mustConfirm && <p class="la-error" id="understood-error">{t('removal.must-confirm')}</p>}
                <div class="la-choice">
                  <input id="understood" type="checkbox" name="understood" value="yes" {...(mustConfirm ? { 'aria-describedby': 'understood-error', 'aria-invalid': 'true' } : {})} />
                  <label for="understood">{t('removal.understood', { title })}</label>
                </div>
                <div class="la-form-actions"><button type="submit" class="la-button la-button-danger">{t('removal.do', { title })}</button></div>
              </Form>
            )}
        </Section>
      )}
      {residue === undefined && isEmpty && <p>{t('removal.nothing', { title })}</p>}
      <Section title={t('removal.archives')}>
        <p>{t('removal.archives.intro')}</p>
        {archives.length === 0
          ? <p class="la-empty">{t('removal.archives.empty')}</p>
          : <ul class="plain-list archive-list">{archives.map((archive) => <li key={archive.id}><Archive path={path} title={title} archive={archive} /></li>)}</ul>}
      </Section>
    </Page>
  )
}

/** Not in a table: on a phone its two questions need the whole width. */
function Archive({ path, title, archive: { id, version, takenAt } }: { readonly path: string; readonly title: string; readonly archive: ArchiveItem }): JSX.Element {
  const t = useTranslate()
  return (
    <>
      <p>{t('removal.archive', { version })} <Time date={takenAt} withTime />.</p>
      <div class="la-actions">
        <ActionButton action={`${path}/${id}/remettre`} label={t('removal.restore')} subject={takenAt} confirm={t('removal.restore.confirm', { title })} />
        <ActionButton action={`${path}/${id}/supprimer`} kind="danger" label={t('removal.archive.delete')} subject={takenAt} confirm={t('removal.archive.delete.confirm')} />
      </div>
    </>
  )
}

function Residue({ title, residue }: { readonly title: string; readonly residue: TraceCounts }): JSX.Element {
  const t = useTranslate()
  const left = TRACE_KINDS.reduce((sum, kind) => sum + residue[kind], 0)
  return (
    <Section title={t('removal.report')}>
      {left === 0
        ? <Notice kind="success" title={t('removal.report.none', { title })}><p>{t('removal.report.audit')}</p></Notice>
        : <Notice kind="error" title={t('removal.report.some', { title, count: left })} />}
      <Counts caption={t('removal.report.caption')} counts={residue} kinds={TRACE_KINDS} />
    </Section>
  )
}

function Counts({ caption, counts, kinds }: { readonly caption: string; readonly counts: TraceCounts; readonly kinds: readonly (keyof TraceCounts)[] }): JSX.Element {
  const t = useTranslate()
  return (
    <div class="short-table">
      <DataTable
        caption={caption} rows={kinds.map((kind) => ({ kind, count: counts[kind] }))} rowKey={({ kind }) => kind} empty=""
        columns={[{ key: 'kind', header: t('removal.kind'), cell: ({ kind }) => t(`removal.kind.${kind}`) }, { key: 'count', header: t('removal.count'), numeric: true }]}
      />
    </div>
  )
}
