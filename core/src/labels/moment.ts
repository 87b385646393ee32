import { Type } from '@sinclair/typebox'

/** A moment in UTC, ISO 8601 to the second or finer. */
export const Moment = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?Z$', maxLength: 32 })
