import { addDays, Choice, Type, Upload } from '@liberacces/sdk'
import type { CanteenContext, CanteenRegistrar } from '../canteen-types.ts'
import { BookingsImporting } from '../contract.ts'
import { importBookings, importStep } from './import-bookings.ts'
import { WHEN_FAULTY } from './import-report.ts'
import { registerReport } from './report-pages.tsx'

const FORM = '/gestion/importer'
/** Days for which a report is kept. */
const DAYS_KEPT = 30
/** Days after which a file that was not read to its end is forgotten. */
const FILE_DAYS = 2

/** Bookings from a file, with a report. */
export function registerImports(k: CanteenRegistrar): void {
  k.form({
    path: FORM, audience: 'agent', permission: 'booking.manage', title: 'booking.import.title', intro: 'booking.import.intro', submit: 'booking.import.submit',
    schema: Type.Object({ file: Upload({ accept: ['text/csv', 'text/plain'], maxBytes: 2_000_000 }), whenFaulty: Choice(WHEN_FAULTY) }),
  }, async (c, { file, whenFaulty }) => c.redirect(`${FORM}/${await importBookings(c, file.id, whenFaulty)}`), async () => ({ whenFaulty: 'nothing' as const }))
  registerReport(k, { kind: 'bookings', path: FORM, permission: 'booking.manage', crumbs: (c) => [{ label: c.t('booking.dashboard.title'), href: c.url('/gestion') }] })
  k.on(BookingsImporting, async (c, { data }) => { await importStep(c, data.reportId, data.after) }, { timeoutMs: 60_000 })
  k.schedule({ id: 'forget-imports', cron: '35 3 * * *', timeoutMs: 30_000 }, forgetImports)
}

/** Forgets old reports, and files that name children and could not be read to their end. */
async function forgetImports(c: CanteenContext): Promise<void> {
  const stuck = await c.db.selectFrom('import_report').select(['id', 'file_id']).where('file_id', 'is not', null).where('made_at', '<', addDays(c.today(), -FILE_DAYS)).limit(100).execute()
  for (const { id, file_id: fileId } of stuck) {
    if (fileId !== null) await c.files.delete(fileId)
    await c.db.updateTable('import_report').set({ file_id: null }).where('id', '=', id).execute()
  }
  await c.db.deleteFrom('import_report').where('made_at', '<', addDays(c.today(), -DAYS_KEPT)).execute()
}
