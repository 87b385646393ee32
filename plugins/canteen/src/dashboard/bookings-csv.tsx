import { Families, type ChildCard } from '@liberacces/plugin-families/contract'
import { addDays, Choice, parseDay, TextBody, Type, Upload } from '@liberacces/sdk'
import { ButtonLink, DataTable, Notice, Page } from '@liberacces/sdk/ui'
import { readCsv, writeCsv } from '@liberacces/sdk/csv'
import { fulfil, type Wish } from '../booking/engine/book.ts'
import { readUnits } from '../booking/engine/situation.ts'
import { refusalWords } from '../booking/words/refusal-words.ts'
import type { CanteenContext, CanteenRegistrar } from '../canteen-types.ts'

const COLUMNS = ['Enfant', 'École', 'Activité', 'Date'] as const
const MOST_LINES = 2_000
const DAYS_KEPT = 30

interface LineProblem { readonly line: number; readonly text: string }

/** Reads bookings of a file: the identifier of the child, the school's name, the unit's name or identifier, the day. */
async function readLines(c: CanteenContext, bytes: Uint8Array): Promise<{ readonly wishes: readonly (Wish & { readonly line: number })[]; readonly problems: readonly LineProblem[] }> {
  const reading = readCsv(bytes)
  if (!reading.ok) return { wishes: [], problems: [{ line: reading.line, text: c.t('booking.import.problem.csv') }] }
  const { header, rows } = reading.table
  const places = COLUMNS.map((name) => header.indexOf(name))
  if (places.includes(-1)) return { wishes: [], problems: [{ line: 1, text: c.t('booking.import.problem.columns', { names: COLUMNS.join(' ; ') }) }] }
  if (rows.length === 0 || rows.length > MOST_LINES) return { wishes: [], problems: [{ line: 1, text: c.t('booking.import.problem.size', { most: MOST_LINES }) }] }
  const units = [...(await readUnits(c.db)).values()]
  const schools = await c.use(Families).schools({})
  const ids = [...new Set(rows.map(({ cells }) => cells[places[0] ?? 0] ?? ''))].filter((id) => id !== '' && id.length <= 200)
  const children = new Map<string, ChildCard>()
  for (let start = 0; start < ids.length; start += 1_000) for (const child of await c.use(Families).children({ ids: ids.slice(start, start + 1_000), on: c.today() })) children.set(child.id, child)
  const wishes: (Wish & { readonly line: number })[] = []
  const problems: LineProblem[] = []
  for (const { line, cells } of rows) {
    const [childId = '', schoolName = '', unitName = '', date = ''] = places.map((place) => cells[place] ?? '')
    const [child, day] = [children.get(childId), parseDay(date)]
    const unit = units.find(({ id, name }) => id === unitName || name.toLocaleLowerCase('fr') === unitName.toLocaleLowerCase('fr'))
    const before = problems.length
    if (child === undefined) problems.push({ line, text: c.t('booking.import.problem.child', { value: childId.slice(0, 80) }) })
    if (schoolName !== '' && !schools.some(({ name }) => name.toLocaleLowerCase('fr') === schoolName.toLocaleLowerCase('fr'))) problems.push({ line, text: c.t('booking.import.problem.school', { value: schoolName.slice(0, 80) }) })
    if (unit === undefined) problems.push({ line, text: c.t('booking.import.problem.unit', { value: unitName.slice(0, 80) }) })
    if (day === undefined) problems.push({ line, text: c.t('booking.import.problem.day', { value: date.slice(0, 80) }) })
    if (problems.length === before && child !== undefined && unit !== undefined && day !== undefined) wishes.push({ line, child, unitId: unit.id, day, wish: 'add' })
  }
  return { wishes, problems }
}

class NothingImported extends Error {}

