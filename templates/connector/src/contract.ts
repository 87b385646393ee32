/** What other plugins may import. Nothing here runs. */
import { Choice, defineEvent, Type } from '@liberacces/sdk'
import { KINDS } from './road-problem.ts'

/** The application has taken a report. */
export const ReportHandedOver = defineEvent(
  'org.example.road-report.handed-over/v1',
  Type.Object({ id: Type.String(), kind: Choice(KINDS), reference: Type.String() }),
  { subject: 'id' },
)
