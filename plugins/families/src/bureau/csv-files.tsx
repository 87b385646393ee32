import { addDays, Choice, TextBody, Type, Upload } from '@liberacces/sdk'
import { writeCsv } from '@liberacces/sdk/csv'
import { ButtonLink, DataTable, Notice, Page } from '@liberacces/sdk/ui'
import { planChildrenImport, type ImportProblem } from '../csv/children-import.ts'
import { writeChildrenCsv, writeHouseholdsCsv, type ExportFacts } from '../csv/children-export.ts'
import { schoolYearOf } from '../domain/school-year.ts'
import type { FamiliesContext, FamiliesRegistrar } from '../families-types.ts'
import { householdCards } from '../store/cards.ts'
import { insertChild } from '../store/children.ts'
import { insertHousehold } from '../store/households.ts'
import { insertQuotient } from '../store/quotients.ts'
import { placeChild, schoolCards } from '../store/schools.ts'
import { bureauCrumbs } from './shell.tsx'

/** Problems of one page. */
const PAGE = 100
/** Days a report is kept. */
const REPORT_DAYS = 30

// A text file has no signature: what the bytes are taken for may be plain text.
const ImportForm = Type.Object({ csv: Upload({ accept: ['text/csv', 'text/plain'], maxBytes: 2_097_152 }), onFault: Choice(['nothing', 'good-lines'], { default: 'nothing' }) })

/** Import of children with their households, all lines or the good ones as chosen, with a report; and the same lists as files. */
export function registerCsvFiles(k: FamiliesRegistrar): void {
  const access = { audience: 'agent', permission: 'household.export' } as const

  k.form({ ...access, path: '/gestion/importer', title: 'page.import', intro: 'import.intro', submit: 'import.submit', schema: ImportForm }, async (c, { csv, onFault }) => {
    const stored = await c.files.get(csv.id)
    if (stored === undefined) return c.invalid({ csv: c.t('problem.required') })
    const bytes = await stored.bytes()
    // The file holds personal data and has served.
    await c.files.delete(csv.id)
    const id = c.id()
    const report = await c.transaction(async (tx) => {
      const classes = (await schoolCards(tx)).flatMap((school) => school.classes.map((each) => ({ id: each.id, name: each.name, schoolName: school.name })))
      const children = (await tx.selectFrom('child').select(['first_name', 'last_name', 'birth_day']).execute()).map((row) => ({ firstName: row.first_name, lastName: row.last_name, birthDay: row.birth_day }))
      const plan = planChildrenImport(bytes, { today: c.today(), classes, children })
      const wanted = plan.problems.length > 0 && onFault === 'nothing' ? [] : plan.households
      for (const { household, guardians, children: brought, quotient } of wanted) {
        const { id: householdId } = await insertHousehold(c, tx, household, guardians)
        for (const child of brought) {
          const childId = await insertChild(c, tx, householdId, child)
          if (child.classId !== undefined) await placeChild(c, tx, childId, child.classId, { firstDay: c.today(), lastDay: schoolYearOf(c.today()).lastDay })
        }
        if (quotient !== undefined) await insertQuotient(c, tx, householdId, { ...quotient, source: 'declared' }, c.today())
      }
      const counts = { imported: wanted.reduce((sum, each) => sum + each.children.length, 0), skipped: new Set(plan.problems.map(({ line }) => line)).size }
      await tx.insertInto('import_report').values({ id, made_at: c.now().toISOString(), ...counts, problems: JSON.stringify(plan.problems) }).execute()
      return counts
    })
    await c.audit('children.imported', id, report)
    return c.redirect(`/gestion/importer/${id}`)
  })

  k.page({ ...access, path: '/gestion/importer/:id', title: 'page.import.report', query: Type.Object({ page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })) }) }, async (c, { params, query }) => {
    const report = await findReport(c, params['id'] ?? '')
    if (report === undefined) return c.notFound()
    const { problems } = report
    const here = `/gestion/importer/${report.id}`
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
    await c.db.deleteFrom('import_report').where('made_at', '<', addDays(c.today(), -REPORT_DAYS)).execute()
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
