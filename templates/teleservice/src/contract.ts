/** What other plugins may import. Nothing here runs. */
import { Choice, defineEvent, Type } from '@liberacces/sdk'
import { DECISIONS, PURPOSES } from './permit-request.ts'

/** A citizen has sent a request. */
export const RequestReceived = defineEvent(
  'org.example.street-permit.request-received/v1',
  Type.Object({ id: Type.String(), purpose: Choice(PURPOSES) }),
  { subject: 'id' },
)

/** An agent has decided on it. */
export const RequestDecided = defineEvent(
  'org.example.street-permit.request-decided/v1',
  Type.Object({ id: Type.String(), decision: Choice(DECISIONS), decidedAt: Type.String({ format: 'date-time' }) }),
  { subject: 'id' },
)
