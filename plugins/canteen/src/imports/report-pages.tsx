import { TextBody, Type } from '@liberacces/sdk'
import { writeCsv } from '@liberacces/sdk/csv'
import { ButtonLink, DataTable, Notice, Page } from '@liberacces/sdk/ui'
import type { CanteenContext, CanteenRegistrar } from '../canteen-types.ts'
import type { Permission } from '../permissions.ts'
import { findReport, type ImportKind } from './import-report.ts'

/** Problems of one page. */
const PAGE = 100

/** Where the reports of a kind are, and who reads them. Messages are `import.<kind>.report` and `import.<kind>.counts`. */
export interface ReportPlace {
  readonly kind: ImportKind
  /** Address of the form; a report is below it. */
  readonly path: string
  readonly permission: Permission
  readonly crumbs: (c: CanteenContext) => readonly { readonly label: string; readonly href: string }[]
}

/** The page of a report, problem by problem, and all of them as a file to mend the one that was read. */
export function registerReport(k: CanteenRegistrar, { kind, path, permission, crumbs }: ReportPlace): void {
  const access = { audience: 'agent', permission } as const
  k.page({ ...access, path: `${path}/:id`, title: `import.${kind}.report`, query: Type.Object({ page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })) }) }, async (c, { params, query }) => {
    const id = params['id'] ?? ''
    const report = await findReport(c.db, id, kind)
    if (report === undefined) return c.notFound()
    const { imported, problems, progress } = report
    if (progress?.hasStopped === false) {
      return (
        <Page title={c.t(`import.${kind}.report`)} breadcrumb={crumbs(c)} actions={<ButtonLink href={c.url(`${path}/${id}`)}>{c.t('import.refresh')}</ButtonLink>}>
          <Notice kind="info" title={c.t('import.running')}><p>{c.t('import.progress', { read: progress.read, lines: progress.lines })}</p></Notice>
        </Page>
      )
    }
    const pageCount = Math.max(1, Math.ceil(problems.length / PAGE))
    const page = Math.min(query.page ?? 1, pageCount)
    return (
      <Page title={c.t(`import.${kind}.report`)} breadcrumb={crumbs(c)} actions={<>
        <ButtonLink href={c.url(path)}>{c.t('import.again')}</ButtonLink>
        {problems.length > 0 && <ButtonLink href={c.url(`${path}/${id}/anomalies.csv`)}>{c.t('import.file')}</ButtonLink>}
      </>}>
        {progress !== undefined && <Notice kind="error" title={c.t('import.stopped', { read: progress.read, lines: progress.lines })} />}
        <Notice kind={problems.length === 0 ? 'success' : 'warning'} title={c.t(`import.${kind}.counts`, { imported, faulty: new Set(problems.map(({ line }) => line)).size })} />
        {problems.length > 0 && (
          <DataTable caption={c.t('import.problems', { count: problems.length })} rows={problems.slice((page - 1) * PAGE, page * PAGE)} columns={[{ key: 'line', header: c.t('import.line'), numeric: true }, { key: 'text', header: c.t('import.problem') }]}
            {...(pageCount > 1 ? { pagination: { page, pageCount, href: (to: number) => c.url(`${path}/${id}`, { page: to }) } } : {})} />
        )}
      </Page>
    )
  })

  k.route({ ...access, method: 'GET', path: `${path}/:id/anomalies.csv`, summary: 'Every faulty line of an import, with what is wrong (CSV)', response: { 200: TextBody('text/csv') } }, async (c, { params }) => {
    const report = await findReport(c.db, params['id'] ?? '', kind)
    if (report === undefined) return c.notFound()
    return c.reply(200, writeCsv([c.t('import.line'), c.t('import.problem')], report.problems.map(({ line, text }) => [String(line), text])), { 'content-disposition': 'attachment; filename="anomalies.csv"' })
  })
}
