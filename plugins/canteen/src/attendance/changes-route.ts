import { Choice, Type } from '@liberacces/sdk'
import type { CanteenRegistrar } from '../canteen-types.ts'
import { correctedMoment, MARKS } from './mark.ts'
import { recordEntries } from './record.ts'

const Instant = Type.String({ format: 'date-time' })
const Id = Type.String({ minLength: 1, maxLength: 200 })
/** What a device sends: entries with ids of its own, and its clock. */
const Changes = Type.Object({
  sentAt: Instant,
  changes: Type.Array(Type.Object({
    id: Type.String({ pattern: '^[0-9a-f-]{36}$' }), childId: Id, unitId: Id, day: Type.String({ format: 'date' }), mark: Choice(MARKS), recordedAt: Instant,
    arrivedAt: Type.Optional(Instant), leftAt: Type.Optional(Instant), seen: Type.Optional(Type.String({ maxLength: 200 })),
  }), { minItems: 1, maxItems: 200 }),
})
const Results = Type.Object({ results: Type.Array(Type.Object({
  id: Type.String(), outcome: Choice(['applied', 'superseded', 'duplicate', 'refused']), reason: Type.Optional(Type.String()),
  conflictWith: Type.Optional(Type.Object({ name: Type.String(), mark: Choice(MARKS), recordedAt: Type.String() })),
})) })

/** Takes what was recorded without a network. Sending the same again does no harm; an answer for each entry says what came of it. */
export function registerChangesRoute(k: CanteenRegistrar): void {
  k.route({ method: 'POST', path: '/pointage/changements', audience: 'agent', permission: 'attendance.record', summary: 'Record attendance from a device', body: Changes, response: { 200: Results } }, async (c, { body }) => {
    const [received, sent] = [c.now(), new Date(body.sentAt)]
    const moment = (instant: string): string => correctedMoment(new Date(instant), sent, received).toISOString()
    const results = await recordEntries(c, body.changes.map(({ recordedAt, arrivedAt, leftAt, seen, ...change }) => ({
      ...change, recordedAt: moment(recordedAt), arrivedAt: arrivedAt === undefined ? undefined : moment(arrivedAt), leftAt: leftAt === undefined ? undefined : moment(leftAt), seen,
    })))
    return c.reply(200, { results: results.map(({ conflictWith, ...one }) => ({ ...one, ...(conflictWith === undefined ? {} : { conflictWith: { ...conflictWith } }) })) })
  })
}
