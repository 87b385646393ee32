import { addDays, Choice, TextBody, Type, Upload } from '@liberacces/sdk'
import { writeCsv } from '@liberacces/sdk/csv'
import { ButtonLink, DataTable, Notice, Page } from '@liberacces/sdk/ui'
import { ChildrenImporting } from '../contract.ts'
import type { ImportProblem } from '../csv/children-import.ts'
import { importChildren, importWaiting, ON_FAULT } from '../csv/import-children.ts'
import { writeChildrenCsv, writeHouseholdsCsv, type ExportFacts } from '../csv/children-export.ts'
import type { FamiliesContext, FamiliesRegistrar } from '../families-types.ts'
import { householdCards } from '../store/cards.ts'
import { schoolCards } from '../store/schools.ts'
import { bureauCrumbs } from './shell.tsx'

/** Problems of one page. */
const PAGE = 100
/** Days a report is kept. */
const REPORT_DAYS = 30

// A text file has no signature: what the bytes are taken for may be plain text.
const ImportForm = Type.Object({ csv: Upload({ accept: ['text/csv', 'text/plain'], maxBytes: 2_097_152 }), onFault: Choice(ON_FAULT, { default: 'nothing' }) })

/** Import of children with their households, all lines or the good ones as chosen, with a report; and the same lists as files. */
export function registerCsvFiles(k: FamiliesRegistrar): void {
  const access = { audience: 'agent', permission: 'household.export' } as const

  k.form({ ...access, path: '/gestion/importer', title: 'page.import', intro: 'import.intro', submit: 'import.submit', schema: ImportForm }, async (c, { csv, onFault }) => {
    const stored = await c.files.get(csv.id)
    return stored === undefined ? c.invalid({ csv: c.t('problem.required') }) : c.redirect(`/gestion/importer/${await importChildren(c, csv.id, await stored.bytes(), onFault)}`)
  })
  k.on(ChildrenImporting, (c, { data }) => importWaiting(c, data.reportId), { timeoutMs: 60_000 })

  k.page({ ...access, path: '/gestion/importer/:id', title: 'page.import.report', query: Type.Object({ page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })) }) }, async (c, { params, query }) => {
    const report = await findReport(c, params['id'] ?? '')
    if (report === undefined) return c.notFound()
    const { problems } = report
    const here = `/gestion/importer/${report.id}`
    if (report.file_id !== null) {
      return (
        <Page title={c.t('page.import.report')} intro={c.format.dateTime(report.made_at)} breadcrumb={bureauCrumbs(c)} actions={<ButtonLink href={c.url(here)}>{c.t('import.refresh')}</ButtonLink>}>
          <Notice kind="info" title={c.t('import.running')}><p>{c.t('import.running.detail')}</p></Notice>
        </Page>
      )
    }
    const pageCount = Math.max(1, Math.ceil(problems.length / PAGE))
    const page = Math.min(query.page ?? 1, pageCount)
    return (
      <Page title={c.t('page.import.report')} intro={c.format.dateTime(report.made_at)} breadcrumb={bureauCrumbs(c)} actions={<>
        <ButtonLink href={c.url('/gestion/importer')}>{c.t('import.again')}</ButtonLink>
        {problems.length > 0 && <ButtonLink href={c.url(`${here}/anomalies.csv`)}>{c.t('import.file')}</ButtonLink>}
      </>}>
        <Notice kind={report.imported > 0 ? 'success' : 'error'} title={c.t('import.counts', { imported: report.imported, skipped: report.skipped })} />
        {problems.length > 0 && (
          <DataTable caption={c.t('import.problems')} rows={problems.slice((page - 1) * PAGE, page * PAGE)} columns={[
            { key: 'line', header: c.t('import.line'), numeric: true }, { key: 'column', header: c.t('import.column') }, { key: 'problem', header: c.t('import.problem'), cell: ({ problem }) => c.t(`problem.${problem}`) },
          ]} {...(pageCount > 1 ? { pagination: { page, pageCount, href: (to: number) => c.url(here, { page: to }) } } : {})} />
        )}
      </Page>
    )
  })

  const file = { ...access, method: 'GET', response: { 200: TextBody('text/csv') } } as const
  const attachment = (name: string) => ({ 'content-disposition': `attachment; filename="${name}"` })
  k.route({ ...file, path: '/gestion/importer/:id/anomalies.csv', summary: 'Every faulty line of an import, with what is wrong (CSV)' }, async (c, { params }) => {
    const report = await findReport(c, params['id'] ?? '')
    if (report === undefined) return c.notFound()
    return c.reply(200, writeCsv([c.t('import.line'), c.t('import.column'), c.t('import.problem')], report.problems.map(({ line, column, problem }) => [String(line), column ?? '', c.t(`problem.${problem}`)])), attachment('anomalies.csv'))
  })
  k.route({ ...file, path: '/gestion/export/enfants.csv', summary: 'Children with guardians and classes (CSV), nothing of health' }, async (c) => {
    const { households, facts } = await everything(c)
    await c.audit('children.exported', 'child', { count: households.reduce((sum, each) => sum + each.children.length, 0) })
    return c.reply(200, writeChildrenCsv(households, facts), attachment(`enfants-${c.today()}.csv`))
  })
  k.route({ ...file, path: '/gestion/export/foyers.csv', summary: 'Households (CSV)' }, async (c) => {
    const { households, facts } = await everything(c)
    await c.audit('households.exported', 'household', { count: households.length })
    return c.reply(200, writeHouseholdsCsv(households, facts), attachment(`foyers-${c.today()}.csv`))
  })

  k.schedule({ id: 'forget-import-reports', cron: '40 3 * * *', timeoutMs: 30_000 }, async (c) => {
    const before = addDays(c.today(), -REPORT_DAYS)
    // A file that names children and could not be read goes with its report.
    for (const { file_id: fileId } of await c.db.selectFrom('import_report').select('file_id').where('made_at', '<', before).where('file_id', 'is not', null).execute()) if (fileId !== null) await c.files.delete(fileId)
    await c.db.deleteFrom('import_report').where('made_at', '<', before).execute()
  })
}

/** A report with all its problems. */
async function findReport(c: FamiliesContext, id: string) {
  const report = await c.db.selectFrom('import_report').selectAll().where('id', '=', id).executeTakeFirst()
  return report === undefined ? undefined : { ...report, problems: JSON.parse(report.problems) as readonly ImportProblem[] }
}

async function everything(c: FamiliesContext): Promise<{ readonly households: Awaited<ReturnType<typeof householdCards>>; readonly facts: ExportFacts }> {
  const rows = await c.db.selectFrom('household').selectAll().orderBy('sort_key').orderBy('id').execute()
  const quotients = c.actor.can('quotient.read')
    ? await c.db.selectFrom('quotient').selectAll().where('first_day', '<=', c.today()).where('last_day', '>=', c.today()).orderBy('first_day').orderBy('read_at').execute()
    : []
  const apart = await c.db.selectFrom('guardian').select(['id', 'address', 'postcode', 'town']).where('address', 'is not', null).execute()
  return {
    households: await householdCards(c.db, rows, c.today()),
    facts: { schoolNames: new Map((await schoolCards(c.db)).map(({ id, name }) => [id, name])), addresses: new Map(rows.map((row) => [row.id, row])), ownAddresses: new Map(apart.map((row) => [row.id, row])), quotients: new Map(quotients.map((row) => [row.household_id, row])) },
  }
}
