import { Choice, LongText, Type } from '@liberacces/sdk'
import { GuichetService } from '@liberacces/sdk/slots'
import { addReport } from '../reports.ts'
import { KINDS } from '../road-problem.ts'
import type { RoadReportRegistrar } from '../road-report-types.ts'

/** The fields of the form. Their labels are the messages `field.<name>`, their hints `field.<name>.hint`. */
const Fields = Type.Object({
  kind: Choice(KINDS),
  place: Type.String({ minLength: 3, maxLength: 200 }),
  details: LongText({ minLength: 5, maxLength: 2_000 }),
})

/** The form for everyone. It does not ask the application: that may be away, and the citizen need not know. */
export function registerReportForm(k: RoadReportRegistrar): void {
  k.contribute(GuichetService, { title: 'page.report', category: 'commune', href: '/', description: 'service.description', icon: 'megaphone' })
  k.form({ path: '/', audience: 'public', schema: Fields, title: 'page.report', intro: 'page.report.intro', submit: 'action.send' }, async (c, data) => {
    await addReport(c, data)
    return c.redirect('/', 'notice.sent')
  })
}
