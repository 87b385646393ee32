import { addDays, Type, Upload } from '@liberacces/sdk'
import { ButtonLink, DataTable, Notice, Page } from '@liberacces/sdk/ui'
import type { DirectoryContext, DirectoryRegistrar, DirectoryTransaction } from '../directory-types.ts'
import { planPeopleImport, type ImportProblem, type PersonChange } from '../people-import.ts'
import { saveMandate } from '../store/mandates.ts'
import { allPeople, insertPerson, today, updatePerson } from '../store/people.ts'
import { allServices } from '../store/services.ts'
import { peopleCrumbs } from './shell.tsx'

/** Problems kept of one import; a file that has more is better looked at as a whole. */
const MOST_PROBLEMS = 1000
/** Days a report is kept. */
const REPORT_DAYS = 30

// A text file has no signature: what the bytes are taken for may be plain text.
const ImportForm = Type.Object({ file: Upload({ accept: ['text/csv', 'text/plain'], maxBytes: 2_097_152 }) })

/** Import of people: all lines or none. Its report, good or bad, is a page of its own. */
export function registerCsvImport(k: DirectoryRegistrar): void {
  k.form(
    { path: '/gestion/importer', audience: 'agent', permission: 'entry.write', title: 'page.import', intro: 'import.intro', submit: 'import.submit', schema: ImportForm },
    async (c, { file }) => {
      const stored = await c.files.get(file.id)
      if (stored === undefined) return c.invalid({ file: c.t('problem.required') })
      const bytes = await stored.bytes()
      // The file holds personal data and has served.
      await c.files.delete(file.id)
      const id = c.id()
      const report = await c.transaction(async (tx) => {
        const plan = planPeopleImport(bytes, { people: await allPeople(tx), services: await allServices(tx) })
        const changes = plan.ok ? plan.changes : []
        for (const change of changes) await apply(c, tx, change)
        const updated = changes.filter((change) => change.id !== undefined).length
        const problems = plan.ok ? [] : plan.problems.slice(0, MOST_PROBLEMS)
        const counts = { created: changes.length - updated, updated }
        await tx.insertInto('import_report').values({ id, made_at: c.now().toISOString(), ...counts, problems: JSON.stringify(problems) }).execute()
        return { ...counts, problems: problems.length }
      })
      await c.audit('people.imported', id, report)
      return c.redirect(`/gestion/importer/${id}`)
    },
  )

  k.page({ path: '/gestion/importer/:id', audience: 'agent', permission: 'entry.write', title: 'page.import.report' }, async (c, { params }) => {
    const report = await c.db.selectFrom('import_report').selectAll().where('id', '=', params['id'] ?? '').executeTakeFirst()
    if (report === undefined) return c.notFound()
    const problems = JSON.parse(report.problems) as readonly ImportProblem[]
    return (
      <Page title={c.t('page.import.report')} intro={c.format.dateTime(report.made_at)} breadcrumb={peopleCrumbs(c)}
        actions={<ButtonLink href={c.url('/gestion/importer')}>{c.t('import.again')}</ButtonLink>}>
        {problems.length === 0
          ? <Notice kind="success" title={c.t('import.done')}>{c.t('import.counts', { created: report.created, updated: report.updated })}</Notice>
          : (
            <>
              <Notice kind="error" title={c.t('import.refused')}>{c.t('import.refused.detail', { count: problems.length })}</Notice>
              <DataTable
                caption={c.t('import.problems')}
                rows={problems}
                columns={[
                  { key: 'line', header: c.t('import.line'), numeric: true },
                  { key: 'column', header: c.t('import.column') },
                  { key: 'problem', header: c.t('import.problem'), cell: ({ problem }) => c.t(`problem.${problem}`) },
                ]}
              />
            </>
            )}
      </Page>
    )
  })

  k.schedule({ id: 'forget-import-reports', cron: '40 3 * * *', timeoutMs: 30_000 }, async (c) => {
    await c.db.deleteFrom('import_report').where('made_at', '<', addDays(today(c), -REPORT_DAYS)).execute()
  })
}

async function apply(c: DirectoryContext, tx: DirectoryTransaction, { id, person, mandate }: PersonChange): Promise<void> {
  const personId = id ?? c.id()
  if (id === undefined) await insertPerson(tx, personId, person, c.now())
  else await updatePerson(tx, personId, person, c.now())
  if (mandate !== undefined) await saveMandate(tx, mandate.id ?? c.id(), personId, mandate.value, today(c))
}