/** Bookings in and out as files for a spreadsheet, and the list of households. */
export function registerBookingsCsv(k: CanteenRegistrar): void {
  k.form({
    path: '/gestion/importer', audience: 'agent', permission: 'booking.manage', title: 'booking.import.title', intro: 'booking.import.intro', submit: 'booking.import.submit',
    schema: Type.Object({ file: Upload({ accept: ['text/csv', 'text/plain'], maxBytes: 2_000_000 }), whenFaulty: Choice(['nothing', 'good']) }),
  }, async (c, { file, whenFaulty }) => {
    const stored = await c.files.get(file.id)
    const bytes = stored === undefined ? new Uint8Array() : await stored.bytes()
    // The file names children and has served.
    await c.files.delete(file.id)
    const { wishes, problems } = await readLines(c, bytes)
    const units = await readUnits(c.db)
    const all: LineProblem[] = [...problems]
    let imported = 0
    if (all.length === 0 || whenFaulty === 'good') {
      try {
        imported = await c.transaction(async (tx) => {
          const outcomes = await fulfil(c, tx, wishes, { asker: 'agent', origin: 'import' })
          for (const outcome of outcomes) if (!outcome.ok) all.push({ line: (outcome as typeof outcome & { readonly line: number }).line, text: refusalWords(c, outcome.refusal, units.get(outcome.unitId), outcome.day) })
          if (all.length > 0 && whenFaulty === 'nothing') throw new NothingImported()
          return outcomes.filter(({ ok }) => ok).length
        })
      } catch (error) {
        if (!(error instanceof NothingImported)) throw error
      }
    }
    const id = c.id()
    await c.db.insertInto('import_report').values({ id, made_at: c.now().toISOString(), imported, problems: JSON.stringify(all.toSorted((a, b) => a.line - b.line).slice(0, 500)) }).execute()
    await c.audit('bookings.imported', id, { imported, problems: all.length })
    return c.redirect(`/gestion/importer/${id}`)
  }, async () => ({ whenFaulty: 'nothing' }))

  k.page({ path: '/gestion/importer/:id', audience: 'agent', permission: 'booking.manage', title: 'booking.import.report' }, async (c, { params }) => {
    const report = await c.db.selectFrom('import_report').selectAll().where('id', '=', params['id'] ?? '').executeTakeFirst()
    if (report === undefined) return c.notFound()
    const problems = JSON.parse(report.problems) as readonly LineProblem[]
    return (
      <Page title={c.t('booking.import.report')} breadcrumb={[{ label: c.t('booking.dashboard.title'), href: c.url('/gestion') }]} actions={<ButtonLink href={c.url('/gestion/importer')}>{c.t('booking.import.title')}</ButtonLink>}>
        <Notice kind={problems.length === 0 ? 'success' : 'warning'} title={c.t('booking.import.counts', { imported: report.imported, faulty: problems.length })} />
        {problems.length > 0 && <DataTable caption={c.t('booking.import.problems')} rows={problems} columns={[{ key: 'line', header: c.t('booking.import.line'), numeric: true }, { key: 'text', header: c.t('booking.import.problem') }]} />}
      </Page>
    )
  })

  k.route({
    method: 'GET', path: '/gestion/export/reservations.csv', audience: 'agent', permission: 'booking.manage', summary: 'Réservations d’une période (CSV)', response: { 200: TextBody('text/csv') },
    query: Type.Object({ du: Type.Optional(Type.String({ format: 'date' })), au: Type.Optional(Type.String({ format: 'date' })) }),
  }, async (c, { query }) => {
    const from = query.du ?? c.today()
    const to = query.au ?? addDays(from, 6)
    const rows = await c.db.selectFrom('booking').selectAll().where('day', '>=', from).where('day', '<=', to).orderBy('day').orderBy('unit_id').orderBy('id').limit(50_000).execute()
    const [units, schools] = [await readUnits(c.db), new Map((await c.use(Families).schools({})).map(({ id, name }) => [id, name]))]
    const ids = [...new Set(rows.map(({ child_id }) => child_id))]
    const children = new Map<string, ChildCard>()
    for (let start = 0; start < ids.length; start += 1_000) for (const child of await c.use(Families).children({ ids: ids.slice(start, start + 1_000), on: from })) children.set(child.id, child)
    await c.audit('bookings.exported', 'booking', { count: rows.length })
    const lines = rows.map((row) => {
      const child = children.get(row.child_id)
      return [row.child_id, child?.lastName ?? '', child?.firstName ?? '', schools.get(child?.schoolId ?? '') ?? '', units.get(row.unit_id)?.name ?? '', row.day, c.t(`booking.state.${row.state}`), row.late === 1 ? 'oui' : 'non']
    })
    return c.reply(200, writeCsv(['Enfant', 'Nom', 'Prénom', 'École', 'Activité', 'Date', 'État', 'Tardive'], lines), { 'content-disposition': `attachment; filename="reservations-${from}-${to}.csv"` })
  })

  k.page({ path: '/gestion/foyers', audience: 'agent', permission: 'booking.manage', title: 'booking.households.title', query: Type.Object({ apres: Type.Optional(Type.String({ maxLength: 200 })) }) }, async (c, { query }) => {
    const households = await c.use(Families).households({ limit: 100, ...(query.apres === undefined ? {} : { after: query.apres }) })
    return (
      <Page title={c.t('booking.households.title')} breadcrumb={[{ label: c.t('booking.dashboard.title'), href: c.url('/gestion') }]}
        actions={<><ButtonLink href={c.url('/gestion/export/reservations.csv')}>{c.t('booking.export.week')}</ButtonLink>{households.length === 100 && <ButtonLink href={c.url('/gestion/foyers', { apres: households.at(-1)?.id })}>{c.t('booking.households.more')}</ButtonLink>}</>}>
        <DataTable caption={c.t('booking.households.title')} rows={households} rowKey={({ id }) => id} columns={[
          { key: 'name', header: c.t('booking.column.household'), cell: ({ id, name }) => <a href={c.url(`/gestion/foyers/${id}/semaine`)}>{name}</a> },
          { key: 'children', header: c.t('booking.column.child'), cell: ({ children }) => children.map(({ firstName }) => firstName).join(', ') },
        ]} />
      </Page>
    )
  })

  k.schedule({ id: 'forget-booking-imports', cron: '35 3 * * *', timeoutMs: 30_000 }, async (c) => {
    await c.db.deleteFrom('import_report').where('made_at', '<', addDays(c.today(), -DAYS_KEPT)).execute()
  })
}
