import { addDays } from '@liberacces/sdk'
import holidaysOf from '@socialgouv/jours-feries'

const years = new Map<string, ReadonlyMap<string, string>>()

/** The name of a public holiday, or nothing. Alsace and Moselle have two more: Vendredi saint and 26 December. */
export function publicHoliday(day: string, alsaceMoselle: boolean): string | undefined {
  const key = `${day.slice(0, 4)} ${alsaceMoselle}`
  const known = years.get(key) ?? new Map(Object.entries(holidaysOf(Number(day.slice(0, 4)), { alsace: alsaceMoselle })).map(([name, date]) => [localDay(date), name]))
  years.set(key, known)
  return known.get(day)
}

/** The library makes midnights of the machine's own time zone; half a day on it is the same day in any. */
function localDay(date: Date): string {
  const noon = new Date(date.getTime() + 43_200_000)
  return addDays(`${noon.getFullYear()}-01-01`, Math.round((Date.UTC(noon.getFullYear(), noon.getMonth(), noon.getDate()) - Date.UTC(noon.getFullYear(), 0, 1)) / 86_400_000))
}
