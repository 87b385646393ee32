import { addDays } from '@liberacces/sdk'

/** Days that are billed together. */
export interface BilledPeriod { readonly firstDay: string; readonly lastDay: string }

/** What a régie has billed on a day and what it is about to bill: whole months of the school year, so that the later one is drafted while the earlier is paid. */
export function billedPeriods(firstDay: string, lastDay: string, today: string): { readonly published: BilledPeriod | undefined; readonly draft: BilledPeriod } {
  const months: BilledPeriod[] = []
  for (let first = firstDay; first <= lastDay && first <= today; first = nextMonth(first)) months.push({ firstDay: first, lastDay: addDays(nextMonth(first), -1) })
  const over = months.filter((month) => month.lastDay < today)
  const [last, before] = [over.at(-1), over.at(-2)]
  if (last !== undefined && before !== undefined) return { published: before, draft: last }
  const current = months.at(-1) ?? { firstDay, lastDay: addDays(nextMonth(firstDay), -1) }
  return { published: last, draft: current }
}

/** The first of the month after a first of a month. */
function nextMonth(first: string): string {
  return `${addDays(first, 31).slice(0, 7)}-01`
}
