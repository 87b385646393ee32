import { InvalidArgumentError } from 'commander'
import { startOfDay } from '../sites/start-of-day.ts'

/** Reads a day, which begins where people read the time, or an instant with its zone. */
export function moment(text: string): number {
  const at = startOfDay(text) ?? (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN)
  if (Number.isNaN(at)) throw new InvalidArgumentError('It must be a day such as 2026-11-26, which begins at midnight in Paris, or an instant such as 2026-11-26T10:00:00Z.')
  return at
}
